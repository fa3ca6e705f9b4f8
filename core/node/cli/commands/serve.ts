/** `aibos serve`: the pages and the API on this machine, until interrupted. */
import open from 'open';
import { TOKEN_VARIABLE } from '../../data-folder.ts';
import { type GlobalOptions, interruption, openSession } from '../context.ts';
import { serve } from '../dashboard.ts';
import { EXIT, print, printJson } from '../output.ts';

export interface ServeOptions extends GlobalOptions {
  port?: number;
  open?: boolean;
}

export async function serveCommand(options: ServeOptions): Promise<number> {
  const session = await openSession(options);
  let reason = 'serve failed';
  try {
    const { promise } = interruption();
    const served = await serve(session, options.port);
    const tokenFrom = process.env[TOKEN_VARIABLE] ? TOKEN_VARIABLE : session.folder.in('token');
    if (options.format === 'json') {
      printJson({ url: served.url, api: served.base, tokenFrom, owner: session.isOwner });
    } else {
      print(`Dashboard: ${served.url}`);
      print(`API:       ${served.base}/openapi.json  (token in ${tokenFrom})`);
      print('Press Ctrl-C to stop.');
    }
    if (options.open) await open(served.url);
    reason = await promise;
    await served.close();
    if (options.format === 'text') print('Stopped.');
    return EXIT.done;
  } finally {
    await session.close(reason);
  }
}
