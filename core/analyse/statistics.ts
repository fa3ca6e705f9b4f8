/** Counts, durations and failures over a timeframe, for the overview and the report. */
import type { Params } from '../contract/methods.ts';
import type { DurationSummary, Statistics, Tally, TimeBucket } from '../contract/statistics.ts';
import { quantileSorted, significant } from '../numbers.ts';
import { whereOf } from '../store/filter.ts';
import type { Sqlite, SqlValue } from '../store/sqlite.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST_ROWS = 20;

type Bucket = Statistics['bucket'];

/**
 * Without `from` it begins at the first event, without `to` it ends after the last one. Buckets are in UTC; weeks begin
 * on Monday.
 */
export function statistics(db: Sqlite, params: Params<'stats.get'>, now: number): Statistics {
  const { sql, values } = whereOf(params);
  const tally = (column: string, extra = '', limit = MOST_ROWS): Tally[] =>
    db.all(
      `SELECT ${column} AS name, count(*) FROM events WHERE ${sql} ${extra} GROUP BY name HAVING name IS NOT NULL
       ORDER BY 2 DESC, 1 LIMIT ${limit}`,
      values,
      (row) => ({ name: String(row[0]), count: Number(row[1]) }),
    );
  const span =
    db.first(`SELECT min(ts), max(ts), count(*) FROM events WHERE ${sql}`, values, (row) => row) ?? [];
  const firstAt = span[0] === null || span[0] === undefined ? undefined : Number(span[0]);
  const lastAt = span[1] === null || span[1] === undefined ? undefined : Number(span[1]);
  const from = params.from ? Date.parse(params.from) : (firstAt ?? now);
  const to = params.to ? Date.parse(params.to) : Math.max((lastAt ?? now) + 1, from + 1);
  const bucket = params.bucket ?? bucketFor(to - from);
  const durations = durationSummaries(db, sql, values);
  return {
    timeframe: { from: iso(from), to: iso(to) },
    events: Number(span[2] ?? 0),
    ...(firstAt === undefined ? {} : { firstAt: iso(firstAt) }),
    ...(lastAt === undefined ? {} : { lastAt: iso(lastAt) }),
    byType: tally('type'),
    bySource: tally('source'),
    byStatus: tally('status'),
    workspaces: tally('workspace', '', 200),
    migrations: migrationTotals(db, sql, values),
    durations,
    tables: tables(db, sql, values),
    errors: tally(
      `json_extract(body, '$.data.error.message')`,
      `AND type = 'migration_execution' AND status = 'error'`,
    ),
    bucket,
    series: series(db, sql, values, bucket),
  };
}

/** Fine enough for about a hundred points. */
function bucketFor(span: number): Bucket {
  if (span <= 3 * DAY) return 'hour';
  if (span <= 120 * DAY) return 'day';
  if (span <= 730 * DAY) return 'week';
  return 'month';
}

function migrationTotals(db: Sqlite, where: string, values: SqlValue[]): Statistics['migrations'] {
  const counts = new Map(
    db.all(
      `SELECT json_extract(body, '$.data.outcome'), count(*) FROM events
       WHERE ${where} AND type = 'migration_execution' GROUP BY 1`,
      values,
      (row): [string, number] => [String(row[0]), Number(row[1])],
    ),
  );
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const succeeded = counts.get('succeeded') ?? 0;
  const failed = counts.get('failed') ?? 0;
  const sorted = sortedDurations(db, where, values);
  return {
    total,
    succeeded,
    failed,
    other: total - succeeded - failed,
    ...(sorted.length === 0
      ? {}
      : {
          durationP50: significant(quantileSorted(sorted, 0.5)),
          durationP95: significant(quantileSorted(sorted, 0.95)),
        }),
  };
}

function sortedDurations(db: Sqlite, where: string, values: SqlValue[]): number[] {
  return db.all(
    `SELECT duration FROM events WHERE ${where} AND type = 'migration_execution' AND duration IS NOT NULL ORDER BY 1`,
    values,
    (row) => Number(row[0]),
  );
}

/** By operation of the statements that ran, slowest 95th percentile first. */
function durationSummaries(db: Sqlite, where: string, values: SqlValue[]): DurationSummary[] {
  const groups = new Map<string, { durations: number[]; failures: number }>();
  db.all(
    `SELECT operation, duration, status FROM events
     WHERE ${where} AND type = 'schema_operation' AND duration IS NOT NULL AND operation IS NOT NULL
     ORDER BY duration`,
    values,
    (row) => {
      const group = groups.get(String(row[0])) ?? { durations: [], failures: 0 };
      group.durations.push(Number(row[1]));
      if (row[2] === 'error') group.failures++;
      groups.set(String(row[0]), group);
    },
  );
  return [...groups]
    .map(([operation, { durations, failures }]) => ({
      operation,
      count: durations.length,
      failures,
      p50: significant(quantileSorted(durations, 0.5)),
      p95: significant(quantileSorted(durations, 0.95)),
      max: significant(durations.at(-1) ?? 0),
    }))
    .sort((a, b) => b.p95 - a.p95)
    .slice(0, MOST_ROWS);
}

function tables(db: Sqlite, where: string, values: SqlValue[]): Tally[] {
  return db.all(
    `SELECT o.value, count(DISTINCT e.seq) FROM events e, json_each(e.body, '$.data.tables') o
     WHERE ${where} AND e.type = 'migration_execution' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST_ROWS}`,
    values,
    (row) => ({ name: String(row[0]), count: Number(row[1]) }),
  );
}

function series(db: Sqlite, where: string, values: SqlValue[], bucket: Bucket): TimeBucket[] {
  const groups = new Map<
    number,
    { events: number; migrations: number; failures: number; durations: number[] }
  >();
  db.all(`SELECT ts, type, status, duration FROM events WHERE ${where} ORDER BY ts`, values, (row) => {
    const at = startOf(Number(row[0]), bucket);
    const group = groups.get(at) ?? { events: 0, migrations: 0, failures: 0, durations: [] };
    group.events++;
    if (row[1] === 'migration_execution') {
      group.migrations++;
      if (row[2] === 'error') group.failures++;
      if (row[3] !== null) group.durations.push(Number(row[3]));
    }
    groups.set(at, group);
  });
  return [...groups].map(([at, { durations, ...counts }]) => {
    durations.sort((a, b) => a - b);
    const at50 = significant(quantileSorted(durations, 0.5));
    const at95 = significant(quantileSorted(durations, 0.95));
    return { at: iso(at), ...counts, ...(durations.length === 0 ? {} : { p50: at50, p95: at95 }) };
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

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
