/** Worker thread that reads, checks, completes and encodes the events of large bodies, one body after another. */
import { parentPort, type Transferable } from 'node:worker_threads';
import { TelemetryError } from '../../contract/errors.ts';
import type { EncodedIntake } from '../../engine/recorder.ts';
import { uuidV7Source } from '../../events/ids.ts';
import { allRejected, eventsOfRequest, takeIn } from '../../events/take-in.ts';
import { encodeEvents } from '../../store/encode.ts';
import { nodePlatform } from '../platform.ts';
import { parseBody } from './body.ts';
import type { IntakeAnswer, IntakeRequest } from './thread.ts';

const newId = uuidV7Source(nodePlatform);

parentPort?.on('message', ({ id, body, trace, defaults }: IntakeRequest) => {
  let answer: IntakeAnswer;
  const transfer: Transferable[] = [];
  try {
    const intake = encode(body, { trace, defaults });
    transfer.push(...buffersOf(intake.events), ...buffersOf({ ids: intake.ids }));
    answer = { id, intake };
  } catch (error) {
    const known = TelemetryError.is(error) ? error : new TelemetryError('internal', String(error));
    answer = { id, problem: known.toProblem(trace.requestId) };
  }
  parentPort?.postMessage(answer, transfer);
});

function encode(body: Uint8Array, context: Pick<IntakeRequest, 'trace' | 'defaults'>): EncodedIntake {
  const { events: inputs, single } = eventsOfRequest(parseBody(body));
  const { events, rejected } = takeIn(inputs, { ...context, newId, now: nodePlatform.now });
  if (events.length === 0) throw allRejected(rejected, single);
  const ids = nodePlatform.encodeUtf8(JSON.stringify(events.map(({ id }) => id)));
  return { events: encodeEvents(events, nodePlatform), ids, rejected };
}

function buffersOf(values: object): ArrayBuffer[] {
  return Object.values(values).flatMap((value) =>
    ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : [],
  );
}
