/**
 * What a sample cannot decide, counted over every row of a PostgreSQL table: NULLs, repeated values, lengths, casts,
 * values that a foreign key would miss. Bounded: small tables only, a time limit each and one for all; what does not
 * come back in time is left out. Only counts leave the server.
 */
import type { ColumnStatistics, TableStatistics } from '../../statistics/statistics.ts';
import type { Query } from './postgres-statistics.ts';

/** Larger tables are left to the sample of ANALYZE. */
const MOST_BYTES = 512 * 1024 * 1024;
/** Of one question, and of all of them together. */
export const EXACT_STATEMENT_MS = 5_000;
const ALL_MS = 60_000;
/** Types that texts are often turned into; tried by the server’s own input functions (PostgreSQL 16 and newer). */
const TRIED = ['smallint', 'integer', 'bigint', 'numeric', 'boolean', 'uuid', 'date', 'timestamptz', 'jsonb'];
const INPUT_FUNCTIONS_SINCE = 160_000;

interface CatalogueColumn {
  relation: string;
  table: string;
  name: string;
  quoted: string;
  type: string;
  category: string;
  /** A unique index or primary key holds it alone. */
  unique: boolean;
  /** A foreign key holds it already. */
  references: boolean;
}

const COLUMNS = `
SELECT n.nspname || '.' || c.relname AS relation, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS table,
       a.attname AS name, quote_ident(a.attname) AS quoted, t.typname AS type, t.typcategory AS category,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL
               AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum) AS unique,
       EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.convalidated
               AND a.attnum = ANY (k.conkey)) AS references
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY a.attrelid, a.attnum`;

export class ExactCounts {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  /** The same tables with what could be counted. Never fails: what cannot be read is left out. */
  async complete(tables: readonly TableStatistics[]): Promise<TableStatistics[]> {
    const began = performance.now();
    const columns = await this.#rows<CatalogueColumn>(COLUMNS);
    const version = Number(
      (await this.#rows<{ v: string }>(`SELECT current_setting('server_version_num') AS v`))[0]?.v,
    );
    const byTable = Map.groupBy(columns, ({ relation }) => relation);
    const done: TableStatistics[] = [];
    const smallFirst = [...tables].sort((a, b) => a.bytes - b.bytes);
    const completed = new Map<string, TableStatistics>();
    for (const table of smallFirst) {
      const own = byTable.get(table.relation) ?? [];
      if (own.length === 0 || table.bytes > MOST_BYTES || performance.now() - began > ALL_MS) continue;
      completed.set(table.relation, await this.#table(table, own, columns, version));
    }
    for (const table of tables) done.push(completed.get(table.relation) ?? table);
    return done;
  }

  async #table(
    table: TableStatistics,
    own: readonly CatalogueColumn[],
    all: readonly CatalogueColumn[],
    version: number,
  ): Promise<TableStatistics> {
    const parts = own.flatMap((column, i) => countsOf(column, i));
    const name = own[0]?.table ?? '';
    const [counted] = await this.#rows<Record<string, number | boolean | null>>(
      `SELECT count(*)::float8 AS rows${parts.map((part) => `, ${part}`).join('')} FROM ${name}`,
    );
    if (!counted) return table;
    const rows = Number(counted.rows);
    const columns: ColumnStatistics[] = [];
    for (const column of table.columns) {
      const at = own.findIndex(({ name }) => name === column.name);
      const catalogue = own[at];
      if (!catalogue) columns.push(column);
      else {
        const casts = version >= INPUT_FUNCTIONS_SINCE ? await this.#casts(catalogue) : {};
        const filled = { ...column, ...casts, ...fieldsOf(catalogue, at, counted, rows) };
        const distinct = catalogue.unique
          ? rows - (filled.nulls ?? 0)
          : await this.#distinct(catalogue, column, rows);
        columns.push(distinct === undefined ? filled : { ...filled, exactDistinct: distinct });
      }
    }
    const orphans = await this.#orphans(own, all);
    const duplicateKeys = await this.#duplicates(own, table, rows);
    return {
      ...table,
      columns,
      exactRows: rows,
      ...(orphans.length > 0 ? { orphans } : {}),
      ...(duplicateKeys.length > 0 ? { duplicateKeys } : {}),
    };
  }

  /** Stops at the first value that is refused, so that free text costs next to nothing. */
  async #casts(column: CatalogueColumn): Promise<Pick<ColumnStatistics, 'castsTo' | 'castsTried'>> {
    if (!isText(column)) return {};
    const { quoted, table } = column;
    const tries = TRIED.map(
      (type, t) =>
        `NOT EXISTS (SELECT FROM ${table} WHERE ${quoted} IS NOT NULL AND NOT pg_input_is_valid(${quoted}::text, '${type}')) AS c${t}`,
    );
    const [found] = await this.#rows<Record<string, boolean>>(`SELECT ${tries.join(', ')}`);
    return found ? { castsTo: TRIED.filter((_, t) => found[`c${t}`]), castsTried: TRIED } : {};
  }

  /** Counted where the sample says that it may be unique, or that it holds few values. */
  async #distinct(
    { quoted, table, category }: CatalogueColumn,
    { distinct }: ColumnStatistics,
    rows: number,
  ) {
    if (!'NSDUEIB'.includes(category)) return undefined;
    const few = distinct !== null && distinct >= 0 && distinct <= 1_000;
    const near = distinct === null || distinct < -0.5;
    if (!(few || near || rows <= 50_000)) return undefined;
    const [found] = await this.#rows<{ n: number }>(
      `SELECT count(*)::float8 AS n FROM (SELECT DISTINCT ${quoted} FROM ${table} WHERE ${quoted} IS NOT NULL) d`,
    );
    return found && Number(found.n);
  }

  /** `user_id` may point at `users.id` or `user.id`: rows whose value is not there. */
  async #orphans(own: readonly CatalogueColumn[], all: readonly CatalogueColumn[]) {
    const found = [];
    for (const column of own.filter(({ references }) => !references).slice(0, 40)) {
      for (const target of targetsOf(column, all)) {
        const [row] = await this.#rows<{ n: number }>(
          `SELECT count(*)::float8 AS n FROM ${column.table} c WHERE c.${column.quoted} IS NOT NULL
           AND NOT EXISTS (SELECT FROM ${target.table} p WHERE p.${target.quoted} = c.${column.quoted})`,
        );
        if (row)
          found.push({
            column: column.name,
            references: target.relation,
            referencedColumn: target.name,
            rows: Number(row.n),
          });
      }
    }
    return found;
  }

  /** Pairs in which a column points somewhere, and neither is unique alone. */
  async #duplicates(own: readonly CatalogueColumn[], table: TableStatistics, rows: number) {
    const isKey = ({ name, references }: CatalogueColumn) =>
      references || /(?:_id|Id|_key|_type)$/.test(name);
    const able = own.filter((column) => !column.unique && 'NSUE'.includes(column.category)).slice(0, 12);
    const spread = (column: CatalogueColumn) => {
      const distinct = table.columns.find(({ name }) => name === column.name)?.distinct ?? 0;
      return distinct < 0 ? -distinct * rows : distinct;
    };
    const pairs = able
      .flatMap((a, i) => able.slice(i + 1).map((b) => [a, b] as const))
      .filter(([a, b]) => (isKey(a) || isKey(b)) && spread(a) * spread(b) >= rows)
      .slice(0, 12);
    const found = [];
    for (const [a, b] of pairs) {
      const [row] = await this.#rows<{ n: number }>(
        `SELECT coalesce(sum(n - 1), 0)::float8 AS n FROM (SELECT count(*) AS n FROM ${a.table}
         WHERE ${a.quoted} IS NOT NULL AND ${b.quoted} IS NOT NULL GROUP BY ${a.quoted}, ${b.quoted} HAVING count(*) > 1) d`,
      );
      if (row) found.push({ columns: [a.name, b.name], rows: Number(row.n) });
    }
    return found;
  }

  async #rows<T>(sql: string): Promise<T[]> {
    try {
      return (await this.#query(sql)) as unknown as T[];
    } catch {
      // Not readable for this user, too slow, or without equality: unknown.
      return [];
    }
  }
}

const isText = ({ category, type }: CatalogueColumn) => category === 'S' && type !== 'name';
const isNumber = ({ category, type }: CatalogueColumn) =>
  category === 'N' && !/^(?:money|oid|reg)/.test(type);

function countsOf(column: CatalogueColumn, i: number): string[] {
  const { quoted } = column;
  const parts = [`(count(*) - count(${quoted}))::float8 AS n${i}`];
  if (isText(column)) {
    parts.push(
      `max(length(${quoted}::text))::float8 AS l${i}`,
      `min(length(${quoted}::text))::float8 AS m${i}`,
    );
  }
  if (isNumber(column))
    parts.push(
      `count(*) FILTER (WHERE ${quoted} < 0)::float8 AS g${i}`,
      `count(*) FILTER (WHERE ${quoted} = 0)::float8 AS z${i}`,
      `coalesce(max(length(trunc(abs(${quoted}::numeric))::text)), 0)::float8 AS d${i}`,
    );
  return parts;
}

function fieldsOf(
  column: CatalogueColumn,
  i: number,
  counted: Record<string, number | boolean | null>,
  rows: number,
): Partial<ColumnStatistics> {
  const nulls = Number(counted[`n${i}`]);
  const filled = nulls < rows;
  const number = (key: string) => Number(counted[`${key}${i}`] ?? 0);
  return {
    nulls,
    ...(isText(column) && filled ? { minLength: number('m'), maxLength: number('l') } : {}),
    ...(isNumber(column) && filled
      ? { negative: number('g'), zero: number('z'), maxDigits: number('d') }
      : {}),
  };
}

/** Tables that are tried for a column whose name speaks of none of them. */
const MOST_GUESSES = 10;

/**
 * Unique columns that a column may point at: `id` of the tables that its name speaks of; where it speaks of none
 * (`created_by`), those of the same type.
 */
function targetsOf(column: CatalogueColumn, all: readonly CatalogueColumn[]): CatalogueColumn[] {
  const stem = /^(.+?)_?(?:id|uuid|fk|by|key|ref)$/i
    .exec(column.name)?.[1]
    ?.toLowerCase()
    .replaceAll('_', '');
  if (!stem || column.unique) return [];
  const able = all.filter(
    ({ relation, name, unique, type }) =>
      unique &&
      type === column.type &&
      relation !== column.relation &&
      (name === 'id' || name === column.name || name === 'uuid'),
  );
  const named = able.filter(({ relation }) => {
    const local = (relation.split('.').at(-1) ?? '').toLowerCase().replaceAll('_', '');
    const forms = [local, local.replace(/ies$/, 'y'), local.replace(/es$/, ''), local.replace(/s$/, '')];
    return forms.some((one) => one.length > 2 && (one === stem || stem.endsWith(one) || one.endsWith(stem)));
  });
  return named.length > 0 ? named.slice(0, 3) : able.slice(0, MOST_GUESSES);
}
