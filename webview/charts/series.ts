/** Time series for charts: every step of the time axis, also those in which nothing happened. */
import type { Statistics, TimeBucket } from '../../core/contract/statistics.ts';

type Bucket = Statistics['bucket'];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FIXED = { hour: HOUR, day: DAY, week: 7 * DAY };
/** A longer axis is not filled up; gaps are then where nothing happened. */
const MOST_STEPS = 2_000;

/** The series with a bucket of zeros for each step between its first and its last that had no event. */
export function filledSeries(series: readonly TimeBucket[], bucket: Bucket): TimeBucket[] {
  const byTime = new Map(series.map((one) => [Date.parse(one.at), one]));
  const times = [...byTime.keys()];
  const first = Math.min(...times);
  const last = Math.max(...times);
  const filled: TimeBucket[] = [];
  for (let at = first; at <= last; at = next(at, bucket)) {
    if (filled.length > MOST_STEPS) return [...series];
    filled.push(byTime.get(at) ?? { at: new Date(at).toISOString(), events: 0, migrations: 0, failures: 0 });
  }
  return filled;
}

function next(at: number, bucket: Bucket): number {
  if (bucket !== 'month') return at + FIXED[bucket];
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
