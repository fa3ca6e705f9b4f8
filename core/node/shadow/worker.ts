/** The process, or thread, that hosts one shadow. Speaks the messages of `process.ts`, and ends with the process that made it. */
import { parentPort } from 'node:worker_threads';
import { SnapshotSender } from '../../schema/snapshot-delta.ts';
import type { Shadow } from '../../shadow/shadow.ts';
import { PostgresShadow } from './postgres.ts';
import type { ShadowAnswer, ShadowRequest } from './process.ts';
import { SqliteShadow } from './sqlite.ts';

let shadow: Shadow | undefined;
const snapshots = new SnapshotSender();

async function answer({ method, args }: ShadowRequest['call']): Promise<unknown> {
  if (method === 'start') {
    const start = args[0] === 'sqlite' ? SqliteShadow.start : PostgresShadow.start;
    shadow = await start(args[1]);
    return shadow.version;
  }
  if (!shadow) throw new Error('the shadow has not been started');
  switch (method) {
    case 'prepare':
      return shadow.prepare(args[0]);
    case 'run':
      return shadow.run(args[0]);
    case 'snapshot':
      return snapshots.encode(await shadow.snapshot());
    case 'image':
      return shadow.image();
    case 'close':
      return shadow.close();
  }
}

const send = (message: ShadowAnswer) =>
  parentPort ? parentPort.postMessage(message) : process.send?.(message);

function receive({ id, call }: ShadowRequest): void {
  answer(call).then(
    (result) => send({ id, result }),
    (error: unknown) => send({ id, error: error instanceof Error ? error.message : String(error) }),
  );
}

if (parentPort) {
  parentPort.on('message', receive);
} else {
  // Ctrl-C reaches every process of a terminal; when this one ends is for the one that made it to say.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit());
  process.on('message', receive);
}
