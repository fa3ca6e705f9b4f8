/** What a live database holds: tables with their columns, keys and constraints, as far as rows can be made for them. */
import type pg from 'pg';

export interface LiveColumn {
  name: string;
  quoted: string;
  /** Inner name, `int4`; and as it is written, `numeric(10,2)`. */
  type: string;
  written: string;
  category: string;
  labels: string[];
  /** Characters that fit, for varchar(n) and char(n). */
  length: number | undefined;
  notNull: boolean;
  /** GENERATED ALWAYS: no value may be given. */
  generated: boolean;
  /** In a unique index, and the last column of one. */
  unique: boolean;
  uniqueAlone: boolean;
  uniqueLast: boolean;
  indexed: boolean;
  checked: boolean;
  references?: { table: string; column: string };
}

export interface LiveTable {
  /** `public.users`, and quoted for SQL. */
  relation: string;
  quoted: string;
  columns: LiveColumn[];
  hasTriggers: boolean;
  rows: number;
}

const COLUMNS = `
SELECT n.nspname || '.' || c.relname AS relation, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS table,
       a.attname AS name, quote_ident(a.attname) AS quoted, t.typname AS type, t.typcategory AS category,
       format_type(a.atttypid, a.atttypmod) AS written, a.attnotnull AS "notNull",
       a.attgenerated <> '' OR a.attidentity = 'a' AS generated,
       CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
       ARRAY(SELECT enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY enumsortorder) AS labels,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey)) AS unique,
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indnatts = 1 AND i.indkey[0] = a.attnum) AS "uniqueAlone",
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indkey[i.indnatts - 1] = a.attnum) AS "uniqueLast",
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)) AS indexed,
       EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey)) AS checked,
       EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal) AS "hasTriggers",
       (SELECT json_build_object('table', quote_ident(pn.nspname) || '.' || quote_ident(p.relname), 'column', quote_ident(pa.attname))
        FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
        JOIN pg_attribute pa ON pa.attrelid = p.oid AND pa.attnum = k.confkey[array_position(k.conkey, a.attnum)]
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey) ORDER BY cardinality(k.conkey) LIMIT 1) AS references
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind = 'r' AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND c.relpersistence = 'p'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY n.nspname, c.relname, a.attnum`;

type Row = Omit<LiveColumn, 'length' | 'references'> & {
  relation: string;
  table: string;
  hasTriggers: boolean;
  length: number | null;
  references: LiveColumn['references'] | null;
};

export async function readLive(client: pg.Client): Promise<LiveTable[]> {
  const { rows } = await client.query<Row>(COLUMNS);
  return [...Map.groupBy(rows, ({ relation }) => relation)].map(([relation, own]) => ({
    relation,
    quoted: own[0]?.table ?? '',
    hasTriggers: own[0]?.hasTriggers ?? false,
    rows: 0,
    columns: own.map(({ length, references, ...column }) => ({
      ...column,
      length: length ?? undefined,
      ...(references ? { references } : {}),
    })),
  }));
}

/** Tables that others point at first; a ring is cut anywhere. */
export function inOrder(tables: readonly LiveTable[]): LiveTable[] {
  const done: LiveTable[] = [];
  const open = new Set<string>();
  const visit = (table: LiveTable) => {
    if (done.includes(table) || open.has(table.quoted)) return;
    open.add(table.quoted);
    for (const { references } of table.columns) {
      const target = references && tables.find(({ quoted }) => quoted === references.table);
      if (target) visit(target);
    }
    done.push(table);
  };
  for (const table of tables) visit(table);
  return done;
}
