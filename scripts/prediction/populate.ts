/** Fills tables of any schema with rows that keep its keys: made up, different in spread, width and NULLs by column. */
import type pg from 'pg';
import { inOrder, type LiveColumn, type LiveTable } from './live.ts';

export type Random = () => number;

/** Fills what it can; a table whose checks refuse the rows stays empty. Returns the tables with rows. */
export async function populate(
  client: pg.Client,
  tables: readonly LiveTable[],
  rowsOf: (table: LiveTable) => number,
  random: Random,
): Promise<LiveTable[]> {
  const filled: LiveTable[] = [];
  // Triggers and the checks of foreign keys rest: the rows keep the keys anyway.
  await client.query(`SET session_replication_role = replica`);
  for (const table of inOrder(tables)) {
    const wanted = rowsOf(table);
    if (wanted === 0) continue;
    for (const attempt of [0, 1]) {
      try {
        const { rowCount } = await client.query(insertOf(table, wanted, attempt === 0 ? random : () => 0.99));
        table.rows = rowCount ?? 0;
        if (table.rows > 0) filled.push(table);
        break;
      } catch {
        table.rows = 0;
      }
    }
  }
  await client.query(`SET session_replication_role = DEFAULT`);
  for (const { quoted } of filled) await client.query(`VACUUM ANALYZE ${quoted}`);
  return filled;
}

function insertOf(table: LiveTable, rows: number, random: Random): string {
  const columns = table.columns.filter(({ generated }) => !generated);
  const alone = columns.some(({ uniqueAlone }) => uniqueAlone);
  const values = columns.map((column) => sqlOf(column, rows, random, alone));
  const names = columns.map(({ quoted }) => quoted).join(', ');
  const overriding = table.columns.some(({ generated }) => generated) ? '' : ' OVERRIDING SYSTEM VALUE';
  return `INSERT INTO ${table.quoted} (${names})${overriding} SELECT ${values.join(', ')} FROM generate_series(1, ${rows}) i ON CONFLICT DO NOTHING`;
}

/** SQL of the value of row `i`. */
function sqlOf(column: LiveColumn, rows: number, random: Random, alone: boolean): string {
  const { references, notNull, unique, uniqueAlone, uniqueLast } = column;
  const nulls = notNull || unique ? 0 : random() < 0.45 ? random() ** 2 * 0.6 : 0;
  const nullable = (value: string) =>
    nulls > 0 ? `CASE WHEN random() < ${nulls.toFixed(4)} THEN NULL ELSE ${value} END` : value;
  if (references) {
    const most = /^(?:int|uuid)/.test(column.type) ? 50_000 : 300;
    const keys = `(SELECT array_agg(k) FROM (SELECT ${references.column} AS k FROM ${references.table} LIMIT ${most}) p)`;
    const known = `(ARRAY(SELECT k FROM unnest(${keys}) k))`;
    const pick = uniqueAlone ? 'i' : `1 + floor(random() * cardinality(${known}))::int`;
    return nullable(`(${known})[${pick}]`);
  }
  const isKey = uniqueAlone || (unique && uniqueLast && !alone) || (unique && random() < 0.5);
  const many = isKey ? rows : spread(rows, random);
  return nullable(literal(column, many, random, isKey));
}

/** How many different values: from a handful to one for each row. */
function spread(rows: number, random: Random): number {
  const kind = random();
  if (kind < 0.3) return 2 + Math.floor(random() * 12);
  if (kind < 0.6) return Math.max(2, Math.round(rows ** (0.3 + random() * 0.6)));
  return rows * (1 + Math.floor(random() * 20));
}

export function literal(column: LiveColumn, many: number, random: Random, isKey = false): string {
  const pick = isKey ? 'i' : `(1 + floor(random() * ${Math.max(1, many)}))::int8`;
  const width = column.length ?? widths[Math.floor(random() * widths.length)] ?? 20;
  switch (column.type) {
    case 'int2':
      return isKey ? 'i' : `(${pick} % 30000)::int2`;
    case 'int4':
    case 'oid':
      return `(${pick} % 2000000000)::int4`;
    case 'int8':
      return pick;
    case 'numeric':
    case 'float4':
    case 'float8':
    case 'money':
      return `(${pick} % 90 + 0.5)::${column.type}`;
    case 'bool':
      return `(random() < ${(0.1 + random() * 0.8).toFixed(2)})`;
    case 'uuid':
      return `md5(${pick}::text)::uuid`;
    case 'date':
      return `date '2020-01-01' + (${pick} % 2000)::int`;
    case 'timestamp':
    case 'timestamptz':
      return `timestamptz '2020-01-01' + ${pick} * interval '1 second'`;
    case 'interval':
      return `${pick} * interval '1 second'`;
    case 'time':
    case 'timetz':
      return `time '00:00' + (${pick} % 86000) * interval '1 second'`;
    case 'json':
    case 'jsonb':
      return `json_build_object('k', ${pick}, 'v', repeat('x', ${Math.floor(random() * 60)}))::${column.type}`;
    case 'bytea':
      return `decode(md5(${pick}::text), 'hex')`;
    case 'inet':
    case 'cidr':
      return `('10.' || ${pick} % 250 || '.' || (${pick} / 250) % 250 || '.' || (${pick} / 62500) % 250)::${column.type}`;
    case 'text':
    case 'varchar':
    case 'bpchar':
    case 'citext':
    case 'name':
      return text(pick, width, isKey, many > 1_000);
    default:
      if (column.labels.length > 0)
        return `(ARRAY[${column.labels.map((one) => `'${one.replaceAll("'", "''")}'`).join(', ')}])[1 + (${pick} % ${column.labels.length})]::${column.written}`;
      if (column.category === 'A') return `'{}'::${column.written}`;
      return `NULL::${column.written}`;
  }
}

const widths = [8, 12, 16, 24, 24, 32, 40, 60, 120, 400];

/** At most so many characters; equal numbers give equal texts where there are few of them. */
function text(pick: string, width: number, isKey: boolean, varies: boolean): string {
  if (isKey) return `left(i || '-' || md5(i::text), ${width})`;
  if (width <= 32) return `left(md5(${pick}::text), ${width})`;
  const length = varies ? `(${width} * (0.5 + 0.5 * random()))::int` : String(width);
  return `rpad(md5(${pick}::text), ${length}, ' lorem ipsum dolor sit')`;
}
