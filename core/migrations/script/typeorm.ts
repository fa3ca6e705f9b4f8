/** What TypeORM sends for the calls of its query runner (typeorm.io, “Query Runner API”). */
import type { CallContext, CallResult } from './extract.ts';
import type { Chain, Node } from './source.ts';
import type { ColumnSpec, Reference } from './writer.ts';

const READS = [
  'hasTable',
  'hasColumn',
  'getTable',
  'getTables',
  'manager',
  'connection',
  'startTransaction',
  'commitTransaction',
  'rollbackTransaction',
  'release',
  'connect',
  'getViews',
  'isTransactionActive',
];

export function typeormCall({ calls }: Chain, context: CallContext): CallResult {
  const { source, writer } = context;
  const [call] = calls;
  if (!call) return undefined;
  if (READS.includes(call.name))
    return call.name === 'manager' || call.name === 'connection'
      ? { unknown: 'rows are changed through entities' }
      : undefined;
  if (call.name === 'query') {
    const sql = source.word(call.args[0]);
    if (sql === undefined) return { unknown: 'the SQL is put together when it runs' };
    return call.args.length > 1 ? { unknown: 'the SQL has values that are filled in when it runs' } : [sql];
  }
  const [first, second, third] = call.args;
  const table = source.word(first);
  if (call.name === 'createTable') return createTable(first, source.known(second) === true, context);
  if (table === undefined) return { unknown: `the table of ${call.name} is not known` };
  const known = (value: string | undefined, make: (value: string) => string): CallResult =>
    value === undefined ? { unknown: `what ${call.name} is given is not known` } : [make(value)];
  switch (call.name) {
    case 'dropTable':
      return [`DROP TABLE ${source.known(second) === true ? 'IF EXISTS ' : ''}${writer.name(table)}`];
    case 'renameTable':
      return known(source.word(second), (to) => writer.alter(table, `RENAME TO ${writer.name(to)}`));
    case 'addColumn':
      return columns([second], context, (column) => writer.alter(table, `ADD ${writer.column(column)}`));
    case 'addColumns':
      return second?.type === 'ArrayExpression'
        ? columns(second.elements, context, (column) => writer.alter(table, `ADD ${writer.column(column)}`))
        : { unknown: 'the columns are not known' };
    case 'dropColumn':
      return known(source.word(second) ?? nameOf(second, context), (name) =>
        writer.alter(table, `DROP COLUMN ${writer.name(name)}`),
      );
    case 'dropColumns':
      return (source.list(second) ?? []).map((name) =>
        writer.alter(table, `DROP COLUMN ${writer.name(name)}`),
      );
    case 'renameColumn': {
      const [from, to] = [source.word(second), source.word(third)];
      if (from === undefined || to === undefined) return { unknown: 'the name of the column is not known' };
      return [writer.alter(table, `RENAME COLUMN ${writer.name(from)} TO ${writer.name(to)}`)];
    }
    case 'createIndex': {
      const index = indexOf(second, table, context);
      return index === undefined ? { unknown: 'the index is not known' } : [index];
    }
    case 'dropIndex':
      return known(source.word(second) ?? nameOf(second, context), (name) => writer.dropIndex(table, name));
    case 'createForeignKey': {
      const key = foreignKey(second, table, context);
      return key === undefined ? { unknown: 'the foreign key is not known' } : [key];
    }
    case 'dropForeignKey':
      return known(source.word(second) ?? nameOf(second, context), (name) =>
        writer.alter(
          table,
          writer.dialect === 'mysql'
            ? `DROP FOREIGN KEY ${writer.name(name)}`
            : `DROP CONSTRAINT ${writer.name(name)}`,
        ),
      );
    case 'createUniqueConstraint':
    case 'createPrimaryKey': {
      const fields = instance(second, context);
      const names = source.list(fields?.get('columnNames') ?? second);
      if (!names) return { unknown: 'the columns of the key are not known' };
      const name = source.word(fields?.get('name'));
      const kind = call.name === 'createPrimaryKey' ? 'PRIMARY KEY' : 'UNIQUE';
      return [
        writer.alter(
          table,
          `ADD ${name === undefined ? '' : `CONSTRAINT ${writer.name(name)} `}${kind} (${writer.names(names)})`,
        ),
      ];
    }
    case 'dropUniqueConstraint':
    case 'dropCheckConstraint':
      return known(source.word(second) ?? nameOf(second, context), (name) =>
        writer.alter(table, `DROP CONSTRAINT ${writer.name(name)}`),
      );
    case 'clearTable':
      return [`TRUNCATE TABLE ${writer.name(table)}`];
    case 'createSchema':
      return [`CREATE SCHEMA ${source.known(second) === true ? 'IF NOT EXISTS ' : ''}${writer.name(table)}`];
    default:
      return { unknown: `${call.name} is not known` };
  }
}

/** Fields of `new Table({…})` or of a plain object. */
function instance(node: Node | null | undefined, { source }: CallContext) {
  return source.fields(node?.type === 'NewExpression' ? node.arguments[0] : node);
}

function nameOf(node: Node | undefined, context: CallContext): string | undefined {
  return context.source.word(instance(node, context)?.get('name'));
}

function createTable(node: Node | undefined, ifNotExists: boolean, context: CallContext): CallResult {
  const { source, writer } = context;
  const fields = instance(node, context);
  const table = source.word(fields?.get('name'));
  const list = fields?.get('columns');
  if (!fields || table === undefined || list?.type !== 'ArrayExpression')
    return { unknown: 'the table is not known' };
  const parts = columns(list.elements, context, (column) => writer.column(column));
  if (!Array.isArray(parts)) return parts;
  const sent = [
    `CREATE TABLE ${ifNotExists ? 'IF NOT EXISTS ' : ''}${writer.name(table)} (${parts.join(', ')})`,
  ];
  for (const [field, make] of [
    ['foreignKeys', foreignKey],
    ['indices', indexOf],
  ] as const) {
    const items = fields.get(field);
    if (items === undefined) continue;
    if (items.type !== 'ArrayExpression') return { unknown: `the ${field} of ${table} are not known` };
    for (const item of items.elements) {
      const sql = make(item, table, context);
      if (sql === undefined) return { unknown: `the ${field} of ${table} are not known` };
      sent.push(sql);
    }
  }
  return sent;
}

function columns(
  nodes: readonly (Node | null | undefined)[],
  context: CallContext,
  make: (column: ColumnSpec) => string,
): string[] | { unknown: string } {
  const made: string[] = [];
  for (const node of nodes) {
    const column = columnOf(node, context);
    if (!column) return { unknown: 'a column is not known' };
    made.push(make(column));
  }
  return made;
}

function columnOf(node: Node | null | undefined, context: CallContext): ColumnSpec | undefined {
  const { source } = context;
  const fields = instance(node, context);
  const [name, type] = [source.word(fields?.get('name')), source.word(fields?.get('type'))];
  if (!fields || name === undefined || type === undefined) return undefined;
  const is = (field: string) => source.known(fields.get(field)) === true;
  const length = source.known(fields.get('length'));
  const column: ColumnSpec = {
    name,
    type: length === undefined || length === '' ? type : `${type}(${length})`,
  };
  if (is('isArray')) column.type += '[]';
  if (!is('isNullable')) column.notNull = true;
  if (is('isPrimary')) column.primaryKey = true;
  if (is('isUnique')) column.unique = true;
  const uuid = source.known(fields.get('generationStrategy')) === 'uuid';
  if (is('isGenerated') && !uuid) column.autoIncrement = true;
  if (uuid) column.default = 'uuid_generate_v4()';
  if (fields.has('default')) {
    // TypeORM puts the text into the SQL as it is.
    const value = source.known(fields.get('default'));
    if (value === undefined || (typeof value === 'object' && value !== null && !('sql' in value)))
      return undefined;
    column.default =
      typeof value === 'object' && value !== null && 'sql' in value ? value.sql : String(value ?? 'NULL');
  }
  return column;
}

function foreignKey(node: Node | null | undefined, table: string, context: CallContext): string | undefined {
  const { source, writer } = context;
  const fields = instance(node, context);
  const columnNames = source.list(fields?.get('columnNames'));
  const target = source.word(fields?.get('referencedTableName'));
  const targets = source.list(fields?.get('referencedColumnNames'));
  if (!fields || !columnNames || target === undefined || targets?.length !== 1) return undefined;
  const reference: Reference = {
    table: target,
    column: targets[0],
    onDelete: source.word(fields.get('onDelete')),
    onUpdate: source.word(fields.get('onUpdate')),
  };
  return writer.foreignKey(table, columnNames, reference, source.word(fields.get('name')));
}

function indexOf(node: Node | null | undefined, table: string, context: CallContext): string | undefined {
  const { source, writer } = context;
  const fields = instance(node, context);
  const names = source.list(fields?.get('columnNames'));
  if (!fields || !names || fields.has('where')) return undefined;
  const name = source.word(fields.get('name')) ?? `IDX_${table}_${names.join('_')}`;
  return writer.index(table, names, {
    name,
    unique: source.known(fields.get('isUnique')) === true,
    concurrently: source.known(fields.get('isConcurrent')) === true,
  });
}
