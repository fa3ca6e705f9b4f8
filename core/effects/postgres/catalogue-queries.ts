/**
 * Answers the questions that migrations ask the system catalogues, `SELECT 1 FROM pg_constraint WHERE conname = 'x'`,
 * from the simulated catalogue.
 */
import type { Node, SelectStmt } from 'libpg-query';
import { evaluate } from './evaluate.ts';
import type { Answer } from './rows.ts';
import type { Schema } from './schema.ts';
import { all, as, strings } from './tree.ts';

/** What can be asked of one catalogue table: each of its rows, by the columns that questions use. */
type Rows = (schema: Schema) => Iterable<Record<string, string>>;

const KIND_LETTERS: Record<string, string> = {
  table: 'r',
  partitioned_table: 'p',
  view: 'v',
  materialized_view: 'm',
  foreign_table: 'f',
  sequence: 'S',
  composite_type: 'c',
};
const CONSTRAINT_LETTERS: Record<string, string> = {
  primary_key: 'p',
  unique: 'u',
  check: 'c',
  foreign_key: 'f',
  exclusion: 'x',
  not_null: 'n',
};
const CONSTRAINT_WORDS: Record<string, string> = {
  primary_key: 'PRIMARY KEY',
  unique: 'UNIQUE',
  check: 'CHECK',
  foreign_key: 'FOREIGN KEY',
  not_null: 'CHECK',
};

const TABLES: Record<string, Rows> = {
  *pg_class(schema) {
    for (const { schema: nspname, local, kind } of schema.relations())
      yield { relname: local, nspname, relnamespace: nspname, relkind: KIND_LETTERS[kind] ?? '' };
    for (const { indexSet } of schema.relations())
      for (const index of indexSet) yield { relname: index.name, nspname: index.schema, relkind: 'i' };
  },
  *pg_tables(schema) {
    for (const { schema: schemaname, local, kind } of schema.relations())
      if (/^(?:partitioned_)?table$/.test(kind)) yield { tablename: local, schemaname };
  },
  *pg_views(schema) {
    for (const { schema: schemaname, local, kind } of schema.relations())
      if (kind === 'view') yield { viewname: local, schemaname };
  },
  *pg_matviews(schema) {
    for (const { schema: schemaname, local, kind } of schema.relations())
      if (kind === 'materialized_view') yield { matviewname: local, schemaname };
  },
  *pg_indexes(schema) {
    for (const { schema: schemaname, local, indexSet } of schema.relations())
      for (const { name } of indexSet) yield { indexname: name, tablename: local, schemaname };
  },
  *pg_constraint(schema) {
    for (const { name, schema: nspname, local, constraintMap } of schema.relations())
      for (const constraint of constraintMap.values())
        yield {
          nspname,
          conname: constraint.name,
          contype: CONSTRAINT_LETTERS[constraint.kind] ?? '',
          conrelid: `${name}|${local}`,
          relname: local,
          ...(constraint.references
            ? { confrelid: `${constraint.references.name}|${constraint.references.local}` }
            : {}),
        };
  },
  *pg_attribute(schema) {
    for (const { name, schema: nspname, local, columnMap } of schema.relations())
      for (const column of columnMap.keys())
        yield {
          attname: column,
          attrelid: `${name}|${local}`,
          relname: local,
          nspname,
          attisdropped: 'false',
        };
  },
  *pg_type(schema) {
    for (const { name, schema: nspname, kind } of schema.types())
      yield { typname: name, nspname, typtype: kind.charAt(0) };
    for (const { local, schema: nspname } of schema.relations())
      yield { typname: local, nspname, typtype: 'c' };
  },
  *pg_enum(schema) {
    for (const { name, labels = [] } of schema.types())
      for (const label of labels)
        yield { enumlabel: label, typname: name, enumtypid: `public.${name}|${name}` };
  },
  *pg_proc(schema) {
    for (const { name, schema: nspname } of schema.routines()) yield { proname: name, nspname };
  },
  *pg_trigger(schema) {
    for (const { name, schema: nspname, local, triggerMap } of schema.relations())
      for (const tgname of triggerMap.keys())
        yield { tgname, tgrelid: `${name}|${local}`, relname: local, nspname };
  },
  *pg_policies(schema) {
    for (const { schema: schemaname, local, policies } of schema.relations())
      for (const policyname of policies.keys()) yield { policyname, tablename: local, schemaname };
  },
  *pg_policy(schema) {
    for (const { name, local, policies } of schema.relations())
      for (const polname of policies.keys()) yield { polname, polrelid: `${name}|${local}` };
  },
  *pg_inherits(schema) {
    for (const { name, local, parentSet } of schema.relations())
      for (const parent of parentSet)
        yield { inhrelid: `${name}|${local}`, inhparent: `${parent.name}|${parent.local}` };
  },
  *pg_namespace(schema) {
    for (const nspname of schema.schemas) yield { nspname };
  },
  *pg_extension(schema) {
    for (const extname of schema.extensions.keys()) yield { extname };
  },
  *pg_publication(schema) {
    for (const pubname of schema.publications) yield { pubname };
  },
  *columns(schema) {
    for (const { schema: table_schema, local, columnMap, columns } of schema.relations())
      for (const column_name of columnMap.keys()) {
        const { type = '', notNull = false } = columns.get(column_name) ?? {};
        const data_type = type.endsWith('[]') ? 'ARRAY' : type.replace(/\(.*\)/, '');
        yield {
          table_name: local,
          table_schema,
          column_name,
          data_type,
          is_nullable: notNull ? 'NO' : 'YES',
        };
      }
  },
  *tables(schema) {
    for (const { schema: table_schema, local, kind } of schema.relations())
      if (/table$|^view$/.test(kind)) yield { table_name: local, table_schema };
  },
  *views(schema) {
    for (const { schema: table_schema, local, kind } of schema.relations())
      if (kind === 'view') yield { table_name: local, table_schema };
  },
  *table_constraints(schema) {
    for (const { schema: table_schema, local, constraintMap } of schema.relations())
      for (const { name, kind } of constraintMap.values())
        yield {
          constraint_name: name,
          table_name: local,
          table_schema,
          constraint_type: CONSTRAINT_WORDS[kind] ?? '',
        };
  },
  *triggers(schema) {
    for (const { schema: trigger_schema, local, triggerMap } of schema.relations())
      for (const trigger_name of triggerMap.keys())
        yield { trigger_name, event_object_table: local, trigger_schema };
  },
  *schemata(schema) {
    for (const schema_name of schema.schemas) yield { schema_name };
  },
  *routines(schema) {
    for (const { name, schema: routine_schema } of schema.routines())
      yield { routine_name: name, routine_schema };
  },
};
/** Roles are the cluster's, not the schema's: nothing here makes them, so none is known. */
const IN_INFORMATION_SCHEMA = /^(?:columns|tables|views|table_constraints|triggers|schemata|routines)$/;

/** Undefined for a question that is not of this kind. */
export function catalogueAnswer(schema: Schema, select: SelectStmt): Answer | undefined {
  const found = matching(schema, select);
  if (!found) return undefined;
  if (found.sure.length > 0) return 'yes';
  return found.unsure ? 'maybe' : 'no';
}

/** How many rows of the catalogue a query finds, where that is certain. */
export function catalogueCount(schema: Schema, select: SelectStmt): number | undefined {
  const found = matching(schema, select);
  return found && !found.unsure ? found.sure.length : undefined;
}

/** Rows of a query of one catalogue table, by the names of its targets; undefined where not all of it is known. */
export function rowsOfQuery(schema: Schema, query: Node): Record<string, string>[] | undefined {
  const select = as('SelectStmt', query);
  const [source, ...others] = select?.fromClause ?? [];
  if (!select || !source || others.length > 0) return undefined;
  const found = matching(schema, select);
  if (found === undefined || found.unsure) return undefined;
  const targets = all('ResTarget', select.targetList).map(({ name, val }) => {
    const column = columnOf(val) ?? '';
    return { name: name ?? column, column };
  });
  if (found.sure.some((row) => targets.some(({ column }) => row[column] === undefined))) return undefined;
  return found.sure.map((row) =>
    Object.fromEntries(
      targets.map(({ name, column }) => [name, (row[column] ?? '').split('|').at(-1) ?? '']),
    ),
  );
}

/** Rows for which all conditions hold, and whether there are some for which that cannot be told. */
function matching(
  schema: Schema,
  select: SelectStmt,
): { sure: Record<string, string>[]; unsure: boolean } | undefined {
  const sources = (select.fromClause ?? []).flatMap((node) => rangesIn(node));
  if (sources.length === 0 || !select.whereClause) return undefined;
  const tables = sources.map(({ schemaname, relname = '' }) => {
    const informational = IN_INFORMATION_SCHEMA.test(relname);
    return informational === (schemaname === 'information_schema') ? TABLES[relname] : undefined;
  });
  if (tables.some((table) => table === undefined)) return undefined;
  const conditions = conjuncts(select.whereClause)
    .filter((part) => !isJoin(part))
    .map(equality);
  if (conditions.every((condition) => condition === undefined)) return undefined;
  const main = mainTable(schema, tables, conditions);
  if (main === 'empty') return { sure: [], unsure: false };
  if (!main) return undefined;
  const sure: Record<string, string>[] = [];
  let unsure = false;
  for (const row of main(schema)) {
    const results = conditions.map((condition) => condition && matches(row, condition));
    if (results.some((result) => result === false)) continue;
    if (results.every((result) => result === true)) sure.push(row);
    else unsure = true;
  }
  return { sure, unsure };
}

/** The joined table whose rows carry most of the asked columns; `empty` where one has no rows at all. */
function mainTable(
  schema: Schema,
  tables: readonly (Rows | undefined)[],
  conditions: readonly (Condition | undefined)[],
): Rows | 'empty' | undefined {
  let best: Rows | undefined;
  let most = 0;
  for (const rows of tables) {
    const [sample] = rows?.(schema) ?? [];
    if (!sample) return 'empty';
    const carried = conditions.filter((condition) => condition && condition.column in sample).length;
    if (carried > most) {
      most = carried;
      best = rows;
    }
  }
  return best;
}

interface Condition {
  column: string;
  values: string[];
}

function matches(row: Record<string, string>, { column, values }: Condition): boolean | undefined {
  const actual = row[column];
  if (actual === undefined) return undefined;
  const names = actual.split('|');
  return values.some((value) => names.includes(value.replace(/"/g, '')));
}

function rangesIn(node: Node): { schemaname?: string; relname?: string }[] {
  const range = as('RangeVar', node);
  if (range) return [range];
  const join = as('JoinExpr', node);
  return join ? [join.larg, join.rarg].flatMap((side) => (side ? rangesIn(side) : [])) : [{ relname: '' }];
}

function conjuncts(node: Node): Node[] {
  const bool = as('BoolExpr', node);
  return bool?.boolop === 'AND_EXPR' ? (bool.args ?? []).flatMap(conjuncts) : [node];
}

/** `a.oid = b.relid`: rows here are joined already. */
function isJoin(node: Node): boolean {
  const expression = as('A_Expr', node);
  return columnOf(expression?.lexpr) !== undefined && columnOf(expression?.rexpr) !== undefined;
}

/** `column = 'text'` or `column IN ('a', 'b')`. */
function equality(node: Node): Condition | undefined {
  const expression = as('A_Expr', node);
  if (!expression || strings(expression.name).at(-1) !== '=') return undefined;
  const column = columnOf(expression.lexpr);
  if (column === undefined) return undefined;
  const list = as('List', expression.rexpr)?.items ?? as('A_ArrayExpr', expression.rexpr)?.elements;
  const values = (list ?? [expression.rexpr]).map((item) => scalar(item));
  return values.every((value) => typeof value === 'string') ? { column, values } : undefined;
}

function columnOf(node: Node | undefined): string | undefined {
  const cast = as('TypeCast', node);
  if (cast) return columnOf(cast.arg);
  return strings(as('ColumnRef', node)?.fields).at(-1);
}

/** A text, also within `to_regclass('x')`, `lower('x')` or `current_schema()`. */
function scalar(node: Node | undefined): string | null | undefined {
  const constant = evaluate(node);
  if (constant !== undefined) return constant;
  const special = as('SQLValueFunction', node);
  if (special?.op === 'SVFOP_CURRENT_SCHEMA') return 'public';
  const call = as('FuncCall', node);
  if (!call) return undefined;
  const name = strings(call.funcname).at(-1);
  if (name === 'current_schema') return 'public';
  const [argument] = all('A_Const', call.args);
  return argument && name === 'to_regclass' ? (argument.sval?.sval ?? undefined) : undefined;
}
