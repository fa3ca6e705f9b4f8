/** Counts, durations and failures over a timeframe, for the overview and the report. */
import type { Params } from '../contract/methods.ts';
import type { Statistics, Tally, TimeBucket } from '../contract/statistics.ts';
import { quantileInPlace, significant } from '../numbers.ts';
import {
  type ColumnFilter,
  durationsByOperation,
  eachStretch,
  spanOfEvents,
  tallyKinds,
  tallyNames,
  tallyTables,
} from '../store/aggregates.ts';
import { statusCode, typeCode } from '../store/encode.ts';
import type { EventReader } from '../store/event-reader.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST_ROWS = 20;
const MOST_WORKSPACES = 200;

type Bucket = Statistics['bucket'];

/**
 * Without `from` it begins at the first event, without `to` it ends after the last one. Buckets are in UTC; weeks begin
 * on Monday.
 */
export function statistics(reader: EventReader, params: Params<'stats.get'>, now: number): Statistics {
  const { bucket: wanted, ...filter } = params;
  const { first, last, count } = spanOfEvents(reader, filter);
  const from = params.from ? Date.parse(params.from) : (first ?? now);
  const to = params.to ? Date.parse(params.to) : Math.max((last ?? now) + 1, from + 1);
  const bucket = wanted ?? bucketFor(to - from);
  const { types, statuses } = tallyKinds(reader, filter);
  const buckets = countByTime(reader, filter, bucket);
  const failedMigrations: ColumnFilter = { ...filter, type: ['migration_execution'], status: ['error'] };
  return {
    timeframe: { from: iso(from), to: iso(to) },
    events: count,
    ...(first === undefined ? {} : { firstAt: iso(first) }),
    ...(last === undefined ? {} : { lastAt: iso(last) }),
    byType: tallies(types),
    bySource: tallies(tallyNames(reader, filter, 'source')),
    byStatus: tallies(statuses),
    workspaces: tallies(tallyNames(reader, filter, 'workspace'), MOST_WORKSPACES),
    migrations: migrationTotals(buckets),
    durations: durationSummaries(reader, filter),
    tables: tallies(tallyTables(reader, filter)),
    errors: tallies(tallyNames(reader, failedMigrations, 'problem')),
    bucket,
    series: seriesOf(buckets),
  };
}

function tallies(counts: readonly [string, number][], most = MOST_ROWS): Tally[] {
  return counts.slice(0, most).map(([name, count]) => ({ name, count }));
}

/** Fine enough for about a hundred points. */
function bucketFor(span: number): Bucket {
  if (span <= 3 * DAY) return 'hour';
  if (span <= 120 * DAY) return 'day';
  if (span <= 730 * DAY) return 'week';
  return 'month';
}

function migrationTotals(buckets: ReadonlyMap<number, BucketCounts>): Statistics['migrations'] {
  const totals = { total: 0, succeeded: 0, failed: 0 };
  let known = 0;
  for (const { migrations, succeeded, failures, durations } of buckets.values()) {
    totals.total += migrations;
    totals.succeeded += succeeded;
    totals.failed += failures;
    known += durations.length;
  }
  const all = new Float64Array(known);
  let next = 0;
  for (const { durations } of buckets.values()) {
    all.set(durations, next);
    next += durations.length;
  }
  return {
    ...totals,
    other: totals.total - totals.succeeded - totals.failed,
    ...(known === 0
      ? {}
      : {
          durationP50: significant(quantileInPlace(all, 0.5)),
          durationP95: significant(quantileInPlace(all, 0.95)),
        }),
  };
}

/** By operation of the statements that ran, slowest 95th percentile first. */
function durationSummaries(reader: EventReader, filter: ColumnFilter): Statistics['durations'] {
  return durationsByOperation(reader, { ...filter, type: ['schema_operation'] }, [0.5, 0.95])
    .map(({ operation, count, failures, quantiles: [p50 = 0, p95 = 0], max }) => ({
      operation,
      count,
      failures,
      p50: significant(p50),
      p95: significant(p95),
      max: significant(max),
    }))
    .sort((a, b) => b.p95 - a.p95)
    .slice(0, MOST_ROWS);
}

interface BucketCounts {
  events: number;
  migrations: number;
  succeeded: number;
  failures: number;
  durations: number[];
}

/** One pass; buckets by the time at which they begin. */
function countByTime(
  reader: EventReader,
  filter: ColumnFilter,
  bucket: Bucket,
): ReadonlyMap<number, BucketCounts> {
  const migration = typeCode('migration_execution');
  const [ok, error] = [statusCode('ok'), statusCode('error')];
  const buckets = new Map<number, BucketCounts>();
  eachStretch(reader, filter, ({ ts, kind, duration }, from, to) => {
    let begin = Number.NaN;
    let end = Number.NaN;
    let here: BucketCounts = { events: 0, migrations: 0, succeeded: 0, failures: 0, durations: [] };
    for (let row = from; row < to; row++) {
      const at = ts[row] as number;
      if (!(at >= begin && at < end)) {
        begin = startOf(at, bucket);
        end = endOf(begin, bucket);
        here = buckets.get(begin) ?? { events: 0, migrations: 0, succeeded: 0, failures: 0, durations: [] };
        buckets.set(begin, here);
      }
      here.events++;
      const kindHere = kind[row] as number;
      if (kindHere >> 2 !== migration) continue;
      here.migrations++;
      const status = kindHere & 3;
      if (status === ok) here.succeeded++;
      else if (status === error) here.failures++;
      const took = duration[row] as number;
      if (!Number.isNaN(took)) here.durations.push(took);
    }
  });
  return buckets;
}

function seriesOf(buckets: ReadonlyMap<number, BucketCounts>): TimeBucket[] {
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([at, { events, migrations, failures, durations }]) => {
      const values = Float64Array.from(durations);
      return {
        at: iso(at),
        events,
        migrations,
        failures,
        ...(values.length === 0
          ? {}
          : {
              p50: significant(quantileInPlace(values, 0.5)),
              p95: significant(quantileInPlace(values, 0.95)),
            }),
      };
    });
}

/** Beginning of the bucket that a time is in. */
export function startOf(ms: number, bucket: Bucket): number {
  if (bucket === 'hour') return Math.floor(ms / HOUR) * HOUR;
  if (bucket === 'day') return Math.floor(ms / DAY) * DAY;
  if (bucket === 'week') return Math.floor((ms - 4 * DAY) / (7 * DAY)) * 7 * DAY + 4 * DAY;
  const date = new Date(ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

/** Beginning of the bucket behind the one that begins at a time. */
export function endOf(begin: number, bucket: Bucket): number {
  if (bucket === 'month') return startOf(begin + 32 * DAY, 'month');
  return begin + { hour: HOUR, day: DAY, week: 7 * DAY }[bucket];
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
