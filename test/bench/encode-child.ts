/** What the intake's thread does, without checking and redacting: the peers do neither. */
import { parentPort, type Transferable } from 'node:worker_threads';
import type { IntakeAnswer, IntakeRequest } from '../../core/node/intake/thread.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { encodeEvents, type UnstoredEvent } from '../../core/store/encode.ts';

parentPort?.on('message', ({ id, body }: IntakeRequest) => {
  const parsed = JSON.parse(Buffer.from(body.buffer).toString('utf8')) as UnstoredEvent[];
  const events = encodeEvents(parsed, nodePlatform);
  const answer: IntakeAnswer = { id, intake: { events, ids: new Uint8Array(0), rejected: [] } };
  const buffers = Object.values(events).flatMap((value) => (ArrayBuffer.isView(value) ? [value.buffer] : []));
  parentPort?.postMessage(answer, buffers as Transferable[]);
});
