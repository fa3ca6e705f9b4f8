/**
 * Statistics out of what people have at hand: rows of `pg_class`, `pg_stat_user_tables` and `pg_stats`, one for a table or
 * one for a column, by the names that PostgreSQL and the usual queries give them. Most common values and histograms may
 * be in there; they are passed over.
 */
import { clamp } from '../numbers.ts';
import type { NamedRow } from './delimited.ts';
import type { ColumnStatistics, StatisticsFile, TableStatistics } from './statistics.ts';

/** Names of a field, the one that counts most first. */
const FIELDS = {
  schema: ['schemaname', 'nspname', 'table_schema', 'schema_name', 'schema'],
  table: ['relname', 'tablename', 'table_name', 'relation', 'table'],
  liveRows: ['n_live_tup'],
  rows: ['reltuples', 'row_estimate', 'row_count', 'estimated_rows', 'table_rows', 'rows'],
  bytes: ['pg_table_size', 'table_size', 'table_bytes', 'bytes'],
  allBytes: ['pg_total_relation_size', 'total_relation_size', 'total_bytes', 'total_size'],
  mainBytes: ['pg_relation_size', 'relation_size'],
  pages: ['relpages'],
  indexBytes: ['pg_indexes_size', 'indexes_size', 'index_size', 'index_bytes'],
  column: ['attname', 'column_name', 'column'],
  nullFraction: ['null_frac', 'null_fraction'],
  distinct: ['n_distinct'],
  width: ['avg_width'],
  inherited: ['inherited'],
  version: ['server_version'],
} as const;
type Field = keyof typeof FIELDS;

const SYSTEM_SCHEMA = /^(pg_.*|information_schema)$/;
const PAGE_BYTES = 8_192;
/** Of a row beside its values: its header and the pointer to it. */
const ROW_BYTES = 28;
const UNITS: Record<string, number> = { bytes: 0, byte: 0, b: 0, kb: 1, mb: 2, gb: 3, tb: 4 };

/** What to do where a file cannot be read so. */
export const CATALOGUE_HELP =
  'Write it with “aibos stats export”, or with psql --csv: schemaname, relname, n_live_tup and pg_table_size(relid) from pg_stat_user_tables, and behind it schemaname, tablename, attname, null_frac, n_distinct and avg_width from pg_stats.';

/** Whether names of columns tell of a table, and something of it. */
export function isCatalogueHeader(names: readonly string[]): boolean {
  const has = (field: Field) => FIELDS[field].some((name) => names.includes(name));
  const told: Field[] = [
    'liveRows',
    'rows',
    'bytes',
    'allBytes',
    'mainBytes',
    'pages',
    'nullFraction',
    'distinct',
  ];
  return has('table') && told.some(has);
}

interface Found {
  rows?: number;
  bytes?: number;
  /** With those of the indexes. */
  allBytes?: number;
  indexBytes?: number;
  columns: Map<string, ColumnStatistics & { inherited: boolean }>;
}

/**
 * Tables of which the rows are known, and the size, if only by the widths of the columns.
 *
 * @returns what is missing, in words, where there is no such table
 */
export function fromCatalogueRows(rows: readonly NamedRow[]): StatisticsFile | string {
  const tables = new Map<string, Found>();
  let serverVersion = '';
  for (const row of rows) {
    serverVersion ||= textOf(row, 'version') ?? '';
    const relation = relationOf(row);
    if (relation === undefined) continue;
    const table: Found = tables.get(relation) ?? { columns: new Map() };
    tables.set(relation, table);
    takeSizes(table, row);
    takeColumn(table, row);
  }
  const known = [...tables].flatMap(([relation, table]) => tableOf(relation, table) ?? []);
  if (known.length > 0) return { version: 1, dialect: 'postgres', serverVersion, tables: known };
  if (tables.size === 0) return 'it names no table';
  return [...tables.values()].some(({ rows: count }) => count !== undefined)
    ? 'no table has a size (pg_table_size), nor its columns a width (avg_width)'
    : 'no table has a number of rows (n_live_tup or reltuples)';
}

/** Without a schema it is of `public`, unless the name brings one. */
function relationOf(row: NamedRow): string | undefined {
  const table = textOf(row, 'table');
  const schema = textOf(row, 'schema');
  if (table === undefined || (schema !== undefined && SYSTEM_SCHEMA.test(schema))) return undefined;
  if (schema !== undefined) return `${schema}.${table}`;
  return table.includes('.') ? table : `public.${table}`;
}

function takeSizes(table: Found, row: NamedRow): void {
  const rows = rowsOf(row);
  const pages = amountOf(row, 'pages');
  const bytes =
    amountOf(row, 'bytes') ??
    amountOf(row, 'mainBytes') ??
    (pages === undefined ? undefined : pages * PAGE_BYTES);
  const allBytes = amountOf(row, 'allBytes');
  const indexBytes = amountOf(row, 'indexBytes');
  if (rows !== undefined) table.rows ??= Math.round(rows);
  if (bytes !== undefined) table.bytes ??= bytes;
  if (allBytes !== undefined) table.allBytes ??= allBytes;
  if (indexBytes !== undefined) table.indexBytes ??= indexBytes;
}

/** Counters begin at nothing after a crash or a restore; minus one is a table that nobody has analysed. */
function rowsOf(row: NamedRow): number | undefined {
  const live = amountOf(row, 'liveRows');
  const analysed = amountOf(row, 'rows');
  if (live === undefined || live > 0) return live ?? analysed;
  return analysed ?? (numberOf(row, 'rows') === undefined ? live : undefined);
}

/** Of a table that others inherit from, what is said of itself counts before what is said of all together. */
function takeColumn({ columns }: Found, row: NamedRow): void {
  const name = textOf(row, 'column');
  if (name === undefined) return;
  const nullFraction = numberOf(row, 'nullFraction');
  const distinct = numberOf(row, 'distinct');
  const inherited = /^(t|true|1)$/i.test(textOf(row, 'inherited') ?? '');
  const known = columns.get(name);
  if (known && (inherited || !known.inherited)) return;
  columns.set(name, {
    name,
    nullFraction: nullFraction === undefined ? null : clamp(nullFraction, 0, 1),
    // Nothing counted is not “no values”.
    distinct: distinct === undefined || distinct === 0 ? null : Math.max(-1, distinct),
    avgWidth: amountOf(row, 'width') ?? null,
    inherited,
  });
}

function tableOf(
  relation: string,
  { rows, indexBytes, columns, ...sizes }: Found,
): TableStatistics | undefined {
  if (rows === undefined) return undefined;
  const own = [...columns.values()].map(({ inherited: _, ...column }) => column);
  const all = sizes.allBytes === undefined ? undefined : Math.max(0, sizes.allBytes - (indexBytes ?? 0));
  const bytes = sizes.bytes ?? all ?? byWidths(own, rows);
  if (bytes === undefined) return undefined;
  const rest = sizes.allBytes === undefined ? 0 : Math.max(0, sizes.allBytes - bytes);
  return { relation, rows, bytes, indexBytes: indexBytes ?? rest, columns: own };
}

/** As PostgreSQL reckons it for a table that it has not looked at. */
function byWidths(columns: readonly ColumnStatistics[], rows: number): number | undefined {
  if (columns.length === 0 || columns.some(({ avgWidth }) => avgWidth === null)) return undefined;
  const width = columns.reduce((sum, { avgWidth, nullFraction }) => {
    return sum + (avgWidth ?? 0) * (1 - (nullFraction ?? 0));
  }, ROW_BYTES);
  return Math.round(rows * width);
}

function textOf(row: NamedRow, field: Field): string | undefined {
  for (const name of FIELDS[field]) {
    const value = row[name];
    if (value === undefined || value === null) continue;
    const text = String(value).trim();
    if (text !== '' && text !== '\\N' && text !== 'NULL') return text;
  }
  return undefined;
}

function numberOf(row: NamedRow, field: Field): number | undefined {
  const text = textOf(row, field);
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** A number of at least 0, or a size as `pg_size_pretty` writes it; undefined for anything else. */
function amountOf(row: NamedRow, field: Field): number | undefined {
  const [, digits = '', unit = 'bytes'] =
    /^(\d[\d.]*(?:e\+?\d+)?)\s*([a-z]+)?$/i.exec(textOf(row, field) ?? '') ?? [];
  const power = UNITS[unit.toLowerCase()];
  return digits === '' || power === undefined ? undefined : Number(digits) * 1024 ** power;
}
