/**
 * The engine of the desktop app, in a utility process of its own: a crash or a long training stops no window. Which data
 * folder it serves stands in the environment, as for every other part.
 */
import type { ParentPort } from 'electron';
import { openSession } from '../../core/node/cli/context.ts';
import type { Session } from '../../core/node/engine/session.ts';
import { EngineHost } from './engine-host.ts';
import { importerOf } from './import.ts';
import type { ToHost } from './messages.ts';

const port: ParentPort = process.parentPort;
let session: Session;
const host = new EngineHost(
  async (print) => {
    session = await openSession({}, { print });
    return session;
  },
  (message) => port.postMessage(message),
  importerOf(() => session),
);

port.on('message', ({ data }: { data: ToHost }) => {
  if (data.kind === 'close') void end(data.reason);
  else void host.handle(data);
});
process.on('SIGTERM', () => void end('SIGTERM'));
// Ctrl-C in a terminal reaches this process too; the main process says when to close.
process.on('SIGINT', () => undefined);

async function end(reason: string): Promise<void> {
  await host.close(reason);
  process.exit(0);
}
