/** What Sequelize sends for the calls of its query interface (sequelize.org, “Query Interface”). */

import type { CallContext, CallResult } from './extract.ts';
import { sequelizeType } from './sequelize-type.ts';
import { type Chain, isSql, type Node } from './source.ts';
import type { ColumnSpec, Reference, Writer } from './writer.ts';

const READS = [
  'describeTable',
  'showAllTables',
  'tableExists',
  'showIndex',
  'select',
  'rawSelect',
  'showConstraint',
  'getForeignKeyReferencesForTable',
];
const ROWS = ['bulkInsert', 'bulkUpdate', 'bulkDelete', 'insert', 'upsert', 'update', 'delete', 'increment'];

export function sequelizeCall({ calls }: Chain, context: CallContext): CallResult {
  const { source, writer } = context;
  const last = calls.at(-1);
  if (!last?.called) return undefined;
  if (calls[0]?.name === 'sequelize') {
    if (last.name !== 'query') return undefined;
    const sql = source.word(last.args[0]);
    const filledIn = source.fields(last.args[1]);
    if (sql === undefined) return { unknown: 'the SQL is put together when it runs' };
    if (filledIn?.has('replacements') || filledIn?.has('bind'))
      return { unknown: 'the SQL has values that are filled in when it runs' };
    return [sql];
  }
  if (READS.includes(last.name)) return undefined;
  if (ROWS.includes(last.name)) return { unknown: `rows are changed by ${last.name}` };
  const [first, second, third] = last.args;
  const table = tableName(first, context);
  if (table === undefined) return { unknown: `the table of ${last.name} is not known` };
  const name = source.word(second);
  switch (last.name) {
    case 'createTable':
      return createTable(table, second, context);
    case 'dropTable':
      return [`DROP TABLE IF EXISTS ${writer.name(table)}`];
    case 'renameTable':
      return name === undefined
        ? { unknown: 'the new name is not known' }
        : [writer.alter(table, `RENAME TO ${writer.name(name)}`)];
    case 'addColumn':
    case 'changeColumn': {
      if (name === undefined) return { unknown: 'the name of the column is not known' };
      const column = columnOf(name, third, context);
      if (typeof column === 'string') return { unknown: column };
      return last.name === 'addColumn'
        ? [writer.alter(table, `ADD COLUMN ${writer.column(column)}`)]
        : [
            ...writer.changeColumn(table, { notNull: false, ...column }),
            ...constraintsOf(table, column, writer),
          ];
    }
    case 'removeColumn':
      return name === undefined
        ? { unknown: 'the name of the column is not known' }
        : [writer.alter(table, `DROP COLUMN ${writer.name(name)}`)];
    case 'renameColumn': {
      const to = source.word(third);
      if (name === undefined || to === undefined) return { unknown: 'the name of the column is not known' };
      return [writer.alter(table, `RENAME COLUMN ${writer.name(name)} TO ${writer.name(to)}`)];
    }
    case 'addIndex':
      return addIndex(table, second, third, context);
    case 'removeIndex': {
      const columns = source.list(second);
      if (!columns) return { unknown: 'the name of the index is not known' };
      return [writer.dropIndex(table, name ?? `${table}_${columns.join('_')}`)];
    }
    case 'addConstraint':
      return addConstraint(table, second, context);
    case 'removeConstraint':
      return name === undefined
        ? { unknown: 'the name of the constraint is not known' }
        : [writer.alter(table, `DROP CONSTRAINT ${writer.name(name)}`)];
    case 'createSchema':
      return [`CREATE SCHEMA ${writer.name(table)}`];
    case 'dropSchema':
      return [`DROP SCHEMA ${writer.name(table)}`];
    default:
      return { unknown: `${last.name} is not known` };
  }
}

/** What Sequelize adds to a column that it changes in PostgreSQL; MySQL's MODIFY says it by itself. */
function constraintsOf(table: string, { name, unique, references }: ColumnSpec, writer: Writer): string[] {
  if (writer.dialect === 'mysql') return [];
  return [
    ...(unique ? [writer.alter(table, `ADD UNIQUE (${writer.name(name)})`)] : []),
    ...(references
      ? [writer.alter(table, `ADD FOREIGN KEY (${writer.name(name)}) ${writer.references(references)}`)]
      : []),
  ];
}

/** A name, or `{ tableName, schema }`. */
function tableName(node: Node | undefined, { source }: CallContext): string | undefined {
  const plain = source.word(node);
  if (plain !== undefined) return plain;
  const fields = source.fields(node);
  const table = source.word(fields?.get('tableName'));
  const schema = source.word(fields?.get('schema'));
  return table !== undefined && schema !== undefined ? `${schema}.${table}` : table;
}

function createTable(table: string, node: Node | undefined, context: CallContext): CallResult {
  const { source, writer } = context;
  const fields = source.fields(node);
  if (!fields) return { unknown: `the columns of ${table} are not known` };
  const columns: ColumnSpec[] = [];
  for (const [name, value] of fields) {
    const column = columnOf(name, value, context);
    if (typeof column === 'string') return { unknown: column };
    columns.push(column);
  }
  const keys = columns.filter(({ primaryKey }) => primaryKey);
  const several = keys.length > 1;
  const parts = columns.map((column) => writer.column(several ? { ...column, primaryKey: false } : column));
  if (several) parts.push(`PRIMARY KEY (${writer.names(keys.map(({ name }) => name))})`);
  return [`CREATE TABLE IF NOT EXISTS ${writer.name(table)} (${parts.join(', ')})`];
}

/** In words what is not known, where something is not. */
function columnOf(name: string, node: Node | undefined, context: CallContext): ColumnSpec | string {
  const { source, writer } = context;
  const fields = source.fields(node);
  const type = sequelizeType(fields ? fields.get('type') : node, name, context);
  if (type === undefined) return `the type of ${name} is not known`;
  const column: ColumnSpec = { name, type };
  if (!fields) return column;
  const is = (field: string, value: boolean) => source.known(fields.get(field)) === value;
  if (is('allowNull', false)) column.notNull = true;
  if (is('primaryKey', true)) column.primaryKey = true;
  if (is('autoIncrement', true)) column.autoIncrement = true;
  const unique = fields.get('unique');
  if (unique && !is('unique', false)) column.unique = true;
  if (fields.has('defaultValue')) {
    const node = fields.get('defaultValue');
    const value = source.known(node);
    const now =
      node?.type === 'MemberExpression' && node.property.type === 'Identifier'
        ? node.property.name
        : undefined;
    if (isSql(value)) column.default = value.sql;
    else if (now === 'NOW') column.default = 'CURRENT_TIMESTAMP';
    // UUIDV1 and UUIDV4 are filled in by Sequelize, not by the database.
    else if (now !== 'UUIDV4' && now !== 'UUIDV1') {
      if (value === undefined || Array.isArray(value) || (typeof value === 'object' && value !== null))
        return `the default of ${name} is not known`;
      column.default = writer.literal(value);
    }
  }
  const references = fields.get('references');
  if (references) {
    const inner = source.fields(references);
    const model = tableName(inner?.get('model'), context) ?? source.word(references);
    if (model === undefined) return `what ${name} points at is not known`;
    column.references = {
      table: model,
      column: source.word(inner?.get('key')) ?? 'id',
      onDelete: source.word(fields.get('onDelete')),
      onUpdate: source.word(fields.get('onUpdate')),
    };
  }
  return column;
}

function addIndex(
  table: string,
  second: Node | undefined,
  third: Node | undefined,
  { source, writer }: CallContext,
): CallResult {
  const inFirst = source.list(second);
  const options = source.fields(inFirst ? third : second);
  const columns = inFirst ?? source.list(options?.get('fields'));
  if (!columns || options?.has('where')) return { unknown: 'the columns or rows of the index are not known' };
  const is = (field: string) => source.known(options?.get(field)) === true;
  const unique = is('unique') || source.known(options?.get('type')) === 'UNIQUE';
  const name =
    source.word(options?.get('name') ?? options?.get('indexName')) ??
    `${table}_${columns.join('_')}`.replaceAll('.', '_');
  return [
    writer.index(table, columns, {
      name,
      unique,
      concurrently: is('concurrently'),
      using: source.word(options?.get('using')),
    }),
  ];
}

function addConstraint(table: string, node: Node | undefined, { source, writer }: CallContext): CallResult {
  const fields = source.fields(node);
  const columns = source.list(fields?.get('fields'));
  const type = source.word(fields?.get('type'))?.toLowerCase();
  if (!fields || !columns) return { unknown: 'the constraint is not known' };
  const name =
    source.word(fields.get('name')) ??
    `${table}_${columns.join('_')}_${type === 'foreign key' ? 'fk' : type === 'unique' ? 'uk' : 'pk'}`;
  const head = `ADD CONSTRAINT ${writer.name(name)}`;
  if (type === 'unique') return [writer.alter(table, `${head} UNIQUE (${writer.names(columns)})`)];
  if (type === 'primary key') return [writer.alter(table, `${head} PRIMARY KEY (${writer.names(columns)})`)];
  if (type !== 'foreign key') return { unknown: `a constraint of type ${type} is not known` };
  const inner = source.fields(fields.get('references'));
  const target = source.word(inner?.get('table'));
  if (target === undefined) return { unknown: 'what the key points at is not known' };
  const reference: Reference = {
    table: target,
    column: source.word(inner?.get('field')) ?? 'id',
    onDelete: source.word(fields.get('onDelete')),
    onUpdate: source.word(fields.get('onUpdate')),
  };
  return [writer.foreignKey(table, columns, reference, name)];
}
