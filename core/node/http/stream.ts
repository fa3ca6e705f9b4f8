/**
 * The live stream as server-sent events. The id of each is its sequence, so `Last-Event-ID` resumes without a gap. Between
 * them, without an id, {@link LEARNED}.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TelemetryError } from '../../contract/errors.ts';
import { type EventFilter, stream } from '../../contract/methods.ts';
import { check } from '../../events/validate.ts';
import type { Backend } from '../engine/host.ts';
import { queryParams } from './query.ts';

const HEARTBEAT_MS = 15_000;
/** A reader that is this far behind is cut off; it comes back with its Last-Event-ID and misses nothing. */
const MOST_BUFFERED_BYTES = 4 * 1024 * 1024;

/** Name of the notice that what outcomes taught the predictor is written: it was not recorded, so it is no event. */
export const LEARNED = 'learned';

/** Answers with a stream that stays open. Throws `invalid-request` for a filter or an id it does not understand. */
export function streamEvents(backend: Backend, request: FastifyRequest, reply: FastifyReply): void {
  const filter = queryParams(stream.params, request.query);
  const checked = check<Pick<EventFilter, 'type' | 'workspace'>>(stream.params, filter);
  if (!checked.ok)
    throw new TelemetryError('invalid-request', 'The filter is not valid.', { errors: checked.errors });
  const after = lastEventId(request);
  const out = reply.hijack().raw;
  out.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  out.write('retry: 1000\n\n');
  const heartbeat = setInterval(() => out.write(': still here\n\n'), HEARTBEAT_MS);
  const end = backend.subscribe(
    { ...(after === undefined ? {} : { after }), filter: checked.value },
    (event) => {
      if (out.writableLength > MOST_BUFFERED_BYTES) out.destroy();
      else out.write(`id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    },
  );
  const endLearned = backend.onLearned(() => out.write(`event: ${LEARNED}\ndata: {}\n\n`));
  out.on('close', () => {
    clearInterval(heartbeat);
    endLearned();
    end();
  });
}

function lastEventId(request: FastifyRequest): number | undefined {
  const given = request.headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given);
  throw new TelemetryError('invalid-request', 'Last-Event-ID must be the number of an event of this stream.');
}
