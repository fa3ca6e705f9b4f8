/** Reads the definition of a column. */
import type { Cursor } from '../cursor.ts';
import type { ColumnDefinition, ColumnType, Position } from './ast.ts';

/** Synonyms of types (MySQL manual, “Using Data Types from Other Database Engines”). */
const SYNONYMS: Record<string, string> = {
  integer: 'int',
  int1: 'tinyint',
  int2: 'smallint',
  int3: 'mediumint',
  int4: 'int',
  int8: 'bigint',
  middleint: 'mediumint',
  dec: 'decimal',
  numeric: 'decimal',
  fixed: 'decimal',
  number: 'decimal',
  character: 'char',
  nchar: 'char',
  nvarchar: 'varchar',
  varchar2: 'varchar',
  varcharacter: 'varchar',
  real: 'double',
  float4: 'float',
  float8: 'double',
  long: 'mediumtext',
  clob: 'longtext',
  raw: 'varbinary',
};

export function columnType(cursor: Cursor): ColumnType {
  let base = cursor.name().toLowerCase();
  if (base === 'national') base = cursor.name().toLowerCase();
  if (cursor.take('VARYING')) base = base === 'binary' ? 'varbinary' : 'varchar';
  if (base === 'double') cursor.take('PRECISION');
  if (base === 'long') cursor.takeOne('VARCHAR', 'VARBINARY');
  if (base === 'bool' || base === 'boolean') return { base: 'tinyint', args: ['1'], unsigned: false };
  if (base === 'serial') return { base: 'bigint', args: [], unsigned: true };
  const args = cursor.peek() === '(' ? splitArguments(cursor.brackets()) : [];
  const type: ColumnType = { base: SYNONYMS[base] ?? base, args, unsigned: false };
  for (;;) {
    if (cursor.take('UNSIGNED') || cursor.take('ZEROFILL')) type.unsigned = true;
    else if (cursor.takeOne('SIGNED', 'ASCII', 'UNICODE', 'BYTE') === undefined && !binaryAttribute(cursor)) {
      if (cursor.take('CHARACTER', 'SET') || cursor.take('CHARSET'))
        type.charset = cursor.name().toLowerCase();
      else if (cursor.take('COLLATE')) type.collation = cursor.name().toLowerCase();
      else return type;
    }
  }
}

/** `VARCHAR(10) BINARY`, an old way to ask for a binary collation. */
function binaryAttribute(cursor: Cursor): boolean {
  return cursor.take('BINARY');
}

/** At commas outside of quotes. */
function splitArguments(text: string): string[] {
  const found: string[] = [];
  let quote = '';
  let part = '';
  for (const c of text) {
    if (quote) {
      if (c === quote) quote = '';
      part += c;
    } else if (c === ',') {
      found.push(part.trim());
      part = '';
    } else {
      if (c === "'" || c === '"') quote = c;
      part += c;
    }
  }
  return part.trim() ? [...found, part.trim()] : found;
}

/** Type and attributes, behind the name. */
export function columnDefinition(cursor: Cursor, name: string): ColumnDefinition {
  const serial = cursor.peek() === 'SERIAL';
  const column: ColumnDefinition = { name, type: columnType(cursor), autoIncrement: serial, check: false };
  if (serial) {
    column.notNull = true;
    column.key = 'unique';
  }
  while (attribute(cursor, column)) {
    // Each call takes one.
  }
  return column;
}

function attribute(cursor: Cursor, column: ColumnDefinition): boolean {
  if (cursor.take('NOT', 'NULL')) column.notNull = true;
  else if (cursor.take('NULL')) column.notNull = false;
  else if (cursor.take('DEFAULT')) column.default = value(cursor);
  else if (cursor.take('ON', 'UPDATE')) column.onUpdate = value(cursor);
  else if (cursor.take('AUTO_INCREMENT')) column.autoIncrement = true;
  else if (cursor.take('SERIAL', 'DEFAULT', 'VALUE')) column.autoIncrement = true;
  else if (cursor.take('PRIMARY', 'KEY') || cursor.take('PRIMARY')) column.key = 'primary';
  else if (cursor.take('UNIQUE', 'KEY') || cursor.take('UNIQUE')) column.key = 'unique';
  else if (cursor.take('KEY')) column.key = 'primary';
  else if (cursor.take('COMMENT')) column.comment = cursor.next().text;
  else if (cursor.take('COLLATE')) column.type.collation = cursor.name().toLowerCase();
  else if (cursor.take('CHARACTER', 'SET') || cursor.take('CHARSET'))
    column.type.charset = cursor.name().toLowerCase();
  else if (cursor.take('GENERATED', 'ALWAYS', 'AS', 'ROW')) cursor.takeOne('START', 'END');
  else if (cursor.take('GENERATED', 'ALWAYS', 'AS') || cursor.take('AS')) generated(cursor, column);
  else if (cursor.take('CONSTRAINT')) {
    if (cursor.peek() !== 'CHECK') cursor.name();
  } else if (cursor.take('CHECK')) {
    cursor.brackets();
    column.check = true;
    if (!cursor.take('NOT', 'ENFORCED')) cursor.take('ENFORCED');
  } else if (cursor.take('REFERENCES')) {
    column.references = cursor.qualified();
    if (cursor.peek() === '(') cursor.brackets();
    referenceOptions(cursor);
  } else if (cursor.take('SRID') || cursor.take('REF_SYSTEM_ID')) {
    cursor.take('=');
    cursor.next();
  } else if (cursor.takeOne('COLUMN_FORMAT', 'STORAGE', 'ENGINE_ATTRIBUTE', 'SECONDARY_ENGINE_ATTRIBUTE')) {
    cursor.take('=');
    cursor.next();
  } else if (cursor.take('WITHOUT', 'SYSTEM', 'VERSIONING') || cursor.take('WITH', 'SYSTEM', 'VERSIONING')) {
    return true;
  } else return cursor.takeOne('VISIBLE', 'INVISIBLE', 'COMPRESSED') !== undefined;
  return true;
}

function generated(cursor: Cursor, column: ColumnDefinition): void {
  column.expression = cursor.brackets();
  column.generated = 'virtual';
  const how = cursor.takeOne('VIRTUAL', 'STORED', 'PERSISTENT');
  if (how === 'STORED' || how === 'PERSISTENT') column.generated = 'stored';
}

/** A literal, a bracketed expression, or a call: `CURRENT_TIMESTAMP(6)`, `-1`, `b'0'`. */
function value(cursor: Cursor): string {
  if (cursor.peek() === '(') return `(${cursor.brackets()})`;
  let text = '';
  if (cursor.peek() === '-' || cursor.peek() === '+') text += cursor.next().text;
  text += cursor.next().text;
  if (cursor.kind() === 'string' && /^(?:[bxn]|_\w+)$/i.test(text)) text += cursor.next().text;
  while (cursor.peek() === '.') text += cursor.next().text + cursor.next().text;
  if (cursor.peek() === '(') text += `(${cursor.brackets()})`;
  return text;
}

export function referenceOptions(cursor: Cursor): void {
  for (;;) {
    if (cursor.take('MATCH')) cursor.next();
    else if (cursor.peek() === 'ON' && ['DELETE', 'UPDATE'].includes(cursor.peek(1))) {
      cursor.next();
      cursor.next();
      if (!cursor.take('SET', 'NULL') && !cursor.take('SET', 'DEFAULT') && !cursor.take('NO', 'ACTION'))
        cursor.next();
    } else return;
  }
}

export function position(cursor: Cursor): Position {
  if (cursor.take('FIRST')) return { first: true };
  if (cursor.take('AFTER')) return { after: cursor.name() };
  return {};
}
