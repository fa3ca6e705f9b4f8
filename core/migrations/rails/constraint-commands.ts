/** Commands on the indexes and constraints of a table. */
import type { Reading, Unknown } from './column.ts';
import { createIndex, dropIndex } from './constraints.ts';
import { checkName, exclusionName, foreignKeyName, keyColumn, uniqueName } from './names.ts';
import { constraint } from './table.ts';
import { isFields, list, type Options, type Value, word } from './values.ts';

/** Statements of a command on a table, given what stands behind its name. */
export type TableCommand = (
  table: string,
  args: readonly (Value | undefined)[],
  options: Options,
  reading: Reading,
) => string[] | Unknown;

/** Why a statement is not known to be sent. */
export const UNDER_A_CONDITION = 'it runs under a condition';

export const CONSTRAINT_COMMANDS: Record<string, TableCommand> = {
  add_index: (table, [columns], options, reading) => one(createIndex(table, columns, options, reading)),
  remove_index: (table, [columns], options, reading) =>
    one(
      isFields(columns)
        ? dropIndex(table, undefined, columns.fields, reading)
        : dropIndex(table, columns, options, reading),
    ),
  rename_index: (table, [from, to], _, reading) => {
    const { writer } = reading;
    const [old, now] = [word(from), word(to)];
    if (old === undefined || now === undefined) return { unknown: 'which index is renamed is not known' };
    const renamed =
      writer.dialect === 'postgres'
        ? `ALTER INDEX ${writer.name(old)} RENAME TO ${writer.name(now)}`
        : writer.alter(table, `RENAME INDEX ${writer.name(old)} TO ${writer.name(now)}`);
    return unguarded(reading, renamed);
  },
  add_foreign_key: adding('foreign_key'),
  remove_foreign_key: (table, [target], options, reading) =>
    dropConstraint(table, foreignKeyNamed(table, target, options), options, reading),
  validate_foreign_key: (table, [target], options, reading) =>
    validated(table, foreignKeyNamed(table, target, options), reading),
  add_check_constraint: adding('check_constraint'),
  remove_check_constraint: (table, [what], options, reading) =>
    dropConstraint(table, constraintNamed(table, what, options, checkName), options, reading),
  validate_check_constraint: (table, [what], options, reading) =>
    validated(table, constraintNamed(table, what, options, checkName), reading),
  validate_constraint: (table, [name], _, reading) => validated(table, word(name), reading),
  add_unique_constraint: adding('unique_constraint'),
  add_unique_key: adding('unique_constraint'),
  remove_unique_constraint: (table, [columns], options, reading) => {
    const names = list(columns);
    const name = word(options.get('name')) ?? (names && uniqueName(table, names));
    return dropConstraint(table, name, options, reading);
  },
  add_exclusion_constraint: adding('exclusion_constraint'),
  remove_exclusion_constraint: (table, [what], options, reading) =>
    dropConstraint(table, constraintNamed(table, what, options, exclusionName), options, reading),
};

function adding(kind: string): TableCommand {
  return (table, [what], options, reading) => {
    const sql = constraint(kind, table, what, options, reading);
    return typeof sql === 'string' ? unguarded(reading, reading.writer.alter(table, `ADD ${sql}`)) : sql;
  };
}

export function dropConstraint(
  table: string,
  name: string | undefined,
  options: Options,
  { writer, guarded }: Reading,
): string[] | Unknown {
  if (name === undefined) return { unknown: `which constraint of ${table} is dropped is not known` };
  const exists = options.get('if_exists') === true || guarded ? 'IF EXISTS ' : '';
  return [writer.alter(table, `DROP CONSTRAINT ${exists}${writer.name(name)}`)];
}

/** Statements without IF EXISTS in SQL: under a guard it is not known whether they are sent. */
export function unguarded(reading: Reading, ...sql: string[]): string[] | Unknown {
  return reading.guarded ? { unknown: UNDER_A_CONDITION } : sql;
}

export function foreignKeyNamed(
  table: string,
  target: Value | undefined,
  options: Options,
): string | undefined {
  const to = word(target) ?? word(options.get('to_table'));
  const columns = list(options.get('column')) ?? (to === undefined ? undefined : [keyColumn(to)]);
  return word(options.get('name')) ?? (columns && foreignKeyName(table, columns));
}

/** A constraint's name, as the second argument, as an option, or as Rails makes it from what it is about. */
function constraintNamed(
  table: string,
  what: Value | undefined,
  options: Options,
  byDefault: (table: string, text: string) => string,
): string | undefined {
  const text = word(what) ?? word(options.get('expression'));
  return (
    word(options.get('name')) ??
    (isFields(what) ? word(what.fields.get('name')) : text && byDefault(table, text))
  );
}

function validated(table: string, name: string | undefined, reading: Reading): string[] | Unknown {
  if (name === undefined) return { unknown: 'which constraint is validated is not known' };
  const { writer } = reading;
  return unguarded(reading, writer.alter(table, `VALIDATE CONSTRAINT ${writer.name(name)}`));
}

function one(result: string | Unknown): string[] | Unknown {
  return typeof result === 'string' ? [result] : result;
}
