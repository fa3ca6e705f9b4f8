/**
 * Table statistics of PostgreSQL: what ANALYZE left in `pg_class` and `pg_stats`. Tables that were never analysed are
 * sampled here. Most common values and histograms are never read.
 */
import type { ColumnStatistics, TableStatistics } from '../../statistics/statistics.ts';
import { ExactCounts } from './postgres-exact.ts';
import { fromSample, SAMPLE_ROWS, type SampledColumn, share } from './sampling.ts';

export type Query = (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

const COUNTED_EXACTLY_BYTES = 64 * 1024 * 1024;

const USER_SCHEMA = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'`;

/** Sizes of a partitioned table are the sums over its partitions. */
const TABLES = `
SELECT c.oid::int8 AS oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted,
       n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reltuples::float8 AS rows,
       coalesce(s.n_live_tup, 0)::float8 AS live,
       coalesce(p.bytes, pg_table_size(c.oid))::float8 AS bytes,
       coalesce(p.index_bytes, pg_indexes_size(c.oid))::float8 AS "indexBytes"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
LEFT JOIN LATERAL (
  SELECT sum(pg_table_size(i.inhrelid)) AS bytes, sum(pg_indexes_size(i.inhrelid)) AS index_bytes
  FROM (WITH RECURSIVE below AS (
          SELECT inhrelid FROM pg_inherits WHERE inhparent = c.oid
          UNION ALL SELECT h.inhrelid FROM pg_inherits h JOIN below b ON h.inhparent = b.inhrelid)
        SELECT inhrelid FROM below) i) p ON c.relkind = 'p'
WHERE c.relkind IN ('r', 'p', 'm') AND ${USER_SCHEMA} AND c.relpersistence <> 't'
ORDER BY n.nspname, c.relname`;

const COLUMNS = `
SELECT a.attrelid::int8 AS oid, a.attname AS name, quote_ident(a.attname) AS quoted,
       s.null_frac::float8 AS "nullFraction", s.n_distinct::float8 AS "distinct", s.avg_width AS "avgWidth"
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
                    AND s.inherited = (c.relkind = 'p')
WHERE c.relkind IN ('r', 'p', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND ${USER_SCHEMA} AND c.relpersistence <> 't'
ORDER BY a.attrelid, a.attnum`;

interface TableRow {
  oid: string;
  quoted: string;
  schema: string;
  name: string;
  kind: 'r' | 'p' | 'm';
  rows: number;
  live: number;
  bytes: number;
  indexBytes: number;
}

interface ColumnRow {
  oid: string;
  name: string;
  quoted: string;
  nullFraction: number | null;
  distinct: number | null;
  avgWidth: number | null;
}

/** @param exact with a time limit of its own, asks what only a look at every row decides; without it nothing is asked */
export async function readPostgresStatistics(query: Query, exact?: Query): Promise<TableStatistics[]> {
  const tables = (await query(TABLES)) as unknown as TableRow[];
  const columns = Map.groupBy((await query(COLUMNS)) as unknown as ColumnRow[], ({ oid }) => oid);
  const found: TableStatistics[] = [];
  for (const table of tables) {
    const own = columns.get(table.oid) ?? [];
    const rows = await rowsOf(query, table);
    const analysed = own.some(({ nullFraction }) => nullFraction !== null);
    found.push({
      relation: `${table.schema}.${table.name}`,
      rows,
      bytes: table.bytes,
      indexBytes: table.indexBytes,
      columns: analysed || own.length === 0 ? own.map(kept) : await sampled(query, table, own, rows),
    });
  }
  return exact ? new ExactCounts(exact).complete(found) : found;
}

function kept({ name, nullFraction, distinct, avgWidth }: ColumnRow): ColumnStatistics {
  return {
    name,
    nullFraction: nullFraction === null ? null : share(nullFraction),
    distinct: distinct === null ? null : Math.max(-1, Math.round(distinct * 1e6) / 1e6),
    avgWidth,
  };
}

/** What ANALYZE counted; else an exact count of a small table, else what the activity counters say. */
async function rowsOf(query: Query, table: TableRow): Promise<number> {
  const known = table.rows > 0 || (table.rows === 0 && table.bytes === 0);
  if (known && table.kind !== 'p') return Math.round(table.rows);
  if (table.rows > 0) return Math.round(table.rows);
  if (table.bytes <= COUNTED_EXACTLY_BYTES) {
    try {
      const [row] = await query(`SELECT count(*)::float8 AS rows FROM ${table.quoted}`);
      return Number(row?.rows ?? 0);
    } catch {
      // Not readable for this user, or too slow: the counters must do.
    }
  }
  return Math.round(Math.max(table.live, 0));
}

/** Columns of a table without statistics; unknown where it may not be read or takes too long. */
async function sampled(
  query: Query,
  table: TableRow,
  columns: readonly ColumnRow[],
  rows: number,
): Promise<ColumnStatistics[]> {
  const percent = rows > SAMPLE_ROWS ? (100 * SAMPLE_ROWS) / rows : 100;
  const sample = percent < 100 && table.kind !== 'p' ? ` TABLESAMPLE SYSTEM (${percent})` : '';
  const parts = columns.map(
    ({ quoted }, i) => `SELECT ${i} AS at, sum(n)::float8 AS filled, count(*)::float8 AS "distinct",
      count(*) FILTER (WHERE n = 1)::float8 AS once, (sum(w) / nullif(sum(n), 0))::float8 AS width
      FROM (SELECT count(*) AS n, sum(pg_column_size(${quoted})) AS w FROM s WHERE ${quoted} IS NOT NULL
            GROUP BY ${quoted}::text) v${i}`,
  );
  try {
    const found = (await query(
      `WITH s AS (SELECT * FROM ${table.quoted}${sample} LIMIT ${SAMPLE_ROWS})
       SELECT q.*, (SELECT count(*) FROM s)::float8 AS sampled FROM (${parts.join(' UNION ALL ')}) q ORDER BY at`,
    )) as unknown as (SampledColumn & { sampled: number })[];
    return columns.map(({ name }, i) => {
      const row = found[i];
      if (!row) return unknown(name);
      return fromSample({ ...row, name, filled: row.filled ?? 0 }, row.sampled, rows);
    });
  } catch {
    return columns.map(({ name }) => unknown(name));
  }
}

function unknown(name: string): ColumnStatistics {
  return { name, nullFraction: null, distinct: null, avgWidth: null };
}
