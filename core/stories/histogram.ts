/** Events over time by status: one pass over columns. */
import type { Params, Result } from '../contract/methods.ts';
import { eachStretch, spanOfEvents } from '../store/aggregates.ts';
import { STATUSES } from '../store/encode.ts';
import type { EventReader } from '../store/event-reader.ts';

const BUCKETS = 60;
const SECOND = 1_000;

/** Without `from` it begins at the first event that matches, without `to` it ends after the last one. */
export function histogram(
  reader: EventReader,
  { buckets = BUCKETS, ...filter }: Params<'events.histogram'>,
  now: number,
): Result<'events.histogram'> {
  const known = filter.from && filter.to ? undefined : spanOfEvents(reader, filter);
  const from = filter.from ? Date.parse(filter.from) : (known?.first ?? now);
  const end = filter.to ? Date.parse(filter.to) : Math.max((known?.last ?? now) + 1, from + 1);
  // A whole number of seconds, unless the whole lasts less than that.
  const exact = Math.max(1, (end - from) / buckets);
  const bucketMs = Math.ceil(exact < SECOND ? exact : Math.ceil(exact / SECOND) * SECOND);
  const count = Math.max(1, Math.min(buckets, Math.ceil((end - from) / bucketMs)));
  const counts = new Uint32Array(count * STATUSES.length);
  eachStretch(reader, filter, ({ ts, kind }, first, last) => {
    for (let row = first; row < last; row++) {
      const bucket = Math.floor(((ts[row] as number) - from) / bucketMs);
      if (bucket < 0 || bucket >= count) continue;
      const place = bucket * STATUSES.length + ((kind[row] as number) & 3);
      counts[place] = (counts[place] as number) + 1;
    }
  });
  return {
    from: new Date(from).toISOString(),
    to: new Date(end).toISOString(),
    bucketMs,
    buckets: Array.from({ length: count }, (_, bucket) => {
      const at = (status: number) => counts[bucket * STATUSES.length + status] as number;
      const [ok, warning, error, unknown] = [at(0), at(1), at(2), at(3)];
      return { at: new Date(from + bucket * bucketMs).toISOString(), ok, warning, error, unknown };
    }),
  };
}
