/** `aibos start PATH`: import, train, summary, dashboard. The main job. */
import type { TelemetryClient } from '../../../contract/client.ts';
import { summarise } from '../../../report/summary.ts';
import { summaryText } from '../../../report/summary-text.ts';
import type { Session } from '../../engine/session.ts';
import { type GlobalOptions, interruption, openSession } from '../context.ts';
import { openDesktop, type Served, serve } from '../dashboard.ts';
import { EXIT, ProgressLine, print, printJson, terminalStyle } from '../output.ts';
import { importWithProgress, nothingFound, notRead } from './import.ts';

export interface StartOptions extends GlobalOptions {
  /** Ends after the summary. */
  once?: boolean;
  port?: number;
}

export async function startCommand(root: string, options: StartOptions): Promise<number> {
  const session = await openSession(options);
  const { promise, interrupted } = interruption();
  let reason = 'start finished';
  try {
    const client = session.client();
    const result = await importWithProgress(root, session.folder, client, interrupted);
    if (interrupted()) {
      reason = 'interrupted';
      print('Stopped. What was imported so far is kept; start again to go on.');
      return EXIT.done;
    }
    for (const { path, message } of result.problems) process.stderr.write(`aibos: ${path}: ${message}\n`);
    if (result.histories.length === 0) {
      print(nothingFound(result));
      return EXIT.found;
    }
    const news = result.histories.reduce((sum, { imported }) => sum + imported, 0);
    if (news > 0) await train(client);
    const summary = await summarise(client, result.workspace);
    if (options.format === 'json') printJson(summary);
    else print([summaryText(summary, terminalStyle()), ...notRead(result.unread)].join('\n'));
    if (options.once || interrupted()) return EXIT.done;
    reason = await showDashboard(session, options, promise);
    print('Stopped.');
    return EXIT.done;
  } finally {
    await session.close(reason);
  }
}

async function train(client: TelemetryClient): Promise<void> {
  const line = new ProgressLine();
  line.show('Training the models…');
  try {
    await client.call('models.train', {});
  } finally {
    line.done('');
  }
}

/** The desktop app where there is one, else the page; until it is closed or interrupted. Returns why it ended. */
async function showDashboard(
  session: Session,
  options: StartOptions,
  interrupted: Promise<string>,
): Promise<string> {
  const served: Served = await serve(session, options.port);
  try {
    const desktop = openDesktop(session);
    print(`Dashboard: ${served.url}`);
    if (!desktop) {
      print('Press Ctrl-C to stop.');
      return await interrupted;
    }
    print('The desktop app is open; close it or press Ctrl-C to stop.');
    const closed = new Promise<string>((resolve) => desktop.once('exit', () => resolve('desktop closed')));
    const reason = await Promise.race([interrupted, closed]);
    desktop.kill();
    return reason;
  } finally {
    await served.close();
  }
}
