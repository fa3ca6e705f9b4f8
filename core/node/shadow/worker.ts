/** Worker thread that hosts one shadow. Speaks the messages of `thread.ts`. */
import { parentPort } from 'node:worker_threads';
import type { Shadow } from '../../shadow/shadow.ts';
import { PostgresShadow } from './postgres.ts';
import { SqliteShadow } from './sqlite.ts';
import type { ShadowAnswer, ShadowRequest } from './thread.ts';

let shadow: Shadow | undefined;

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
      return shadow.snapshot();
    case 'image':
      return shadow.image();
    case 'close':
      return shadow.close();
  }
}

parentPort?.on('message', ({ id, call }: ShadowRequest) => {
  answer(call).then(
    (result) => parentPort?.postMessage({ id, result } satisfies ShadowAnswer),
    (error: unknown) =>
      parentPort?.postMessage({
        id,
        error: error instanceof Error ? error.message : String(error),
      } satisfies ShadowAnswer),
  );
});
