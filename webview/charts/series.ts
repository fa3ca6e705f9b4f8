/** Time series for charts: every step of the time axis, also those in which nothing happened. */
import type { Statistics, TimeBucket } from '../../core/contract/statistics.ts';

type Bucket = Statistics['bucket'];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** 1970 began on a Thursday; weeks begin on a Monday. */
const FIRST_MONDAY = 4 * DAY;
/** A longer axis is not filled up; gaps are then where nothing happened. */
const MOST_STEPS = 2_000;

/**
 * The series from `from` to its last bucket, with a bucket of zeros for each step that had no event. Without `from` it is
 * as long as there were migrations: what else was recorded before and after would only push them together.
 */
export function filledSeries(
  series: readonly TimeBucket[],
  bucket: Bucket,
  from: string | undefined,
): TimeBucket[] {
  const byTime = new Map(series.map((one) => [Date.parse(one.at), one]));
  const times = series
    .filter(({ migrations }) => from !== undefined || migrations > 0)
    .map(({ at }) => Date.parse(at));
  if (times.length === 0) return [];
  const first = Math.min(...times, ...(from === undefined ? [] : [startOf(Date.parse(from), bucket)]));
  const last = Math.max(...times);
  const filled: TimeBucket[] = [];
  for (let at = first; at <= last; at = next(at, bucket)) {
    if (filled.length > MOST_STEPS) return [...series];
    filled.push(byTime.get(at) ?? { at: new Date(at).toISOString(), events: 0, migrations: 0, failures: 0 });
  }
  return filled;
}

/** How many steps with durations, at most, say what is usual for the next. */
export const USUAL_STEPS = 8;
/** With fewer nothing is usual yet. */
const FEWEST_STEPS = 3;

/**
 * What was usual before each step, from the lowest median to the highest 95th percentile of the steps before it. Nothing
 * of the step itself, so that it can be compared.
 */
export function usualRange(series: readonly TimeBucket[]): ({ low: number; high: number } | undefined)[] {
  const before: { p50: number; p95: number }[] = [];
  return series.map(({ p50, p95 }) => {
    const latest = before.slice(-USUAL_STEPS);
    if (p50 !== undefined && p95 !== undefined) before.push({ p50, p95 });
    if (latest.length < FEWEST_STEPS) return undefined;
    return {
      low: Math.min(...latest.map((step) => step.p50)),
      high: Math.max(...latest.map((step) => step.p95)),
    };
  });
}

/** Beginning of the bucket that a time is in, in UTC. */
function startOf(at: number, bucket: Bucket): number {
  if (bucket === 'month') return monthStart(at, 0);
  if (bucket === 'week') return Math.floor((at - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY;
  const step = bucket === 'day' ? DAY : HOUR;
  return Math.floor(at / step) * step;
}

function next(at: number, bucket: Bucket): number {
  if (bucket === 'month') return monthStart(at, 1);
  return at + (bucket === 'week' ? WEEK : bucket === 'day' ? DAY : HOUR);
}

function monthStart(at: number, later: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1);
}
