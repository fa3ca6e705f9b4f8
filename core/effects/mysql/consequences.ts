/** What ALTER TABLE makes of rows and of the code that uses them. SQLSTATEs are those of MySQL in strict mode. */
import type { AlterAction, ColumnDefinition } from '../../sql/mysql/ast.ts';
import { type Consequence, type DataDependence, noEffects, type StatementEffects } from '../effects.ts';
import { type MysqlCatalogue, type MysqlTable, typeText } from './catalogue.ts';
import { columnChange } from './column-change.ts';

type Consequences = Pick<StatementEffects, 'dataLoss' | 'incompatible' | 'irreversible' | 'dataDependent'>;

export function alterConsequences(
  table: MysqlTable,
  actions: readonly AlterAction[],
  catalogue: MysqlCatalogue,
  ignore: boolean,
): StatementEffects {
  const all: Consequences = { dataLoss: [], incompatible: [], irreversible: [], dataDependent: [] };
  for (const action of actions) collect(action, table, catalogue, all);
  if (ignore && all.dataDependent.length > 0) {
    const object = table.name;
    all.dataLoss.push({ object, message: `IGNORE throws rows of ${object} away that do not fit.` });
    all.dataDependent = [];
  }
  return { ...noEffects(), ...all };
}

function collect(action: AlterAction, table: MysqlTable, catalogue: MysqlCatalogue, all: Consequences): void {
  const name = table.name;
  const on = (column: string) => `${name}.${column}`;
  switch (action.action) {
    case 'add_column':
      addColumn(action.column, name, all);
      return;
    case 'drop_column': {
      const loss: Consequence = {
        object: on(action.name),
        message: `The values of ${on(action.name)} are gone.`,
      };
      if (!table.column(action.name)?.definition.generated) all.dataLoss.push(loss);
      all.irreversible.push(loss);
      all.incompatible.push({ object: on(action.name), message: `Code that uses ${on(action.name)} fails.` });
      return;
    }
    case 'modify_column':
      modify(action, table, all);
      return;
    case 'rename_column':
      all.incompatible.push({
        object: on(action.from),
        message: `${on(action.from)} is called ${action.to} from now on.`,
      });
      return;
    case 'rename_table':
      all.incompatible.push({ object: name, message: `${name} is called ${action.to} from now on.` });
      return;
    case 'drop_default':
      if (table.column(action.name)?.notNull !== false)
        all.incompatible.push({
          object: on(action.name),
          message: `INSERTs that leave ${on(action.name)} out fail.`,
        });
      return;
    case 'add_index':
      if (action.index.kind === 'unique' || action.index.kind === 'primary')
        all.dataDependent.push(...unique(name, action.index.columns, action.index.kind, table));
      return;
    case 'add_foreign_key':
      if (!catalogue.foreignKeyChecks) return;
      all.dataDependent.push(
        depends(
          name,
          action.key.columns,
          '23000',
          `It fails if ${list(action.key.columns)} holds values that ${action.key.references} does not have.`,
        ),
      );
      return;
    case 'add_check':
      if (action.enforced)
        all.dataDependent.push(
          depends(name, [], '23000', `It fails if a row does not satisfy ${action.expression}.`),
        );
      return;
    case 'convert_charset':
      all.dataDependent.push(
        depends(name, [], '22007', `It fails if a text has characters that ${action.charset} does not have.`),
      );
      return;
    case 'partition':
      partition(action, name, all);
      return;
    default:
  }
}

function addColumn(column: ColumnDefinition, table: string, all: Consequences): void {
  const object = `${table}.${column.name}`;
  const filled = column.default !== undefined || column.autoIncrement || column.generated !== undefined;
  if (column.notNull === true && !filled)
    all.incompatible.push({ object, message: `INSERTs that leave ${object} out fail in strict mode.` });
  if (
    column.key &&
    !column.autoIncrement &&
    (column.notNull === true || column.default !== undefined || column.key === 'primary')
  )
    all.dataDependent.push(
      depends(table, [column.name], '23000', `It fails if ${table} has two rows: both get the same value.`),
    );
  if (column.check)
    all.dataDependent.push(
      depends(table, [column.name], '23000', `It fails if the default does not satisfy the check.`),
    );
  const date = ['date', 'datetime', 'timestamp'].includes(column.type.base);
  if (date && column.notNull === true && !filled)
    all.dataDependent.push(
      depends(
        table,
        [column.name],
        '22007',
        `It fails if ${table} has rows: their zero dates are refused in strict mode.`,
      ),
    );
  if (column.references !== undefined && column.default !== undefined)
    all.dataDependent.push(
      depends(table, [column.name], '23000', `It fails if ${column.references} does not have the default.`),
    );
}

function unique(
  table: string,
  columns: readonly string[],
  kind: 'unique' | 'primary',
  known: MysqlTable,
): DataDependence[] {
  const found = [depends(table, columns, '23000', `It fails if ${list(columns)} has duplicates.`)];
  const nullable = columns.filter((column) => known.column(column)?.notNull !== true);
  if (kind === 'primary' && nullable.length > 0)
    found.push(depends(table, nullable, '22004', `It fails if ${list(nullable)} has NULLs.`));
  return found;
}

const TOO_SMALL = 'It fails in strict mode if a value does not fit; else values are cut off.';

function modify(
  action: Extract<AlterAction, { action: 'modify_column' }>,
  table: MysqlTable,
  all: Consequences,
): void {
  const { from, column } = action;
  const change = columnChange(table, from, column, action.position);
  const object = `${table.name}.${from}`;
  const say = (sqlState: string, message: string) =>
    all.dataDependent.push(depends(table.name, [from], sqlState, message));
  if (change.renamed)
    all.incompatible.push({ object, message: `${object} is called ${column.name} from now on.` });
  if (change.nullability === 'to_not_null') {
    say('22004', `It fails if ${from} has NULLs.`);
    all.incompatible.push({ object, message: `Code that writes NULL into ${object} fails.` });
  }
  if (
    column.key === 'unique' &&
    table.indexesWith(from).every(([, { unique: one, columns }]) => !one || columns.length > 1)
  )
    say('23000', `It fails if ${from} has duplicates.`);
  if (change.type === 'narrower') {
    say(stateOf(column), TOO_SMALL);
    all.incompatible.push({
      object,
      message: `Values that do not fit ${typeText(column.type)} are refused.`,
    });
    all.irreversible.push({ object, message: `Values of ${object} that were cut off do not come back.` });
  }
  if (change.type === 'other') {
    say('22007', `It fails if a value of ${from} is no ${column.type.base}.`);
    all.incompatible.push({ object, message: `${object} is of type ${typeText(column.type)} from now on.` });
  }
  if (change.type === 'charset')
    say('22007', `It fails if a text has characters that the new character set does not have.`);
  if (change.type === 'unknown')
    say(stateOf(column), `It may fail: what type ${from} has at present is not known.`);
}

function stateOf({ type: { base } }: ColumnDefinition): string {
  if (['char', 'varchar', 'binary', 'varbinary', 'tinytext', 'text', 'blob', 'tinyblob'].includes(base))
    return '22001';
  return ['enum', 'set'].includes(base) ? '01000' : '22003';
}

function partition(
  { what, names, other }: Extract<AlterAction, { action: 'partition' }>,
  table: string,
  all: Consequences,
): void {
  if (what === 'DROP' || what === 'TRUNCATE') {
    const message = `The rows of ${names.length > 0 ? names.join(', ') : 'the partitions'} of ${table} are gone.`;
    all.dataLoss.push({ object: table, message });
    all.irreversible.push({ object: table, message });
  }
  if (what === 'EXCHANGE' && other !== undefined)
    all.dataDependent.push(
      depends(table, [], 'HY000', `It fails if a row of ${other} does not belong into ${names.join(', ')}.`),
    );
  if (what === 'BY')
    all.dataDependent.push(
      depends(table, [], 'HY000', 'It fails if a row belongs into none of the partitions.'),
    );
}

function depends(
  table: string,
  columns: readonly string[],
  sqlState: string,
  message: string,
): DataDependence {
  const [column] = columns;
  return {
    object: columns.length === 1 ? `${table}.${column}` : table,
    columns: [...columns],
    sqlState,
    message,
  };
}

function list(columns: readonly string[]): string {
  return columns.length === 0 ? 'the key' : columns.join(', ');
}
