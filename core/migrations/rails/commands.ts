/** What Rails sends for the commands of a migration (activerecord, `schema_statements.rb`, PostgreSQL’s and MySQL’s own). */
import { defaultSql, type Reading, typeSql, type Unknown, valueSql } from './column.ts';
import { createIndex, dropIndex } from './constraints.ts';
import { checkName, exclusionName, foreignKeyName, indexName, keyColumn, uniqueName } from './names.ts';
import { OTHER_COMMANDS } from './other-commands.ts';
import {
  type Call,
  column,
  constraint,
  createTable,
  reference,
  type TableWork,
  tableComment,
  timestamps,
} from './table.ts';
import { isFields, list, type Options, type Value, word } from './values.ts';

/** Undefined: not a command of Rails. */
export type Sent = string[] | Unknown | undefined;
type Args = readonly (Value | undefined)[];
type TableCommand = (table: string, args: Args, options: Options, reading: Reading) => string[] | Unknown;

/** Statements of a command that was given without a block. */
export function command({ name, args, options }: Call, reading: Reading): Sent {
  if (name === 'drop_join_table')
    return [`DROP TABLE ${reading.writer.name(joinTable(args[0], args[1], options))}`];
  const other = OTHER_COMMANDS[name];
  if (other) return other(args, options, reading);
  const onTable = ON_TABLE[name];
  if (!onTable) return undefined;
  const table = word(args[0]);
  if (table === undefined) return { unknown: `the table of ${name} is not known` };
  return onTable(table, args.slice(1), options, reading);
}

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
  const altering = sent.filter((sql) => sql.startsWith(head));
  if (altering.length < 2) return sent;
  const together = head + altering.map((sql) => sql.slice(head.length)).join(', ');
  return [together, ...sent.filter((sql) => !sql.startsWith(head))];
}

const addColumn: TableCommand = (table, [name, type], options, reading) => {
  const kind = word(type);
  if (kind === undefined) return { unknown: `the type of a column of ${table} is not known` };
  return adding(table, options, reading, (work) => column(table, word(name), kind, options, work, reading));
};

/** ADD for each part, then the statements behind it. */
function adding(
  table: string,
  options: Options,
  reading: Reading,
  fill: (work: TableWork) => Unknown | undefined,
): string[] | Unknown {
  const work: TableWork = { parts: [], after: [] };
  const problem = fill(work);
  if (problem) return problem;
  const { writer } = reading;
  const isThere = options.get('if_not_exists') === true || reading.guarded;
  const word = isThere && writer.dialect === 'postgres' ? 'COLUMN IF NOT EXISTS ' : 'COLUMN ';
  return [
    ...work.parts.map((part) =>
      writer.alter(table, `ADD ${part.startsWith('CONSTRAINT ') ? '' : word}${part}`),
    ),
    ...work.after,
  ];
}

function dropColumns(
  table: string,
  names: readonly string[],
  options: Options,
  { writer, guarded }: Reading,
): string[] {
  const exists = options.get('if_exists') === true || guarded ? 'IF EXISTS ' : '';
  return [writer.alter(table, names.map((name) => `DROP COLUMN ${exists}${writer.name(name)}`).join(', '))];
}

function dropConstraint(
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
function unguarded(reading: Reading, ...sql: string[]): string[] | Unknown {
  return reading.guarded ? { unknown: 'it runs under a condition' } : sql;
}

function foreignKeyNamed(table: string, target: Value | undefined, options: Options): string | undefined {
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

const addConstraint =
  (kind: string): TableCommand =>
  (table, [what], options, reading) => {
    if (options.get('if_not_exists') === true) return unguarded({ ...reading, guarded: true });
    const sql = constraint(kind, table, what, options, reading);
    return typeof sql === 'string' ? unguarded(reading, reading.writer.alter(table, `ADD ${sql}`)) : sql;
  };

const removeReference: TableCommand = (table, names, options, reading) => {
  const sent: string[] = [];
  for (const given of names) {
    const name = word(given);
    if (name === undefined) return { unknown: `which reference of ${table} is removed is not known` };
    const key = options.get('foreign_key');
    if (key) {
      const named = foreignKeyNamed(
        table,
        undefined,
        new Map([...(isFields(key) ? key.fields : []), ['column', `${name}_id`]]),
      );
      const dropped = dropConstraint(table, named, options, reading);
      if (!Array.isArray(dropped)) return dropped;
      sent.push(...dropped);
    }
    const columns = options.get('polymorphic') ? [`${name}_type`, `${name}_id`] : [`${name}_id`];
    sent.push(...dropColumns(table, columns, options, reading));
  }
  return sent;
};

const changeColumn: TableCommand = (table, [name, type], options, reading) => {
  const { writer } = reading;
  const [column, kind] = [word(name), word(type)];
  if (column === undefined || kind === undefined)
    return { unknown: `what ${table} is changed to is not known` };
  const sql = typeSql(kind, options, reading);
  if (typeof sql !== 'string') return sql;
  const byDefault = defaultSql(kind, options, reading);
  if (typeof byDefault === 'object') return byDefault;
  const isNull = options.get('null');
  if (writer.dialect !== 'postgres') {
    const spec = { name: column, type: sql, ...(byDefault === undefined ? {} : { default: byDefault }) };
    return unguarded(
      reading,
      ...writer.changeColumn(table, isNull === false ? { ...spec, notNull: true } : spec),
    );
  }
  const on = (action: string) => `ALTER COLUMN ${writer.name(column)} ${action}`;
  const using =
    word(options.get('using')) ??
    (options.has('cast_as') ? `CAST(${writer.name(column)} AS ${word(options.get('cast_as'))})` : undefined);
  const actions = [
    on(`TYPE ${sql}${using === undefined ? '' : ` USING ${using}`}`),
    options.has('default') && on(byDefault === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${byDefault}`),
    options.has('null') && on(isNull === false ? 'SET NOT NULL' : 'DROP NOT NULL'),
  ];
  return unguarded(reading, writer.alter(table, actions.filter(Boolean).join(', ')));
};

const ON_TABLE: Record<string, TableCommand> = {
  add_column: addColumn,
  add_columns: (table, names, options, reading) => {
    const type = word(options.get('type'));
    if (type === undefined) return { unknown: `the type of columns of ${table} is not known` };
    return flat(names.map((name) => addColumn(table, [name, type], options, reading)));
  },
  remove_column: (table, [name], options, reading) => {
    const column = word(name);
    if (column === undefined) return { unknown: `which column of ${table} is removed is not known` };
    return dropColumns(table, [column], options, reading);
  },
  remove_columns: (table, names, options, reading) => {
    const columns = names.flatMap((name) => list(name) ?? []);
    if (columns.length < names.length)
      return { unknown: `which columns of ${table} are removed is not known` };
    return dropColumns(table, columns, options, reading);
  },
  rename_column: (table, [from, to], _, reading) => {
    const { writer, version } = reading;
    const [old, now] = [word(from), word(to)];
    if (old === undefined || now === undefined)
      return { unknown: `which column of ${table} is renamed is not known` };
    // Its index goes along where it has the name that Rails gives.
    const index =
      writer.dialect === 'postgres'
        ? [
            `ALTER INDEX IF EXISTS ${writer.name(indexName(table, [old], version))} ` +
              `RENAME TO ${writer.name(indexName(table, [now], version))}`,
          ]
        : [];
    return unguarded(
      reading,
      writer.alter(table, `RENAME COLUMN ${writer.name(old)} TO ${writer.name(now)}`),
      ...index,
    );
  },
  change_column: changeColumn,
  change_column_default: (table, [name, value], options, reading) => {
    const { writer } = reading;
    const column = word(name);
    const given = isFields(value) ? value.fields : options;
    const to = given.has('to') ? given.get('to') : value;
    if (column === undefined || to === undefined)
      return { unknown: `the default of a column of ${table} is not known` };
    const sql = to === null ? undefined : valueSql(to, '', Array.isArray(to), reading);
    if (to !== null && sql === undefined) return { unknown: 'the default is not known' };
    return unguarded(
      reading,
      writer.alter(
        table,
        `ALTER COLUMN ${writer.name(column)} ${sql === undefined ? 'DROP DEFAULT' : `SET DEFAULT ${sql}`}`,
      ),
    );
  },
  change_column_null: (table, [name, isNull, byDefault], _, reading) => {
    const { writer } = reading;
    const column = word(name);
    if (column === undefined || typeof isNull !== 'boolean')
      return { unknown: `which column of ${table} may be null is not known` };
    const filled =
      isNull || byDefault === undefined || byDefault === null
        ? undefined
        : valueSql(byDefault, '', false, reading);
    const alter = `ALTER COLUMN ${writer.name(column)} ${isNull ? 'DROP' : 'SET'} NOT NULL`;
    const fill = `UPDATE ${writer.name(table)} SET ${writer.name(column)} = ${filled} WHERE ${writer.name(column)} IS NULL`;
    return unguarded(reading, ...(filled === undefined ? [] : [fill]), writer.alter(table, alter));
  },
  change_column_comment: (table, [name, comment], options, { writer }) => {
    const column = word(name);
    const to = options.has('to') ? options.get('to') : comment;
    if (column === undefined || to === undefined) return { unknown: 'the comment is not known' };
    if (writer.dialect !== 'postgres') return [];
    return [
      `COMMENT ON COLUMN ${writer.name(table)}.${writer.name(column)} IS ${writer.literal(word(to) ?? null)}`,
    ];
  },
  change_table_comment: (table, [comment], options, reading) =>
    tableComment(table, options.has('to') ? options.get('to') : comment, reading),
  add_index: (table, [columns], options, reading) => one(createIndex(table, columns, options, reading)),
  remove_index: (table, [columns], options, reading) =>
    one(
      isFields(columns)
        ? dropIndex(table, undefined, columns.fields, reading)
        : dropIndex(table, columns, options, reading),
    ),
  rename_index: (table, [from, to], _, { writer }) => {
    const [old, now] = [word(from), word(to)];
    if (old === undefined || now === undefined) return { unknown: 'which index is renamed is not known' };
    return writer.dialect === 'postgres'
      ? [`ALTER INDEX ${writer.name(old)} RENAME TO ${writer.name(now)}`]
      : [writer.alter(table, `RENAME INDEX ${writer.name(old)} TO ${writer.name(now)}`)];
  },
  add_reference: (table, names, options, reading) =>
    flat(
      names.map((name) =>
        adding(table, options, reading, (work) => reference(table, word(name), options, work, reading)),
      ),
    ),
  remove_reference: removeReference,
  add_timestamps: (table, _, options, reading) =>
    adding(table, options, reading, (work) => timestamps(table, options, work, reading)),
  remove_timestamps: (table, _, options, reading) =>
    dropColumns(table, ['created_at', 'updated_at'], options, reading),
  add_foreign_key: addConstraint('foreign_key'),
  remove_foreign_key: (table, [target], options, reading) =>
    dropConstraint(table, foreignKeyNamed(table, target, options), options, reading),
  validate_foreign_key: (table, [target], options, { writer }) =>
    validated(writer.name(table), foreignKeyNamed(table, target, options), writer),
  add_check_constraint: addConstraint('check_constraint'),
  remove_check_constraint: (table, [what], options, reading) =>
    dropConstraint(table, constraintNamed(table, what, options, checkName), options, reading),
  validate_check_constraint: (table, [what], options, { writer }) =>
    validated(writer.name(table), constraintNamed(table, what, options, checkName), writer),
  validate_constraint: (table, [name], _, { writer }) => validated(writer.name(table), word(name), writer),
  add_unique_constraint: addConstraint('unique_constraint'),
  add_unique_key: addConstraint('unique_constraint'),
  remove_unique_constraint: (table, [columns], options, reading) => {
    const names = list(columns);
    const name = word(options.get('name')) ?? (names && uniqueName(table, names));
    return dropConstraint(table, name, options, reading);
  },
  add_exclusion_constraint: addConstraint('exclusion_constraint'),
  remove_exclusion_constraint: (table, [what], options, reading) =>
    dropConstraint(table, constraintNamed(table, what, options, exclusionName), options, reading),
  rename_table: (table, [to], _, reading) => {
    const { writer } = reading;
    const name = word(to);
    if (name === undefined) return { unknown: `what ${table} is renamed to is not known` };
    const sequence = `ALTER SEQUENCE IF EXISTS ${writer.name(`${table}_id_seq`)} RENAME TO ${writer.name(`${name}_id_seq`)}`;
    const rename = writer.alter(table, `RENAME TO ${writer.name(name)}`);
    return unguarded(reading, rename, ...(writer.dialect === 'postgres' ? [sequence] : []));
  },
  create_table: (table, _, options, reading) => createTable(table, options, [], reading),
};
ON_TABLE.add_belongs_to = ON_TABLE.add_reference as TableCommand;
ON_TABLE.remove_belongs_to = removeReference;

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

function validated(table: string, name: string | undefined, writer: Reading['writer']): string[] | Unknown {
  if (name === undefined) return { unknown: 'which constraint is validated is not known' };
  return [`ALTER TABLE ${table} VALIDATE CONSTRAINT ${writer.name(name)}`];
}

function one(result: string | Unknown): string[] | Unknown {
  return typeof result === 'string' ? [result] : result;
}

function flat(results: readonly (string[] | Unknown)[]): string[] | Unknown {
  const sent: string[] = [];
  for (const result of results) {
    if (!Array.isArray(result)) return result;
    sent.push(...result);
  }
  return sent;
}
