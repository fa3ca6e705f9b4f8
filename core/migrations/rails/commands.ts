/** What Rails sends for the commands of a migration (activerecord, `schema_statements.rb`, PostgreSQL’s and MySQL’s own). */
import type { Reading, Unknown } from './column.ts';
import { CONSTRAINT_COMMANDS, type TableCommand, UNDER_A_CONDITION } from './constraint-commands.ts';
import { keyColumn } from './names.ts';
import { HARMLESS_UNDER_GUARD, OTHER_COMMANDS } from './other-commands.ts';
import { type Call, createTable } from './table.ts';
import { addColumn, TABLE_COMMANDS } from './table-commands.ts';
import { isFields, type Options, type Value, word } from './values.ts';

/** Undefined: not a command of Rails. */
export type Sent = string[] | Unknown | undefined;
/** Statements of a command that was given without a block. */
export function command({ name, args, options }: Call, reading: Reading): Sent {
  if (name === 'drop_join_table')
    return [`DROP TABLE ${reading.writer.name(joinTable(args[0], args[1], options))}`];
  const other = OTHER_COMMANDS[name];
  if (other && reading.guarded && !HARMLESS_UNDER_GUARD.has(name)) return { unknown: UNDER_A_CONDITION };
  if (other) return other(args, options, reading);
  const onTable = ON_TABLE[name];
  if (!onTable) return undefined;
  const table = word(args[0]);
  if (table === undefined) return { unknown: `the table of ${name} is not known` };
  return onTable(table, args.slice(1), options, reading);
}

const ON_TABLE: Record<string, TableCommand> = { ...TABLE_COMMANDS, ...CONSTRAINT_COMMANDS };

/** What a call on `t` in `change_table` sends: the same as the command for a table by name. */
const ON_T: Record<string, string> = {
  remove: 'remove_columns',
  rename: 'rename_column',
  change: 'change_column',
  change_default: 'change_column_default',
  change_null: 'change_column_null',
  remove_index: 'remove_index',
  rename_index: 'rename_index',
  remove_references: 'remove_reference',
  remove_belongs_to: 'remove_reference',
  remove_timestamps: 'remove_timestamps',
  remove_foreign_key: 'remove_foreign_key',
  remove_check_constraint: 'remove_check_constraint',
  remove_unique_constraint: 'remove_unique_constraint',
  remove_exclusion_constraint: 'remove_exclusion_constraint',
  validate_foreign_key: 'validate_foreign_key',
  validate_check_constraint: 'validate_check_constraint',
  timestamps: 'add_timestamps',
  references: 'add_reference',
  belongs_to: 'add_reference',
  index: 'add_index',
  column: 'add_column',
  foreign_key: 'add_foreign_key',
  check_constraint: 'add_check_constraint',
  unique_constraint: 'add_unique_constraint',
  exclusion_constraint: 'add_exclusion_constraint',
};

/** `change_table`; with `bulk: true` what alters the table is sent as one statement. */
export function changeTable(table: string, options: Options, calls: readonly Call[], reading: Reading): Sent {
  const sent: string[] = [];
  for (const { name, args, options: own } of calls) {
    const same = ON_T[name];
    const results =
      same === undefined
        ? args.map((arg) => addColumn(table, [arg, name], own, reading))
        : [ON_TABLE[same]?.(table, args, own, reading) ?? { unknown: `t.${name} is not known` }];
    for (const result of results) {
      if (!Array.isArray(result)) return result;
      sent.push(...result);
    }
  }
  if (options.get('bulk') !== true) return sent;
  const head = `ALTER TABLE ${reading.writer.name(table)} `;
  const isAltering = (sql: string) => sql.startsWith(head) && !sql.startsWith(`${head}RENAME`);
  const altering = sent.filter(isAltering);
  if (altering.length < 2) return sent;
  const together = head + altering.map((sql) => sql.slice(head.length)).join(', ');
  return [together, ...sent.filter((sql) => !isAltering(sql))];
}

/** The name of a join table: both names in order, what they begin with in common once (Rails, “create_join_table”). */
function joinTable(one: Value | undefined, two: Value | undefined, options: Options): string {
  const given = word(options.get('table_name'));
  if (given !== undefined) return given;
  return [String(one), String(two)]
    .sort()
    .join('\0')
    .replace(/^(.*[._])(.+)\0\1(.+)/, '$1$2_$3')
    .replace('\0', '_');
}

/** `create_join_table`: a table of two keys and what its block adds. */
export function joinTableCall(
  { args: [one, two], options, node }: Call,
  calls: Call[] | Unknown,
  reading: Reading,
): string[] | Unknown {
  if (!Array.isArray(calls)) return calls;
  const given = options.get('column_options');
  const own = new Map<string, Value | undefined>([
    ['null', false],
    ['index', false],
    ...(isFields(given) ? given.fields : []),
  ]);
  const keys = [one, two].map((table): Call => {
    const name = keyColumn(String(table)).replace(/_id$/, '');
    return { name: 'references', args: [name], options: own, node };
  });
  return createTable(
    joinTable(one, two, options),
    new Map([...options, ['id', false]]),
    [...keys, ...calls],
    reading,
  );
}
