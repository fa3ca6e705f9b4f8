/** Types, defaults and constraints of Rails’ columns, in each dialect (activerecord, `connection_adapters`). */
import type { Writer } from '../script/writer.ts';
import { isFields, isSql, type Options, type Value, word } from './values.ts';

/** What a migration is read with. */
export interface Reading {
  writer: Writer;
  /** Of `ActiveRecord::Migration[7.1]`: 701. Decides what is taken where nothing is said. */
  version: number;
  /** It runs only where its object is there, or not there yet. */
  guarded: boolean;
}

/** In words why something is not known. */
export interface Unknown {
  unknown: string;
}

/** Versions from which something else is taken. */
export const PRECISE_TIMES = 700;
export const PRECISE_TIMESTAMPS = 600;
export const BIG_KEYS = 501;
export const STRICT_REFERENCES = 500;

/** PostgreSQL, MySQL, SQLite. */
const TYPES: Record<string, [string, string, string]> = {
  bigint: ['bigint', 'bigint', 'integer'],
  float: ['double precision', 'float', 'float'],
  boolean: ['boolean', 'tinyint(1)', 'boolean'],
  date: ['date', 'date', 'date'],
  time: ['time', 'time', 'time'],
  json: ['json', 'json', 'json'],
  jsonb: ['jsonb', 'json', 'json'],
  uuid: ['uuid', 'char(36)', 'varchar'],
  serial: ['serial', 'int AUTO_INCREMENT', 'integer'],
  bigserial: ['bigserial', 'bigint AUTO_INCREMENT', 'integer'],
};

/** Types of PostgreSQL whose name is the same in Rails. */
const SAME =
  /^(?:hstore|inet|cidr|macaddr8?|xml|tsvector|tsquery|point|line|lseg|box|path|polygon|circle|money|interval|oid|citext|ltree|(?:date|num|ts|tstz|int4|int8)(?:multi)?range|geometry|geography)$/;

/** Types that take a length. */
const SIZED: Record<string, string> = { bit: 'bit', bit_varying: 'bit varying', vector: 'vector' };

const SHORTHANDS = new Set([
  ...Object.keys(TYPES),
  ...Object.keys(SIZED),
  'string',
  'text',
  'integer',
  'decimal',
  'numeric',
  'binary',
  'blob',
  'datetime',
  'timestamp',
  'timestamptz',
  'enum',
  'virtual',
  'primary_key',
  'st_point',
]);

/** Whether `t.name :column` makes a column of this type. */
export function isTypeName(name: string): boolean {
  return SHORTHANDS.has(name) || SAME.test(name);
}

/** The type as SQL, without default and null. */
export function typeSql(type: string, options: Options, reading: Reading): string | Unknown {
  const base = baseType(type, options, reading);
  if (typeof base !== 'string') return base;
  const collation = word(options.get('collation'));
  const array = options.get('array') === true ? '[]' : '';
  return `${base}${array}${collation === undefined ? '' : ` COLLATE "${collation}"`}`;
}

function baseType(type: string, options: Options, { writer, version }: Reading): string | Unknown {
  const at = { postgres: 0, mysql: 1, sqlite: 2 }[writer.dialect as 'postgres' | 'mysql' | 'sqlite'] ?? 0;
  const number = (name: string) => {
    const value = options.get(name);
    return typeof value === 'number' ? value : undefined;
  };
  const limit = number('limit');
  if (type === 'float' && at === 0 && limit !== undefined) return `float(${limit})`;
  const plain = TYPES[type]?.[at];
  if (plain !== undefined) return plain;
  const sized = SIZED[type];
  if (sized !== undefined) return limit === undefined ? sized : `${sized}(${limit})`;
  switch (type) {
    case 'string':
      if (at === 1) return `varchar(${limit ?? 255})`;
      return limit === undefined ? 'varchar' : `varchar(${limit})`;
    case 'text':
      return at === 1 ? `${sizeOf(word(options.get('size')), limit)}text` : 'text';
    case 'binary':
    case 'blob':
      return at === 0 ? 'bytea' : at === 1 ? `${sizeOf(word(options.get('size')), limit)}blob` : 'blob';
    case 'integer':
      return integer(at, limit);
    case 'decimal':
    case 'numeric': {
      const [precision, scale] = [number('precision'), number('scale')];
      const digits = [precision, scale].filter((part) => part !== undefined);
      return digits.length === 0 || precision === undefined ? 'decimal' : `decimal(${digits.join(', ')})`;
    }
    case 'datetime':
    case 'timestamp':
    case 'timestamptz': {
      // Only `datetime` is given a precision; of PostgreSQL’s own types it is said or not.
      const precise = version >= PRECISE_TIMES && (type === 'datetime' || at !== 0);
      const given = options.has('precision') ? number('precision') : precise ? 6 : undefined;
      const name = at !== 0 ? 'datetime' : type === 'timestamptz' ? 'timestamptz' : 'timestamp';
      return given === undefined ? name : `${name}(${given})`;
    }
    case 'enum': {
      const name = word(options.get('enum_type'));
      return name === undefined ? { unknown: 'the type of the enum is not known' } : writer.name(name);
    }
    case 'virtual': {
      const [of, as] = [word(options.get('type')), word(options.get('as'))];
      if (of === undefined || as === undefined)
        return { unknown: 'what the generated column is made of is not known' };
      const base = baseType(of, options, { writer, version, guarded: false });
      const stored = options.get('stored') === true || at === 0;
      return typeof base === 'string'
        ? `${base} GENERATED ALWAYS AS (${as}) ${stored ? 'STORED' : 'VIRTUAL'}`
        : base;
    }
    case 'st_point':
      return 'geography(Point)';
    default:
      // `add_column :users, :rank, "smallint"`: SQL as it is.
      return SAME.test(type) || /\W|^(?:smallint|int\d?|varchar|real|double)$/.test(type)
        ? type
        : at === 0
          ? writer.name(type)
          : type;
  }
}

function integer(at: number, limit: number | undefined): string {
  if (at === 2) return 'integer';
  if (limit === undefined) return at === 0 ? 'integer' : 'int';
  if (at === 0) return limit <= 2 ? 'smallint' : limit <= 4 ? 'integer' : 'bigint';
  return ['tinyint', 'smallint', 'mediumint', 'int'][Math.min(limit, 5) - 1] ?? 'bigint';
}

/** MySQL's prefix of text and blob, by name or by bytes. */
function sizeOf(size: string | undefined, limit: number | undefined): string {
  if (size !== undefined) return size;
  if (limit === undefined) return '';
  return limit <= 0xff ? 'tiny' : limit <= 0xffff ? '' : limit <= 0xffffff ? 'medium' : 'long';
}

/** A default as SQL; undefined where there is none. */
export function defaultSql(type: string, options: Options, reading: Reading): string | undefined | Unknown {
  if (!options.has('default')) return undefined;
  const value = options.get('default');
  if (value === undefined) return { unknown: 'the default is not known' };
  if (value === null) return undefined;
  const isArray = options.get('array') === true;
  return valueSql(value, type, isArray, reading) ?? { unknown: 'the default is not known' };
}

/** A value as SQL literal; undefined where it cannot be written. */
export function valueSql(
  value: Value,
  type: string,
  isArray: boolean,
  { writer }: Reading,
): string | undefined {
  if (isSql(value)) return value.sql;
  if (Array.isArray(value)) {
    if (!isArray) return value.length === 0 ? `'[]'` : undefined;
    const items = value.map((item) => (typeof item === 'string' ? JSON.stringify(item) : String(item)));
    return writer.literal(`{${items.join(',')}}`);
  }
  if (isFields(value))
    return value.fields.size === 0 ? (isArray || type === 'hstore' ? `''` : `'{}'`) : undefined;
  if (typeof value === 'number' && /^(?:string|text|json)/.test(type)) return writer.literal(String(value));
  return writer.literal(value);
}

/** Name, type, default and null of a column, as in CREATE TABLE and ADD COLUMN. */
export function columnSql(name: string, type: string, options: Options, reading: Reading): string | Unknown {
  const { writer } = reading;
  const sql = typeSql(type, options, reading);
  if (typeof sql !== 'string') return sql;
  const byDefault = defaultSql(type, options, reading);
  if (typeof byDefault === 'object') return byDefault;
  const parts = [writer.name(name), sql];
  if (byDefault !== undefined) parts.push(`DEFAULT ${byDefault}`);
  if (options.get('null') === false) parts.push('NOT NULL');
  if (options.get('primary_key') === true) parts.push('PRIMARY KEY');
  return parts.join(' ');
}

/** COMMENT ON COLUMN, where one is given. */
export function columnComment(table: string, name: string, options: Options, { writer }: Reading): string[] {
  const comment = word(options.get('comment'));
  if (comment === undefined || writer.dialect !== 'postgres') return [];
  return [`COMMENT ON COLUMN ${writer.name(table)}.${writer.name(name)} IS ${writer.literal(comment)}`];
}
