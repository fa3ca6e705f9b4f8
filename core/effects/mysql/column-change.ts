/** What MODIFY and CHANGE make of a column: which of its parts differ from before. */
import type { ColumnDefinition, ColumnType, Position } from '../../sql/mysql/ast.ts';
import type { MysqlTable } from './catalogue.ts';

export type TypeChange =
  /** The same type. */
  | 'none'
  /** VARCHAR made longer, with a length prefix of as many bytes as before. */
  | 'longer'
  /** VARCHAR made longer, from one byte of length prefix to two. */
  | 'longer_prefix'
  /** Members added at the end of an ENUM or SET, with as many bytes as before. */
  | 'more_members'
  /** The same type in another character set or collation. */
  | 'charset'
  /** Values may not fit: shorter, narrower, fewer members. */
  | 'narrower'
  /** Any value fits, in another form. */
  | 'wider'
  /** Values are turned into another kind. */
  | 'other'
  /** What it was before is not known. */
  | 'unknown';

export interface ColumnChange {
  type: TypeChange;
  nullability: 'none' | 'to_null' | 'to_not_null';
  renamed: boolean;
  moved: boolean;
  defaultChanged: boolean;
  becomesAutoIncrement: boolean;
  /** A generated column's expression or kind, or a column that begins or ends being generated. */
  generation: 'none' | 'virtual' | 'stored';
}

export function columnChange(
  table: MysqlTable,
  from: string,
  now: ColumnDefinition,
  position: Position,
): ColumnChange {
  const before = table.column(from);
  const renamed = from.toLowerCase() !== now.name.toLowerCase();
  const common = { renamed, moved: moved(table, from, position) };
  const notNull = now.notNull === true || now.key === 'primary' || inPrimaryKey(table, from);
  if (!before) {
    return {
      ...common,
      type: 'unknown',
      nullability: notNull ? 'to_not_null' : 'none',
      defaultChanged: false,
      becomesAutoIncrement: now.autoIncrement,
      generation: now.generated ?? 'none',
    };
  }
  const old = before.definition;
  return {
    ...common,
    type: typeChange(old.type, now.type, table.charset),
    nullability: before.notNull === notNull ? 'none' : notNull ? 'to_not_null' : 'to_null',
    defaultChanged: (old.default ?? 'NULL').toUpperCase() !== (now.default ?? 'NULL').toUpperCase(),
    becomesAutoIncrement: now.autoIncrement && !old.autoIncrement,
    generation: generationOf(old, now),
  };
}

function generationOf(old: ColumnDefinition, now: ColumnDefinition): ColumnChange['generation'] {
  if (old.generated === now.generated && plain(old.expression) === plain(now.expression)) return 'none';
  return old.generated === 'stored' || now.generated === 'stored' || old.generated === undefined
    ? 'stored'
    : 'virtual';
}

function plain(expression: string | undefined): string {
  return (expression ?? '').replace(/[\s`()]+/g, '').toLowerCase();
}

function inPrimaryKey(table: MysqlTable, column: string): boolean {
  return table.primaryKey?.includes(column.toLowerCase()) ?? false;
}

function moved(table: MysqlTable, from: string, { first, after }: Position): boolean {
  if (!first && after === undefined) return false;
  const names = [...table.columns.keys()];
  const at = names.indexOf(from.toLowerCase());
  if (at === -1) return true;
  if (first) return at !== 0;
  return names[at - 1] !== after?.toLowerCase();
}

const BYTES: Record<string, number> = {
  utf8mb4: 4,
  utf8mb3: 3,
  utf8: 3,
  latin1: 1,
  ascii: 1,
  ucs2: 2,
  utf16: 4,
  utf32: 4,
  binary: 1,
};
const TEXTS = ['tinytext', 'text', 'mediumtext', 'longtext'];
const BLOBS = ['tinyblob', 'blob', 'mediumblob', 'longblob'];
const INTEGERS = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'];

export function typeChange(old: ColumnType, now: ColumnType, tableCharset?: string): TypeChange {
  const oldCharset = charsetOf(old, tableCharset);
  const newCharset = charsetOf(now, tableCharset);
  const charset =
    isText(old.base) && isText(now.base) && (oldCharset !== newCharset || otherCollation(old, now));
  if (old.base !== now.base) return otherBase(old, now);
  switch (now.base) {
    case 'varchar':
    case 'varbinary': {
      const [before, after] = [length(old), length(now)];
      if (after < before) return 'narrower';
      if (charset) return 'charset';
      if (after === before) return 'none';
      const bytes = now.base === 'varbinary' ? 1 : (BYTES[newCharset] ?? 4);
      return before * bytes <= 255 && after * bytes > 255 ? 'longer_prefix' : 'longer';
    }
    case 'char':
    case 'binary':
      if (length(now) < length(old)) return 'narrower';
      if (charset) return 'charset';
      return length(now) === length(old) ? 'none' : 'wider';
    case 'enum':
    case 'set':
      return members(old, now, charset);
    case 'decimal': {
      const [p1, s1] = precision(old);
      const [p2, s2] = precision(now);
      if (old.unsigned !== now.unsigned) return 'narrower';
      if (p1 === p2 && s1 === s2) return 'none';
      return s2 >= s1 && p2 - s2 >= p1 - s1 ? 'wider' : 'narrower';
    }
    case 'datetime':
    case 'timestamp':
    case 'time': {
      const [before, after] = [Number(old.args[0] ?? 0), Number(now.args[0] ?? 0)];
      return before === after ? 'none' : after > before ? 'wider' : 'narrower';
    }
    case 'bit':
      return length(now) === length(old) ? 'none' : length(now) > length(old) ? 'wider' : 'narrower';
    default:
      // A display width in brackets changes nothing.
      if (INTEGERS.includes(now.base)) return old.unsigned === now.unsigned ? 'none' : 'narrower';
      return charset ? 'charset' : 'none';
  }
}

function otherBase(old: ColumnType, now: ColumnType): TypeChange {
  for (const family of [INTEGERS, TEXTS, BLOBS]) {
    const [before, after] = [family.indexOf(old.base), family.indexOf(now.base)];
    if (before === -1 || after === -1) continue;
    if (after < before) return 'narrower';
    return family === INTEGERS && !old.unsigned && now.unsigned ? 'narrower' : 'wider';
  }
  if (isText(old.base) && TEXTS.includes(now.base) && now.base !== 'tinytext') return 'wider';
  if (old.base === 'char' && now.base === 'varchar') return length(now) >= length(old) ? 'wider' : 'narrower';
  if (old.base === 'float' && now.base === 'double') return 'wider';
  if (old.base === 'date' && now.base === 'datetime') return 'wider';
  if (old.base === 'timestamp' && now.base === 'datetime') return 'wider';
  if (['enum', 'set'].includes(old.base) && (TEXTS.includes(now.base) || now.base === 'varchar'))
    return 'wider';
  return TEXTS.includes(old.base) && ['varchar', 'char'].includes(now.base) ? 'narrower' : 'other';
}

function members(old: ColumnType, now: ColumnType, charset: boolean): TypeChange {
  const same = old.args.every((member, i) => now.args[i] === member);
  if (!same) return old.args.every((member) => now.args.includes(member)) ? 'other' : 'narrower';
  if (charset) return 'charset';
  if (now.args.length === old.args.length) return 'none';
  const bytes = now.base === 'enum' ? enumBytes : setBytes;
  return bytes(old.args.length) === bytes(now.args.length) ? 'more_members' : 'wider';
}

function enumBytes(members: number): number {
  return members <= 255 ? 1 : 2;
}

function setBytes(members: number): number {
  const bytes = Math.ceil(members / 8);
  return bytes > 4 ? 8 : bytes;
}

function isText(base: string): boolean {
  return TEXTS.includes(base) || ['char', 'varchar', 'enum', 'set'].includes(base);
}

function length({ args, base }: ColumnType): number {
  return Number(args[0] ?? (base === 'char' || base === 'binary' || base === 'bit' ? 1 : 0));
}

function precision({ args }: ColumnType): [number, number] {
  return [Number(args[0] ?? 10), Number(args[1] ?? 0)];
}

/** A column without one has the table's; a table without one the server's. */
function charsetOf({ charset, collation }: ColumnType, tableCharset: string | undefined): string {
  const name = charset ?? collation?.split('_')[0] ?? tableCharset ?? 'utf8mb4';
  return name === 'utf8' ? 'utf8mb3' : name;
}

function otherCollation(old: ColumnType, now: ColumnType): boolean {
  return now.collation !== old.collation && (now.collation !== undefined || old.collation !== undefined);
}
