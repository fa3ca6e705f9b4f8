/** The arithmetic of the timeline above the events: buckets, shares of the axis, times. Pure. */
import type { Result } from '../../core/contract/methods.ts';

export type Buckets = Result<'events.histogram'>;
export type Bucket = Buckets['buckets'][number];

/** A part of the axis, in buckets; `to` is the first that is not in it. */
export interface Span {
  from: number;
  to: number;
}

/** Events of a bucket. */
export function totalOf({ ok, warning, error, unknown }: Bucket): number {
  return ok + warning + error + unknown;
}

/** The buckets between two shares of the axis, in either order; at least one. */
export function spanOf(a: number, b: number, count: number): Span {
  const first = Math.floor(Math.min(a, b) * count);
  const last = Math.ceil(Math.max(a, b) * count);
  const from = Math.max(0, Math.min(count - 1, first));
  return { from, to: Math.max(from + 1, Math.min(count, last)) };
}

/** When a bucket begins; for the one after the last, when the axis ends. */
export function timeAt({ from, bucketMs }: Pick<Buckets, 'from' | 'bucketMs'>, bucket: number): string {
  return new Date(Date.parse(from) + bucket * bucketMs).toISOString();
}

/** Where a time is on the axis, 0 to 1; undefined outside of it. */
export function shareOf({ from, bucketMs, buckets }: Buckets, time: string): number | undefined {
  const length = bucketMs * buckets.length;
  const share = (Date.parse(time) - Date.parse(from)) / length;
  return length > 0 && share >= 0 && share <= 1 ? share : undefined;
}

/** The ends after a key: which of the two moves, and by how much. Undefined for keys that move nothing. */
export function spanAfterKey(span: Span, end: 'from' | 'to', key: string, count: number): Span | undefined {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -10,
    PageUp: 10,
    Home: -count,
    End: count,
  };
  const step = steps[key];
  if (step === undefined) return undefined;
  if (end === 'from') return { ...span, from: Math.max(0, Math.min(span.to - 1, span.from + step)) };
  return { ...span, to: Math.min(count, Math.max(span.from + 1, span.to + step)) };
}
