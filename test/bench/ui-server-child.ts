/** Engine, API and built pages on a data folder, for `ui/main.ts`: prints where, ends on a signal. */
import { serve } from '../../core/node/cli/dashboard.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';

const session = await Session.open(new DataFolder(process.argv[2] ?? ''));
const { url, base, close } = await serve(session, 0);
process.on('SIGTERM', async () => {
  await close();
  await session.close('measured');
  process.exit(0);
});
process.stdout.write(`${JSON.stringify({ url, base, token: session.folder.token() })}\n`);
