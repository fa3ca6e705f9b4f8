/** Reads one statement of SQLite as far as its effects need it (SQLite, “SQL As Understood By SQLite”). */
import { Cursor, lexemes } from '../cursor.ts';
import { rows } from '../mysql/rows.ts';

export interface SqliteColumn {
  name: string;
  type: string;
  notNull: boolean;
  /** SQL of the default. */
  default?: string;
  primaryKey: boolean;
  unique: boolean;
  generated?: 'virtual' | 'stored';
  check: boolean;
  references?: string;
}

export interface SqliteTableDefinition {
  columns: SqliteColumn[];
  /** Columns of each table constraint that makes rows unique. */
  keys: { kind: 'primary_key' | 'unique'; columns: string[] }[];
  foreignKeys: { columns: string[]; references: string }[];
  checks: string[];
  withoutRowid: boolean;
}

export type SqliteStatement =
  | {
      kind: 'create_table';
      table: string;
      temporary: boolean;
      ifNotExists: boolean;
      definition?: SqliteTableDefinition;
    }
  | { kind: 'create_virtual_table'; table: string }
  | {
      kind: 'create_index';
      name: string;
      table: string;
      unique: boolean;
      columns: string[];
      partial: boolean;
      ifNotExists: boolean;
    }
  | { kind: 'create_view' | 'create_trigger'; name: string; table?: string; reads: string[] }
  | { kind: 'add_column'; table: string; column: SqliteColumn }
  | { kind: 'drop_column'; table: string; column: string }
  | { kind: 'rename_column'; table: string; from: string; to: string }
  | { kind: 'rename_table'; table: string; to: string }
  /** libSQL's own: what new rows have to keep to; rows that are there stay as they are. */
  | { kind: 'alter_column'; table: string; column: string }
  | { kind: 'drop'; what: 'table' | 'index' | 'view' | 'trigger'; name: string }
  | { kind: 'rows'; verb: string; writes: string[]; reads: string[]; everyRow: boolean }
  | { kind: 'pragma'; name: string; sets: boolean }
  | { kind: 'whole'; verb: 'vacuum' | 'reindex' | 'analyze' }
  | { kind: 'control' | 'other'; verb: string };

/** Throws `Unexpected` where it is no statement of SQLite. */
export function readSqlite(text: string): SqliteStatement {
  const cursor = new Cursor(text, lexemes(text, 'sqlite'));
  switch (cursor.peek()) {
    case 'CREATE':
      return create(cursor);
    case 'ALTER':
      return alter(cursor);
    case 'DROP':
      return drop(cursor);
    case 'PRAGMA': {
      cursor.next();
      const name = cursor.qualified().toLowerCase();
      return { kind: 'pragma', name, sets: cursor.peek() === '=' };
    }
    case 'VACUUM':
    case 'REINDEX':
    case 'ANALYZE':
      return { kind: 'whole', verb: cursor.next().word.toLowerCase() as 'vacuum' | 'reindex' | 'analyze' };
    case 'BEGIN':
    case 'COMMIT':
    case 'END':
    case 'ROLLBACK':
    case 'SAVEPOINT':
    case 'RELEASE':
      return { kind: 'control', verb: cursor.next().word.toLowerCase() };
    case 'ATTACH':
    case 'DETACH':
    case 'EXPLAIN':
      return { kind: 'other', verb: cursor.next().word.toLowerCase() };
    default:
      return rows(cursor) ?? cursor.fail('no statement of SQLite begins so');
  }
}

function create(cursor: Cursor): SqliteStatement {
  cursor.next();
  const temporary = cursor.takeOne('TEMP', 'TEMPORARY') !== undefined;
  if (cursor.take('VIRTUAL', 'TABLE')) {
    cursor.take('IF', 'NOT', 'EXISTS');
    return { kind: 'create_virtual_table', table: own(cursor) };
  }
  if (cursor.take('TABLE')) return createTable(cursor, temporary);
  const unique = cursor.take('UNIQUE');
  if (cursor.take('INDEX')) {
    const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
    const name = own(cursor);
    cursor.expect('ON');
    const table = own(cursor);
    const columns = cursor.nameList();
    return {
      kind: 'create_index',
      name,
      table,
      unique,
      columns,
      partial: cursor.peek() === 'WHERE',
      ifNotExists,
    };
  }
  if (cursor.take('VIEW')) {
    cursor.take('IF', 'NOT', 'EXISTS');
    const name = own(cursor);
    cursor.until('AS');
    cursor.expect('AS');
    return { kind: 'create_view', name, reads: rows(cursor)?.reads ?? [] };
  }
  if (!cursor.take('TRIGGER')) cursor.fail('unknown kind of object');
  cursor.take('IF', 'NOT', 'EXISTS');
  const name = own(cursor);
  cursor.until('ON');
  cursor.expect('ON');
  return { kind: 'create_trigger', name, table: own(cursor), reads: [] };
}

function createTable(cursor: Cursor, temporary: boolean): SqliteStatement {
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const table = own(cursor);
  if (cursor.peek() === 'AS') return { kind: 'create_table', table, temporary, ifNotExists };
  const definition: SqliteTableDefinition = {
    columns: [],
    keys: [],
    foreignKeys: [],
    checks: [],
    withoutRowid: false,
  };
  cursor.expect('(');
  do {
    if (!tableConstraint(cursor, definition)) definition.columns.push(columnOf(cursor));
  } while (cursor.take(','));
  cursor.expect(')');
  definition.withoutRowid = cursor.take('WITHOUT', 'ROWID') || cursor.take('STRICT', ',', 'WITHOUT', 'ROWID');
  return { kind: 'create_table', table, temporary, ifNotExists, definition };
}

function tableConstraint(cursor: Cursor, definition: SqliteTableDefinition): boolean {
  const mark = cursor.mark;
  if (cursor.take('CONSTRAINT')) cursor.name();
  if (cursor.take('PRIMARY', 'KEY'))
    definition.keys.push({ kind: 'primary_key', columns: cursor.nameList() });
  else if (cursor.peek() === 'UNIQUE' && cursor.peek(1) === '(') {
    cursor.next();
    definition.keys.push({ kind: 'unique', columns: cursor.nameList() });
  } else if (cursor.take('FOREIGN', 'KEY')) {
    const columns = cursor.nameList();
    cursor.expect('REFERENCES');
    definition.foreignKeys.push({ columns, references: own(cursor) });
  } else if (cursor.take('CHECK')) definition.checks.push(cursor.brackets());
  else {
    cursor.back(mark);
    return false;
  }
  cursor.until(',', ')');
  return true;
}

const COLUMN_WORDS = [
  'CONSTRAINT',
  'PRIMARY',
  'NOT',
  'NULL',
  'UNIQUE',
  'CHECK',
  'DEFAULT',
  'COLLATE',
  'REFERENCES',
  'GENERATED',
  'AS',
];

function columnOf(cursor: Cursor): SqliteColumn {
  const name = cursor.name();
  const type = cursor.until(...COLUMN_WORDS, ',');
  const column: SqliteColumn = { name, type, notNull: false, primaryKey: false, unique: false, check: false };
  while (!cursor.done && cursor.peek() !== ',' && cursor.peek() !== ')') {
    if (cursor.take('NOT', 'NULL')) column.notNull = true;
    else if (cursor.take('PRIMARY', 'KEY')) column.primaryKey = true;
    else if (cursor.take('UNIQUE')) column.unique = true;
    else if (cursor.take('DEFAULT')) column.default = defaultOf(cursor);
    else if (cursor.take('CHECK')) {
      cursor.brackets();
      column.check = true;
    } else if (cursor.take('REFERENCES')) column.references = own(cursor);
    else if (cursor.take('GENERATED', 'ALWAYS', 'AS') || cursor.take('AS')) {
      cursor.brackets();
      column.generated = cursor.take('STORED') ? 'stored' : 'virtual';
    } else if (cursor.peek() === '(') cursor.brackets();
    else cursor.next();
  }
  return column;
}

function defaultOf(cursor: Cursor): string {
  if (cursor.peek() === '(') return `(${cursor.brackets()})`;
  const sign = cursor.peek() === '-' || cursor.peek() === '+' ? cursor.next().text : '';
  return sign + cursor.next().text;
}

function alter(cursor: Cursor): SqliteStatement {
  cursor.expect('ALTER', 'TABLE');
  const table = own(cursor);
  if (cursor.take('RENAME', 'TO')) return { kind: 'rename_table', table, to: own(cursor) };
  if (cursor.take('RENAME')) {
    cursor.take('COLUMN');
    const from = cursor.name();
    cursor.expect('TO');
    return { kind: 'rename_column', table, from, to: cursor.name() };
  }
  if (cursor.take('ADD')) {
    cursor.take('COLUMN');
    return { kind: 'add_column', table, column: columnOf(cursor) };
  }
  if (cursor.take('DROP')) {
    cursor.take('COLUMN');
    return { kind: 'drop_column', table, column: cursor.name() };
  }
  if (cursor.take('ALTER', 'COLUMN')) {
    const column = cursor.name();
    if (cursor.take('TO')) return { kind: 'alter_column', table, column };
  }
  return cursor.fail('SQLite can only rename, add and drop in ALTER TABLE');
}

function drop(cursor: Cursor): SqliteStatement {
  cursor.next();
  const what = cursor.takeOne('TABLE', 'INDEX', 'VIEW', 'TRIGGER')?.toLowerCase();
  if (what === undefined) return cursor.fail('unknown kind of object');
  cursor.take('IF', 'EXISTS');
  return { kind: 'drop', what: what as 'table', name: own(cursor) };
}

/** A name; that of the main database is left out. */
function own(cursor: Cursor): string {
  return cursor.qualified().replace(/^main\./i, '');
}
