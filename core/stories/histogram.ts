/** Events over time by status: one pass over columns, or over what was found where a text is looked for. */
import type { Params, Result } from '../contract/methods.ts';
import { eachStretch, spanOfEvents } from '../store/aggregates.ts';
import { STATUSES } from '../store/encode.ts';
import type { EventReader } from '../store/event-reader.ts';
import { type FoundTexts, statusOf, timeOf } from './found-texts.ts';

type Buckets = Result<'events.histogram'>;
type Asked = Params<'events.histogram'>;

const BUCKETS = 60;
const SECOND = 1_000;

/** Earliest and latest time of the events that match; undefined without any. */
interface KnownSpan {
  first: number | undefined;
  last: number | undefined;
}

/** Without `from` it begins at the first event that matches, without `to` it ends after the last one. */
export async function histogram(
  reader: EventReader,
  texts: FoundTexts,
  { buckets = BUCKETS, ...filter }: Asked,
  now: number,
): Promise<Buckets> {
  if (filter.text === undefined && filter.correlationId === undefined) {
    const whole = filter.from !== undefined && filter.to !== undefined;
    const axis = axisOf(filter, whole ? undefined : spanOfEvents(reader, filter), buckets, now);
    eachStretch(reader, filter, ({ ts, kind }, first, last) => {
      for (let row = first; row < last; row++) axis.add(ts[row] as number, (kind[row] as number) & 3);
    });
    return axis.result();
  }
  const found = await texts.of(filter);
  const axis = axisOf(filter, spanOfFound(found, filter), buckets, now);
  for (const one of found) axis.add(timeOf(one), statusOf(one));
  return axis.result();
}

/** Of the events between the filter's times. */
function spanOfFound(found: readonly number[], { from, to }: Asked): KnownSpan {
  const begin = from ? Date.parse(from) : Number.NEGATIVE_INFINITY;
  const end = to ? Date.parse(to) : Number.POSITIVE_INFINITY;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const one of found) {
    const at = timeOf(one);
    if (at < begin || at >= end) continue;
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return first > last ? { first: undefined, last: undefined } : { first, last };
}

/** The buckets, empty, and what puts an event into its own; what is outside of them is left out. */
function axisOf(filter: Asked, known: KnownSpan | undefined, buckets: number, now: number) {
  const from = filter.from ? Date.parse(filter.from) : (known?.first ?? now);
  const end = filter.to ? Date.parse(filter.to) : Math.max((known?.last ?? now) + 1, from + 1);
  // A whole number of seconds, unless the whole lasts less than that.
  const exact = Math.max(1, (end - from) / buckets);
  const bucketMs = Math.ceil(exact < SECOND ? exact : Math.ceil(exact / SECOND) * SECOND);
  const count = Math.max(1, Math.min(buckets, Math.ceil((end - from) / bucketMs)));
  const counts = new Uint32Array(count * STATUSES.length);
  return {
    add(at: number, status: number): void {
      const bucket = Math.floor((at - from) / bucketMs);
      if (at >= end || bucket < 0 || bucket >= count) return;
      const place = bucket * STATUSES.length + status;
      counts[place] = (counts[place] as number) + 1;
    },
    result: (): Buckets => ({
      from: new Date(from).toISOString(),
      to: new Date(end).toISOString(),
      bucketMs,
      buckets: Array.from({ length: count }, (_, bucket) => {
        const at = (status: number) => counts[bucket * STATUSES.length + status] as number;
        const [ok, warning, error, unknown] = [at(0), at(1), at(2), at(3)];
        return { at: new Date(from + bucket * bucketMs).toISOString(), ok, warning, error, unknown };
      }),
    }),
  };
}
