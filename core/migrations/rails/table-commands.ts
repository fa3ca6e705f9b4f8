/** Commands on a table and its columns. */
import { defaultSql, type Reading, typeSql, type Unknown, valueSql } from './column.ts';
import { dropConstraint, foreignKeyNamed, type TableCommand, unguarded } from './constraint-commands.ts';
import { indexName } from './names.ts';
import { column, createTable, reference, type TableWork, tableComment, timestamps } from './table.ts';
import { isFields, list, type Options, word } from './values.ts';

export const addColumn: TableCommand = (table, [name, type], options, reading) => {
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
  if (reading.guarded && work.parts.some((part) => part.startsWith('CONSTRAINT '))) return unguarded(reading);
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

export const TABLE_COMMANDS: Record<string, TableCommand> = {
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
TABLE_COMMANDS.add_belongs_to = TABLE_COMMANDS.add_reference as TableCommand;
TABLE_COMMANDS.remove_belongs_to = removeReference;

function flat(results: readonly (string[] | Unknown)[]): string[] | Unknown {
  const sent: string[] = [];
  for (const result of results) {
    if (!Array.isArray(result)) return result;
    sent.push(...result);
  }
  return sent;
}
