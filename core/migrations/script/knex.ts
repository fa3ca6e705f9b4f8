/** What Knex sends for the calls of its schema builder (knexjs.org, “Schema Builder”), with its names of keys and indexes. */

import type { CallContext, CallResult } from './extract.ts';
import { knexColumn } from './knex-column.ts';
import { type Call, type Chain, chainOf, isFunction, type Node, parameter } from './source.ts';
import type { ColumnSpec, Reference } from './writer.ts';

const ROWS = [
  'insert',
  'update',
  'del',
  'delete',
  'truncate',
  'increment',
  'decrement',
  'upsert',
  'batchInsert',
  'merge',
];
const READS = [
  'hasTable',
  'hasColumn',
  'select',
  'first',
  'columnInfo',
  'pluck',
  'count',
  'fn',
  'ref',
  'destroy',
  'client',
];

export function knexCall(chain: Chain, context: CallContext): CallResult {
  const { source } = context;
  const names = chain.calls.map(({ name }) => name);
  if (chain.rootCall !== undefined || names.some((name) => ROWS.includes(name))) {
    if (!names.some((name) => ROWS.includes(name))) return undefined;
    return { unknown: 'rows are changed by the query builder' };
  }
  if (!names.includes('schema')) {
    const raw = chain.calls.find(({ name }) => name === 'raw');
    if (raw) return rawSql(raw, context);
    return names.some((name) => READS.includes(name)) || names.length === 0
      ? undefined
      : { unknown: `${names[0]} is not known` };
  }
  let schema: string | undefined;
  const sent: string[] = [];
  for (const call of chain.calls.slice(names.indexOf('schema') + 1)) {
    if (call.name === 'withSchema') {
      schema = source.word(call.args[0]);
      if (schema === undefined) return { unknown: 'the name of the schema is not known' };
      continue;
    }
    if (READS.includes(call.name)) continue;
    const result = schemaCall(call, schema, context);
    if (!Array.isArray(result)) return result;
    sent.push(...result);
  }
  return sent;
}

function rawSql({ args }: Call, { source }: CallContext): string[] | { unknown: string } {
  const sql = source.word(args[0]);
  if (sql === undefined) return { unknown: 'the SQL is put together when it runs' };
  if (args.length > 1 && /\?|:\w/.test(sql))
    return { unknown: 'the SQL has values that are filled in when it runs' };
  return [sql];
}

function schemaCall(
  call: Call,
  schema: string | undefined,
  context: CallContext,
): string[] | { unknown: string } {
  const { source, writer } = context;
  if (call.name === 'raw') return rawSql(call, context);
  const plain = source.word(call.args[0]);
  if (plain === undefined) return { unknown: `the name in ${call.name} is not known` };
  const table = schema === undefined ? plain : `${schema}.${plain}`;
  switch (call.name) {
    case 'createTable':
    case 'createTableIfNotExists':
    case 'alterTable':
    case 'table':
      return tableCall(call, table, context);
    case 'dropTable':
      return [`DROP TABLE ${writer.name(table)}`];
    case 'dropTableIfExists':
      return [`DROP TABLE IF EXISTS ${writer.name(table)}`];
    case 'renameTable': {
      const to = source.word(call.args[1]);
      if (to === undefined) return { unknown: 'the new name of the table is not known' };
      return [writer.alter(table, `RENAME TO ${writer.name(to)}`)];
    }
    case 'createSchema':
      return [`CREATE SCHEMA ${writer.name(plain)}`];
    case 'createSchemaIfNotExists':
      return [`CREATE SCHEMA IF NOT EXISTS ${writer.name(plain)}`];
    case 'dropSchema':
      return [`DROP SCHEMA ${writer.name(plain)}`];
    case 'dropSchemaIfExists':
      return [`DROP SCHEMA IF EXISTS ${writer.name(plain)}`];
    case 'createExtension':
    case 'createExtensionIfNotExists':
      return [
        `CREATE EXTENSION ${call.name.endsWith('Exists') ? 'IF NOT EXISTS ' : ''}${writer.name(plain)}`,
      ];
    case 'dropView':
      return [`DROP VIEW ${writer.name(table)}`];
    case 'dropViewIfExists':
      return [`DROP VIEW IF EXISTS ${writer.name(table)}`];
    default:
      return { unknown: `${call.name} is not known` };
  }
}

/** What the callback of createTable or alterTable makes of its table. */
interface TableWork {
  columns: ColumnSpec[];
  /** Behind CREATE TABLE, or on their own. */
  after: string[];
}

function tableCall(
  { name, args }: Call,
  table: string,
  context: CallContext,
): string[] | { unknown: string } {
  const { writer } = context;
  const callback = args.at(-1);
  if (!isFunction(callback) || callback.body.type !== 'BlockStatement') {
    if (!isFunction(callback)) return { unknown: `what ${name} does with ${table} is not known` };
  }
  const builder = parameter(callback) ?? 'this';
  const bodies = callback.body.type === 'BlockStatement' ? callback.body.body : [callback.body];
  const work: TableWork = { columns: [], after: [] };
  const creates = name.startsWith('create');
  for (const statement of bodies) {
    if (statement.type === 'EmptyStatement') continue;
    const expression: Node | null | undefined =
      statement.type === 'ExpressionStatement'
        ? statement.expression
        : statement.type === 'ReturnStatement'
          ? statement.argument
          : statement;
    const chain = expression ? chainOf(expression) : undefined;
    const problem =
      !chain || chain.root !== builder
        ? 'it is not a call of the table'
        : builderCall(chain, table, creates, work, context);
    if (problem !== undefined)
      return { unknown: `line ${statement.loc?.start.line} of ${name} of ${table}: ${problem}` };
  }
  if (!creates)
    return [
      ...work.columns.map((column) => writer.alter(table, `ADD COLUMN ${writer.column(column, INLINE)}`)),
      ...work.after,
    ];
  const exists = name.endsWith('IfNotExists') ? 'IF NOT EXISTS ' : '';
  const columns = work.columns.map((column) => writer.column(column, INLINE)).join(', ');
  return [`CREATE TABLE ${exists}${writer.name(table)} (${columns})`, ...work.after];
}

/** Knex adds keys in statements of their own. */
const INLINE = { references: false, unique: false };

/** Undefined where all is well, else what is not known. */
function builderCall(
  chain: Chain,
  table: string,
  creates: boolean,
  work: TableWork,
  context: CallContext,
): string | undefined {
  const { source, writer } = context;
  const [first, ...rest] = chain.calls;
  if (!first) return 'nothing is called';
  const base = table.replace(/^.*\./, '');
  const named = (columns: readonly string[], kind: string) =>
    `${base}_${columns.join('_')}_${kind}`.toLowerCase();
  const list = source.list(first.args[0]);
  switch (first.name) {
    case 'timestamps': {
      const now = source.known(first.args[1]) === true;
      for (const name of ['created_at', 'updated_at'])
        work.columns.push({
          name,
          type: timestampType(writer.dialect),
          ...(now ? { notNull: true, default: 'CURRENT_TIMESTAMP' } : {}),
        });
      return undefined;
    }
    case 'dropTimestamps':
      for (const name of ['created_at', 'updated_at'])
        work.after.push(writer.alter(table, `DROP COLUMN ${writer.name(name)}`));
      return undefined;
    case 'dropColumn':
    case 'dropColumns': {
      const names = first.args.flatMap((argument) => source.list(argument) ?? []);
      if (names.length === 0) return 'the name of the column is not known';
      for (const name of names) work.after.push(writer.alter(table, `DROP COLUMN ${writer.name(name)}`));
      return undefined;
    }
    case 'renameColumn': {
      const [from, to] = [source.word(first.args[0]), source.word(first.args[1])];
      if (from === undefined || to === undefined) return 'the name of the column is not known';
      work.after.push(writer.alter(table, `RENAME COLUMN ${writer.name(from)} TO ${writer.name(to)}`));
      return undefined;
    }
    case 'setNullable':
    case 'dropNullable': {
      const [name] = list ?? [];
      if (name === undefined) return 'the name of the column is not known';
      work.after.push(
        writer.alter(
          table,
          `ALTER COLUMN ${writer.name(name)} ${first.name === 'setNullable' ? 'DROP' : 'SET'} NOT NULL`,
        ),
      );
      return undefined;
    }
    case 'primary':
    case 'unique':
    case 'index': {
      if (!list) return 'the columns of the key are not known';
      const options = source.fields(first.args[1]);
      const name = source.word(options?.get('indexName') ?? options?.get('constraintName') ?? first.args[1]);
      if (first.name === 'index')
        work.after.push(
          writer.index(table, list, {
            name: name ?? named(list, 'index'),
            using: source.word(first.args[2]),
          }),
        );
      else if (first.name === 'primary')
        work.after.push(
          writer.alter(
            table,
            `ADD CONSTRAINT ${writer.name(name ?? `${base}_pkey`)} PRIMARY KEY (${writer.names(list)})`,
          ),
        );
      else work.after.push(unique(table, list, name ?? named(list, 'unique'), context));
      return undefined;
    }
    case 'foreign': {
      if (!list) return 'the columns of the key are not known';
      const reference = referenceOf(rest, context);
      if (!reference) return 'what the key points at is not known';
      work.after.push(writer.foreignKey(table, list, reference, named(list, 'foreign')));
      return undefined;
    }
    case 'dropForeign':
    case 'dropUnique':
    case 'dropPrimary':
    case 'dropIndex': {
      const kind = { dropForeign: 'foreign', dropUnique: 'unique', dropIndex: 'index', dropPrimary: 'pkey' }[
        first.name
      ];
      const name =
        source.word(first.args[first.name === 'dropPrimary' ? 0 : 1]) ??
        (first.name === 'dropPrimary' ? `${base}_pkey` : list && named(list, kind));
      if (name === undefined) return 'the name of the key is not known';
      if (first.name === 'dropIndex' || (first.name === 'dropUnique' && writer.dialect !== 'postgres'))
        work.after.push(writer.dropIndex(table, name));
      else if (first.name === 'dropForeign' && writer.dialect === 'mysql')
        work.after.push(writer.alter(table, `DROP FOREIGN KEY ${writer.name(name)}`));
      else work.after.push(writer.alter(table, `DROP CONSTRAINT ${writer.name(name)}`));
      return undefined;
    }
    case 'comment':
    case 'engine':
    case 'charset':
    case 'collate':
      return undefined;
    default:
  }
  const column = knexColumn(first, context);
  if (typeof column === 'string') return column;
  return columnCall(column, rest, { table, creates, work, named }, context);
}

function timestampType(dialect: string): string {
  return dialect === 'postgres' ? 'timestamptz' : dialect === 'mysql' ? 'timestamp' : 'datetime';
}

function unique(table: string, columns: readonly string[], name: string, { writer }: CallContext): string {
  return writer.dialect === 'postgres'
    ? writer.alter(table, `ADD CONSTRAINT ${writer.name(name)} UNIQUE (${writer.names(columns)})`)
    : writer.index(table, columns, { name, unique: true });
}

interface ColumnPlace {
  table: string;
  creates: boolean;
  work: TableWork;
  named: (columns: readonly string[], kind: string) => string;
}

/** The modifiers behind a column. */
function columnCall(
  column: ColumnSpec,
  modifiers: readonly Call[],
  { table, creates, work, named }: ColumnPlace,
  context: CallContext,
): string | undefined {
  const { source, writer } = context;
  let changes = false;
  for (const { name, args } of modifiers) {
    if (name === 'notNullable' || name === 'notNull') column.notNull = true;
    else if (name === 'nullable') column.notNull = source.known(args[0]) === false;
    else if (name === 'primary') column.primaryKey = true;
    else if (name === 'unsigned' && writer.dialect === 'mysql') column.type += ' unsigned';
    else if (name === 'alter') changes = true;
    else if (name === 'defaultTo') {
      const value = source.known(args[0]);
      if (value === undefined || Array.isArray(value)) return 'the default is not known';
      if (typeof value === 'object' && value !== null) {
        if (!('sql' in value)) return 'the default is not known';
        column.default = value.sql;
      } else column.default = writer.literal(value);
    } else if (name === 'unique')
      work.after.push(
        unique(
          table,
          [column.name],
          source.word(source.fields(args[0])?.get('indexName')) ?? named([column.name], 'unique'),
          context,
        ),
      );
    else if (name === 'index')
      work.after.push(
        writer.index(table, [column.name], {
          name: source.word(args[0]) ?? named([column.name], 'index'),
          using: source.word(args[1]),
        }),
      );
  }
  if (modifiers.some(({ name }) => name === 'references' || name === 'inTable')) {
    const reference = referenceOf(modifiers, context);
    if (!reference) return 'what the key points at is not known';
    work.after.push(writer.foreignKey(table, [column.name], reference, named([column.name], 'foreign')));
  }
  if (changes && !creates) work.after.unshift(...writer.changeColumn(table, column));
  else work.columns.push(column);
  return undefined;
}

/** `.references('id').inTable('users')`, `.references('users.id')`. */
function referenceOf(calls: readonly Call[], { source }: CallContext): Reference | undefined {
  const word = (name: string) => source.word(calls.find((call) => call.name === name)?.args[0]);
  const references = source.list(calls.find(({ name }) => name === 'references')?.args[0])?.[0];
  const inTable = word('inTable') ?? word('on');
  const dot = references?.lastIndexOf('.') ?? -1;
  const table = inTable ?? (dot > 0 ? references?.slice(0, dot) : undefined);
  if (table === undefined || references === undefined) return undefined;
  return { table, column: references.slice(dot + 1), onDelete: word('onDelete'), onUpdate: word('onUpdate') };
}
