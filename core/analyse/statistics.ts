/** Counts, durations and failures over a timeframe, for the overview and the report. */
import type { Params } from '../contract/methods.ts';
import type { Statistics, Tally, TimeBucket } from '../contract/statistics.ts';
import { quantileSorted, significant } from '../numbers.ts';
import {
  type ColumnFilter,
  durationsByOperation,
  eachStretch,
  spanOfEvents,
  tallyKinds,
  tallyNames,
  tallyTables,
} from '../store/aggregates.ts';
import { kindOf, statusCode, typeCode } from '../store/encode.ts';
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
    migrations: migrationTotals(reader, filter),
    durations: durationSummaries(reader, filter),
    tables: tallies(tallyTables(reader, { ...filter, type: ['migration_execution'] })),
    errors: tallies(tallyNames(reader, failedMigrations, 'problem')),
    bucket,
    series: series(reader, filter, bucket),
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

function migrationTotals(reader: EventReader, filter: ColumnFilter): Statistics['migrations'] {
  const succeededKind = kindOf('migration_execution', 'ok');
  const failedKind = kindOf('migration_execution', 'error');
  const totals = { total: 0, succeeded: 0, failed: 0 };
  const durations: number[] = [];
  eachStretch(reader, { ...filter, type: ['migration_execution'] }, ({ kind, duration }, from, to) => {
    for (let row = from; row < to; row++) {
      totals.total++;
      if (kind[row] === succeededKind) totals.succeeded++;
      else if (kind[row] === failedKind) totals.failed++;
      const took = duration[row] as number;
      if (!Number.isNaN(took)) durations.push(took);
    }
  });
  const sorted = Float64Array.from(durations).sort();
  return {
    ...totals,
    other: totals.total - totals.succeeded - totals.failed,
    ...(sorted.length === 0
      ? {}
      : {
          durationP50: significant(quantileSorted(sorted, 0.5)),
          durationP95: significant(quantileSorted(sorted, 0.95)),
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
  failures: number;
  durations: number[];
}

function series(reader: EventReader, filter: ColumnFilter, bucket: Bucket): TimeBucket[] {
  const migration = typeCode('migration_execution');
  const error = statusCode('error');
  const buckets = new Map<number, BucketCounts>();
  eachStretch(reader, filter, ({ ts, kind, duration }, from, to) => {
    let begin = Number.NaN;
    let end = Number.NaN;
    let here: BucketCounts = { events: 0, migrations: 0, failures: 0, durations: [] };
    for (let row = from; row < to; row++) {
      const at = ts[row] as number;
      if (!(at >= begin && at < end)) {
        begin = startOf(at, bucket);
        end = endOf(begin, bucket);
        here = buckets.get(begin) ?? { events: 0, migrations: 0, failures: 0, durations: [] };
        buckets.set(begin, here);
      }
      here.events++;
      const kindHere = kind[row] as number;
      if (kindHere >> 2 !== migration) continue;
      here.migrations++;
      if ((kindHere & 3) === error) here.failures++;
      const took = duration[row] as number;
      if (!Number.isNaN(took)) here.durations.push(took);
    }
  });
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([at, { durations, ...counts }]) => {
      const sorted = Float64Array.from(durations).sort();
      const p50 = significant(quantileSorted(sorted, 0.5));
      const p95 = significant(quantileSorted(sorted, 0.95));
      return { at: iso(at), ...counts, ...(sorted.length === 0 ? {} : { p50, p95 }) };
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
