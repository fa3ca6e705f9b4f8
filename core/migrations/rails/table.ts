/** Columns and constraints of a table: `create_table`, and the calls on `t` that add to one. */
import type { CallNode } from '@ruby/prism/src/nodes.js';
import {
  BIG_KEYS,
  columnComment,
  columnSql,
  isTypeName,
  PRECISE_TIMESTAMPS,
  type Reading,
  STRICT_REFERENCES,
  typeSql,
  type Unknown,
} from './column.ts';
import { check, createIndex, exclusion, foreignKey, referencedBy, unique } from './constraints.ts';
import { isFields, list, NO_OPTIONS, type Options, type Value, word } from './values.ts';

/** A call as it is known: its name, what it is given. */
export interface Call {
  name: string;
  args: (Value | undefined)[];
  options: Options;
  node: CallNode;
}

/** What is added to a table. */
export interface TableWork {
  /** Columns and constraints, as SQL: within CREATE TABLE, or behind ADD. */
  parts: string[];
  /** Statements of their own. */
  after: string[];
}

/** Since Rails 6 the index of a polymorphic reference is named after it. */
const SHORT_POLYMORPHIC = 600;

/** @param calls those on `t` in its block */
export function createTable(
  table: string,
  options: Options,
  calls: readonly Call[],
  reading: Reading,
): string[] | Unknown {
  const { writer } = reading;
  const work: TableWork = { parts: [], after: [] };
  const key = primaryKey(options, reading);
  if (typeof key === 'object') return key;
  if (key !== undefined) work.parts.push(key);
  for (const call of calls) {
    const problem = define(call, table, work, reading);
    if (problem) return problem;
  }
  const several = Array.isArray(options.get('primary_key')) ? list(options.get('primary_key')) : undefined;
  if (several) work.parts.push(`PRIMARY KEY (${writer.names(several)})`);
  const as = word(options.get('as'));
  const words = [
    'CREATE',
    options.get('temporary') === true && 'TEMPORARY',
    'TABLE',
    (options.get('if_not_exists') === true || reading.guarded) && 'IF NOT EXISTS',
    writer.name(table),
    as === undefined ? `(${keysLast(work.parts).join(', ')})` : `AS ${as}`,
    word(options.get('options')),
  ];
  return [
    ...droppedBefore(table, options, reading),
    words.filter(Boolean).join(' '),
    ...work.after,
    ...tableComment(table, options.get('comment'), reading),
  ];
}

/** Columns, then keys and constraints, as Rails writes them. */
function keysLast(parts: readonly string[]): string[] {
  const isKey = (part: string) => /^(?:CONSTRAINT|PRIMARY KEY) /.test(part);
  return [...parts.filter((part) => !isKey(part)), ...parts.filter(isKey)];
}

function droppedBefore(table: string, options: Options, { writer }: Reading): string[] {
  const force = options.get('force');
  if (force === undefined || force === false) return [];
  return [`DROP TABLE IF EXISTS ${writer.name(table)}${force === 'cascade' ? ' CASCADE' : ''}`];
}

export function tableComment(table: string, comment: Value | undefined, { writer }: Reading): string[] {
  if (typeof comment !== 'string' || writer.dialect !== 'postgres') return [];
  return [`COMMENT ON TABLE ${writer.name(table)} IS ${writer.literal(comment)}`];
}

/** The column `id`, or what stands for it; undefined where the table has none. */
function primaryKey(options: Options, reading: Reading): string | undefined | Unknown {
  const id = options.get('id');
  const named = options.get('primary_key');
  if (id === false || Array.isArray(named) || options.has('as')) return undefined;
  const fields = isFields(id) ? id.fields : NO_OPTIONS;
  const type = isFields(id)
    ? fields.has('type')
      ? fields.get('type')
      : 'primary_key'
    : options.has('id')
      ? id
      : 'primary_key';
  if (typeof type !== 'string') return { unknown: 'the type of the primary key is not known' };
  return keySql(word(named) ?? 'id', type, new Map([...options, ...fields]), reading);
}

function keySql(name: string, type: string, options: Options, reading: Reading): string | Unknown {
  const { writer, version } = reading;
  if (['primary_key', 'bigint', 'integer', 'serial', 'bigserial'].includes(type)) {
    const isBig = type === 'primary_key' ? version >= BIG_KEYS : type.startsWith('big');
    if (writer.dialect === 'mysql')
      return `${writer.name(name)} ${isBig ? 'bigint' : 'int'} NOT NULL AUTO_INCREMENT PRIMARY KEY`;
    if (writer.dialect === 'sqlite') return `${writer.name(name)} integer PRIMARY KEY AUTOINCREMENT NOT NULL`;
    return `${writer.name(name)} ${isBig ? 'bigserial' : 'serial'} PRIMARY KEY`;
  }
  const sql = typeSql(type, options, reading);
  if (typeof sql !== 'string') return sql;
  const random = version >= BIG_KEYS ? 'gen_random_uuid()' : 'uuid_generate_v4()';
  const own = new Map(options);
  if (type === 'uuid' && !own.has('default') && writer.dialect === 'postgres')
    own.set('default', { sql: random });
  own.delete('primary_key');
  own.delete('null');
  const column = columnSql(name, type, own, reading);
  return typeof column === 'string' ? `${column} NOT NULL PRIMARY KEY` : column;
}

/** Adds what a call on `t` defines; in words what of it is not known. */
export function define(call: Call, table: string, work: TableWork, reading: Reading): Unknown | undefined {
  const { name, args, options } = call;
  const first = word(args[0]);
  switch (name) {
    case 'timestamps':
      return timestamps(table, options, work, reading);
    case 'references':
    case 'belongs_to':
      return each(args, (arg) => reference(table, word(arg), options, work, reading));
    case 'index':
      return adding(createIndex(table, args[0], options, reading), work.after);
    case 'primary_key':
      if (first === undefined) return { unknown: 'the name of the primary key is not known' };
      return adding(keySql(first, word(args[1]) ?? 'primary_key', options, reading), work.parts);
    case 'column': {
      const type = word(args[1]);
      if (first === undefined || type === undefined)
        return { unknown: `the name or type of a column of ${table} is not known` };
      return column(table, first, type, options, work, reading);
    }
    case 'foreign_key':
    case 'check_constraint':
    case 'unique_constraint':
    case 'unique_key':
    case 'exclusion_constraint':
      return adding(constraint(name, table, args[0], options, reading), work.parts);
    default:
      if (!isTypeName(name)) return { unknown: `t.${name} is not known` };
      return each(args, (arg) => column(table, word(arg), name, options, work, reading));
  }
}

/** A constraint as SQL, by the name of its call on `t`. */
export function constraint(
  name: string,
  table: string,
  what: Value | undefined,
  options: Options,
  reading: Reading,
): string | Unknown {
  const columns = list(what);
  const using = word(options.get('using_index'));
  if (name.startsWith('unique') && (columns || using !== undefined))
    return unique(table, columns ?? [], options, reading);
  const text = word(what);
  if (text === undefined) return { unknown: `what the ${name.replaceAll('_', ' ')} is about is not known` };
  if (name === 'foreign_key') return foreignKey(table, text, options, reading);
  return (name === 'check_constraint' ? check : exclusion)(table, text, options, reading);
}

function each(
  args: readonly (Value | undefined)[],
  work: (arg: Value | undefined) => Unknown | undefined,
): Unknown | undefined {
  for (const arg of args) {
    const problem = work(arg);
    if (problem) return problem;
  }
  return undefined;
}

function adding(result: string | Unknown, to: string[]): Unknown | undefined {
  if (typeof result !== 'string') return result;
  to.push(result);
  return undefined;
}

/** A column, its comment, and the index that `index: true` asks for. */
export function column(
  table: string,
  name: string | undefined,
  type: string,
  options: Options,
  work: TableWork,
  reading: Reading,
): Unknown | undefined {
  if (name === undefined) return { unknown: `the name of a column of ${table} is not known` };
  const problem = adding(columnSql(name, type, options, reading), work.parts);
  if (problem) return problem;
  work.after.push(...columnComment(table, name, options, reading));
  const index = options.get('index');
  if (!index) return undefined;
  return adding(createIndex(table, name, isFields(index) ? index.fields : NO_OPTIONS, reading), work.after);
}

/** `created_at` and `updated_at`. */
export function timestamps(
  table: string,
  options: Options,
  work: TableWork,
  reading: Reading,
): Unknown | undefined {
  const own = new Map(options);
  if (!own.has('null') && reading.version >= STRICT_REFERENCES) own.set('null', false);
  if (!own.has('precision') && reading.version >= PRECISE_TIMESTAMPS) own.set('precision', 6);
  return each(['created_at', 'updated_at'], (name) =>
    column(table, word(name), 'datetime', own, work, reading),
  );
}

/** `t.references :user`: its column, the type beside it where it is polymorphic, its index and its foreign key. */
export function reference(
  table: string,
  name: string | undefined,
  options: Options,
  work: TableWork,
  reading: Reading,
): Unknown | undefined {
  if (name === undefined) return { unknown: `what a reference of ${table} points at is not known` };
  const { version } = reading;
  const own = new Map(
    [...options].filter(([option]) => ['null', 'default', 'comment', 'limit'].includes(option)),
  );
  const isPolymorphic = Boolean(options.get('polymorphic'));
  const type = word(options.get('type')) ?? (version >= BIG_KEYS ? 'bigint' : 'integer');
  const problem =
    (isPolymorphic ? column(table, `${name}_type`, 'string', own, work, reading) : undefined) ??
    column(table, `${name}_id`, type, own, work, reading);
  if (problem) return problem;
  const index = options.has('index') ? options.get('index') : version >= STRICT_REFERENCES;
  if (index) {
    const named = new Map(isFields(index) ? index.fields : []);
    if (isPolymorphic && version >= SHORT_POLYMORPHIC && !named.has('name'))
      named.set('name', `index_${table}_on_${name}`);
    const columns = isPolymorphic ? [`${name}_type`, `${name}_id`] : [`${name}_id`];
    const wrong = adding(createIndex(table, columns, named, reading), work.after);
    if (wrong) return wrong;
  }
  const key = referencedBy(name, options);
  if (key)
    work.parts.push(
      foreignKey(table, key.target, new Map([...key.options, ['column', `${name}_id`]]), reading),
    );
  return undefined;
}
