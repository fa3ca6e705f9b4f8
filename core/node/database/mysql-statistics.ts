/**
 * Table statistics of MySQL and MariaDB. The server keeps row estimates and sizes; of columns it knows little unless
 * histograms were made, so columns are sampled here.
 */
import type { ColumnStatistics, TableStatistics } from '../../statistics/statistics.ts';
import type { MysqlQuery } from './mysql.ts';
import { fromSample, SAMPLE_ROWS, type SampledColumn } from './sampling.ts';

const COUNTED_EXACTLY_BYTES = 64 * 1024 * 1024;

/** Bytes of types that always take the same (MySQL manual, “Data Type Storage Requirements”). */
const FIXED_WIDTH: Record<string, number> = {
  tinyint: 1,
  smallint: 2,
  mediumint: 3,
  int: 4,
  bigint: 8,
  float: 4,
  double: 8,
  date: 3,
  time: 3,
  datetime: 5,
  timestamp: 4,
  year: 1,
  uuid: 16,
  inet6: 16,
};

export async function readMysqlStatistics(query: MysqlQuery): Promise<TableStatistics[]> {
  const tables = await query(
    `SELECT TABLE_SCHEMA AS db, TABLE_NAME AS name, COALESCE(TABLE_ROWS, 0) AS row_count,
            COALESCE(DATA_LENGTH, 0) AS data_bytes, COALESCE(INDEX_LENGTH, 0) AS index_bytes
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED')
     ORDER BY TABLE_NAME`,
  );
  const columns = await query(
    `SELECT TABLE_NAME AS tbl, COLUMN_NAME AS name, DATA_TYPE AS type FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
  const found: TableStatistics[] = [];
  for (const table of tables) {
    const name = String(table.name);
    const bytes = Number(table.data_bytes);
    const own = columns
      .filter(({ tbl }) => tbl === name)
      .map((column) => ({ name: String(column.name), type: String(column.type).toLowerCase() }));
    const estimate = Number(table.row_count);
    const rows = bytes <= COUNTED_EXACTLY_BYTES ? await counted(query, name, estimate) : estimate;
    found.push({
      relation: `${String(table.db)}.${name}`,
      rows,
      bytes,
      indexBytes: Number(table.index_bytes),
      columns: await sampled(query, name, own, rows),
    });
  }
  return found;
}

async function counted(query: MysqlQuery, table: string, estimate: number): Promise<number> {
  try {
    const [row] = await query(`SELECT COUNT(*) AS row_count FROM ${quoted(table)}`);
    return Number(row?.row_count ?? estimate);
  } catch {
    return estimate;
  }
}

/** One query a column, over the first rows of the table; unknown where it may not be read or takes too long. */
async function sampled(
  query: MysqlQuery,
  table: string,
  columns: readonly { name: string; type: string }[],
  rows: number,
): Promise<ColumnStatistics[]> {
  const sampledRows = Math.min(rows, SAMPLE_ROWS);
  const statistics: ColumnStatistics[] = [];
  for (const { name, type } of columns) {
    const value = type === 'json' ? `CAST(${quoted(name)} AS CHAR)` : quoted(name);
    try {
      const [row] = await query(
        `SELECT SUM(n) AS filled, COUNT(*) AS different, SUM(n = 1) AS once, SUM(w) / SUM(n) AS width
         FROM (SELECT COUNT(v) AS n, SUM(OCTET_LENGTH(v)) AS w
               FROM (SELECT ${value} AS v FROM ${quoted(table)} LIMIT ${SAMPLE_ROWS}) s
               WHERE v IS NOT NULL GROUP BY v) g`,
      );
      const column: SampledColumn = {
        name,
        filled: Number(row?.filled ?? 0),
        distinct: Number(row?.different ?? 0),
        once: Number(row?.once ?? 0),
        width: FIXED_WIDTH[type] ?? (row?.width == null ? null : Number(row.width)),
      };
      statistics.push(fromSample(column, sampledRows, rows));
    } catch {
      statistics.push({ name, nullFraction: null, distinct: null, avgWidth: FIXED_WIDTH[type] ?? null });
    }
  }
  return statistics;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
