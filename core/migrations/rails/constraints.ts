/** Indexes, keys and checks, as Rails sends them for the options of its calls. */
import type { Reading, Unknown } from './column.ts';
import {
  checkName,
  exclusionName,
  foreignKeyName,
  indexName,
  keyColumn,
  tableOf,
  uniqueName,
} from './names.ts';
import { isFields, list, type Options, type Value, word } from './values.ts';

const DEFERRED = { immediate: ' DEFERRABLE INITIALLY IMMEDIATE', deferred: ' DEFERRABLE INITIALLY DEFERRED' };

/** CREATE INDEX. `columns`: names, or an expression as it is. */
export function createIndex(
  table: string,
  columns: Value | undefined,
  options: Options,
  reading: Reading,
): string | Unknown {
  const { writer, version } = reading;
  const names = list(columns);
  if (!names) return { unknown: 'the columns of the index are not known' };
  const is = (option: string) => options.get(option) === true;
  const name = word(options.get('name')) ?? indexName(table, names, version);
  const postgres = writer.dialect === 'postgres';
  const parts = names.map((column) => {
    const base = /\W/.test(column) ? column : writer.name(column);
    return [base, optionOf('opclass', column, options), optionOf('order', column, options)?.toUpperCase()]
      .filter(Boolean)
      .join(' ');
  });
  const using = word(options.get('using'));
  const included = list(options.get('include'));
  const where = word(options.get('where'));
  if (options.has('where') && where === undefined)
    return { unknown: 'the condition of the index is not known' };
  return [
    'CREATE',
    is('unique') && 'UNIQUE',
    word(options.get('type'))?.toUpperCase(),
    'INDEX',
    isConcurrent(options, reading) && 'CONCURRENTLY',
    (is('if_not_exists') || reading.guarded) && writer.dialect !== 'mysql' && 'IF NOT EXISTS',
    writer.name(name),
    'ON',
    writer.name(table),
    using && postgres && `USING ${using}`,
    `(${parts.join(', ')})`,
    included && postgres && `INCLUDE (${writer.names(included)})`,
    is('nulls_not_distinct') && postgres && 'NULLS NOT DISTINCT',
    where && `WHERE ${where}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** DROP INDEX, by its name or by its columns. */
export function dropIndex(
  table: string,
  columns: Value | undefined,
  options: Options,
  reading: Reading,
): string | Unknown {
  const { writer, version } = reading;
  const names = list(options.get('column')) ?? list(columns);
  const name = word(options.get('name')) ?? (names && indexName(table, names, version));
  if (name === undefined) return { unknown: 'which index is removed is not known' };
  const exists = options.get('if_exists') === true || reading.guarded;
  if (writer.dialect === 'mysql') return writer.dropIndex(table, name);
  return [
    'DROP INDEX',
    isConcurrent(options, reading) && 'CONCURRENTLY',
    exists && 'IF EXISTS',
    writer.name(name),
  ]
    .filter(Boolean)
    .join(' ');
}

function isConcurrent(options: Options, { writer }: Reading): boolean {
  return word(options.get('algorithm')) === 'concurrently' && writer.dialect === 'postgres';
}

/** An option of one column: for all of them, or a hash by column. */
function optionOf(option: string, column: string, options: Options): string | undefined {
  const value = options.get(option);
  return isFields(value) ? word(value.fields.get(column)) : typeof value === 'string' ? value : undefined;
}

/** `CONSTRAINT name FOREIGN KEY (…) REFERENCES …`, behind ADD or inside of CREATE TABLE. */
export function foreignKey(table: string, target: string, options: Options, reading: Reading): string {
  const { writer } = reading;
  const columns = list(options.get('column')) ?? [keyColumn(target)];
  const name = word(options.get('name')) ?? foreignKeyName(table, columns);
  const rule = (option: string) => {
    const action = word(options.get(option));
    const words = { nullify: 'SET NULL', cascade: 'CASCADE', restrict: 'RESTRICT' }[action ?? ''];
    return words === undefined ? '' : ` ON ${option === 'on_delete' ? 'DELETE' : 'UPDATE'} ${words}`;
  };
  const deferrable = options.get('deferrable');
  return (
    `CONSTRAINT ${writer.name(name)} FOREIGN KEY (${writer.names(columns)}) ` +
    `REFERENCES ${writer.name(target)} (${writer.names(list(options.get('primary_key')) ?? ['id'])})` +
    `${rule('on_delete')}${rule('on_update')}` +
    (deferrable === true ? ' DEFERRABLE' : (DEFERRED[deferrable as keyof typeof DEFERRED] ?? '')) +
    notValid(options)
  );
}

/** The table that `foreign_key: …` of a reference points at, and its options; undefined where there is none. */
export function referencedBy(
  reference: string,
  options: Options,
): { target: string; options: Options } | undefined {
  const value = options.get('foreign_key');
  if (value === true) return { target: tableOf(reference), options: new Map() };
  if (!isFields(value)) return undefined;
  return { target: word(value.fields.get('to_table')) ?? tableOf(reference), options: value.fields };
}

export function check(table: string, expression: string, options: Options, reading: Reading): string {
  const name = word(options.get('name')) ?? checkName(table, expression);
  return `CONSTRAINT ${reading.writer.name(name)} CHECK (${expression})${notValid(options)}`;
}

export function unique(
  table: string,
  columns: readonly string[],
  options: Options,
  reading: Reading,
): string {
  const { writer } = reading;
  const name = word(options.get('name')) ?? uniqueName(table, columns);
  const using = word(options.get('using_index'));
  const what =
    using === undefined ? `UNIQUE (${writer.names(columns)})` : `UNIQUE USING INDEX ${writer.name(using)}`;
  return `CONSTRAINT ${writer.name(name)} ${what}${DEFERRED[word(options.get('deferrable')) as keyof typeof DEFERRED] ?? ''}`;
}

export function exclusion(table: string, expression: string, options: Options, { writer }: Reading): string {
  const name = word(options.get('name')) ?? exclusionName(table, expression);
  const where = word(options.get('where'));
  const using = word(options.get('using')) ?? 'gist';
  return `CONSTRAINT ${writer.name(name)} EXCLUDE USING ${using} (${expression})${where === undefined ? '' : ` WHERE (${where})`}`;
}

function notValid(options: Options): string {
  return options.get('validate') === false ? ' NOT VALID' : '';
}
