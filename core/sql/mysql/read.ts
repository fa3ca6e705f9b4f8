/**
 * Reads one statement of MySQL or MariaDB: definitions in full, statements on rows as far as which tables they read and
 * write. Why not a package: docs/decisions/0006-own-parser-for-mysql-definitions.md.
 */
import { Cursor, lexemes } from '../cursor.ts';
import { alterTable } from './alter-table.ts';
import type { IndexDefinition, MysqlStatement, Online } from './ast.ts';
import { createTable } from './create-table.ts';
import { indexOptions, onlineClause, waitClause } from './definitions.ts';
import { rows, tablesRead } from './rows.ts';

/** Throws `Unexpected` where the statement is none that is known here. */
export function readMysql(text: string): MysqlStatement {
  const cursor = new Cursor(text, lexemes(text, 'mysql'));
  const statement = read(cursor);
  return statement;
}

function read(cursor: Cursor): MysqlStatement {
  switch (cursor.peek()) {
    case 'ALTER':
      return alter(cursor);
    case 'CREATE':
      return create(cursor);
    case 'DROP':
      return drop(cursor);
    case 'RENAME':
      if (cursor.peek(1) === 'TABLE' || cursor.peek(1) === 'TABLES') return renameTable(cursor);
      break;
    case 'TRUNCATE':
      cursor.next();
      cursor.take('TABLE');
      return { kind: 'truncate', table: cursor.qualified() };
    case 'OPTIMIZE':
    case 'ANALYZE':
    case 'REPAIR':
    case 'CHECK':
      return maintain(cursor);
    case 'LOCK':
      if (cursor.peek(1) === 'TABLES' || cursor.peek(1) === 'TABLE') return lockTables(cursor);
      break;
    default:
  }
  return rows(cursor) ?? other(cursor);
}

/** The first words tell what it is; nothing more is known of it. */
function other(cursor: Cursor, looksInside = false): MysqlStatement {
  if (cursor.kind() !== 'word') return cursor.fail('a statement begins with a word');
  const verb = cursor.next().word.toLowerCase();
  if (!STATEMENTS.has(verb)) {
    cursor.back(cursor.mark - 1);
    return cursor.fail('no statement of MySQL begins so');
  }
  const noun = cursor.peek().toLowerCase();
  const opaque = looksInside || OPAQUE.has(verb);
  return { kind: 'other', verb, noun, looksInside: opaque };
}

const OPAQUE = new Set(['prepare', 'execute', 'call', 'begin_not_atomic', 'source']);
const STATEMENTS = new Set(
  `alter begin binlog cache call change checksum clone commit create deallocate declare delimiter describe desc do drop end
   execute explain flush get grant handler help import install kill load lock prepare purge release rename reset resignal
   restart revoke rollback savepoint set show shutdown signal start stop truncate uninstall unlock use xa analyze backup
   change`.split(/\s+/),
);

function alter(cursor: Cursor): MysqlStatement {
  const mark = cursor.mark;
  cursor.next();
  cursor.take('ONLINE');
  const ignore = cursor.take('IGNORE');
  if (cursor.take('TABLE')) return alterTable(cursor, ignore);
  cursor.back(mark);
  return view(cursor) ?? other(cursor);
}

function create(cursor: Cursor): MysqlStatement {
  const mark = cursor.mark;
  cursor.next();
  const orReplace = cursor.take('OR', 'REPLACE');
  const temporary = cursor.take('TEMPORARY');
  if (cursor.take('TABLE')) return createTable(cursor, { temporary, orReplace });
  const kind = { UNIQUE: 'unique', FULLTEXT: 'fulltext', SPATIAL: 'spatial' }[cursor.peek()] as
    | IndexDefinition['kind']
    | undefined;
  if (kind || cursor.peek() === 'INDEX') {
    if (kind) cursor.next();
    if (cursor.take('INDEX')) return createIndex(cursor, kind ?? 'index');
  }
  cursor.back(mark);
  return view(cursor) ?? trigger(cursor) ?? named(cursor);
}

function createIndex(cursor: Cursor, kind: IndexDefinition['kind']): MysqlStatement {
  cursor.take('IF', 'NOT', 'EXISTS');
  const name = cursor.name();
  if (cursor.take('USING')) cursor.next();
  cursor.expect('ON');
  const table = cursor.qualified();
  const columns = cursor.nameList();
  const online = trailing(cursor);
  return { kind: 'create_index', table, index: { kind, name, columns }, online };
}

/** Options behind an index, with ALGORITHM and LOCK among them. */
function trailing(cursor: Cursor): Online {
  const online: Online = {};
  while (!cursor.done) {
    const mark = cursor.mark;
    indexOptions(cursor);
    waitClause(cursor);
    onlineClause(cursor, online);
    if (cursor.mark === mark) cursor.fail('unknown option of an index');
  }
  return online;
}

function drop(cursor: Cursor): MysqlStatement {
  const mark = cursor.mark;
  cursor.next();
  const temporary = cursor.take('TEMPORARY');
  if (cursor.takeOne('TABLE', 'TABLES')) {
    cursor.take('IF', 'EXISTS');
    return { kind: 'drop_table', temporary, tables: qualifiedList(cursor) };
  }
  if (cursor.take('INDEX')) {
    cursor.take('IF', 'EXISTS');
    const name = cursor.name();
    cursor.expect('ON');
    const table = cursor.qualified();
    return { kind: 'drop_index', table, name, online: trailing(cursor) };
  }
  if (cursor.take('VIEW')) {
    cursor.take('IF', 'EXISTS');
    return { kind: 'view', verb: 'drop', names: qualifiedList(cursor), reads: [] };
  }
  if (cursor.take('TRIGGER')) {
    cursor.take('IF', 'EXISTS');
    return { kind: 'trigger', verb: 'drop', name: cursor.qualified() };
  }
  cursor.back(mark);
  return named(cursor);
}

/** CREATE or DROP of something that is no table, by its kind and name. */
function named(cursor: Cursor): MysqlStatement {
  const verb = cursor.next().word.toLowerCase();
  cursor.take('OR', 'REPLACE');
  if (cursor.take('DEFINER')) cursor.until(...KINDS);
  cursor.take('AGGREGATE');
  if (cursor.takeOne('SPATIAL')) cursor.expect('REFERENCE', 'SYSTEM');
  const noun = cursor.next().word.toLowerCase();
  if (!KINDS.includes(noun.toUpperCase())) {
    cursor.back(cursor.mark - 1);
    cursor.fail(`unknown kind of object`);
  }
  if (!cursor.take('IF', 'NOT', 'EXISTS')) cursor.take('IF', 'EXISTS');
  const name = cursor.done ? undefined : cursor.qualified();
  return {
    kind: 'other',
    verb,
    noun: noun === 'schema' ? 'database' : noun,
    ...(name === undefined ? {} : { name }),
    looksInside: false,
  };
}

const KINDS = [
  'DATABASE',
  'SCHEMA',
  'PROCEDURE',
  'FUNCTION',
  'EVENT',
  'USER',
  'ROLE',
  'SERVER',
  'TABLESPACE',
  'UNDO',
  'LOGFILE',
  'RESOURCE',
  'SEQUENCE',
  'PACKAGE',
  'SYSTEM',
  'PREPARE',
];

function view(cursor: Cursor): MysqlStatement | undefined {
  const mark = cursor.mark;
  const verb = cursor.next().word === 'ALTER' ? 'alter' : 'create';
  cursor.take('OR', 'REPLACE');
  if (cursor.take('ALGORITHM')) {
    cursor.take('=');
    cursor.next();
  }
  if (cursor.take('DEFINER')) cursor.until('SQL', 'VIEW', 'TRIGGER', 'PROCEDURE', 'FUNCTION', 'EVENT');
  if (cursor.take('SQL', 'SECURITY')) cursor.next();
  if (!cursor.take('VIEW')) {
    cursor.back(mark);
    return undefined;
  }
  cursor.take('IF', 'NOT', 'EXISTS');
  const name = cursor.qualified();
  if (cursor.peek() === '(') cursor.brackets();
  cursor.expect('AS');
  return { kind: 'view', verb, names: [name], reads: tablesRead(cursor) };
}

function trigger(cursor: Cursor): MysqlStatement | undefined {
  const mark = cursor.mark;
  cursor.next();
  cursor.take('OR', 'REPLACE');
  if (cursor.take('DEFINER')) cursor.until('TRIGGER', 'PROCEDURE', 'FUNCTION', 'EVENT', 'VIEW');
  if (!cursor.take('TRIGGER')) {
    cursor.back(mark);
    return undefined;
  }
  cursor.take('IF', 'NOT', 'EXISTS');
  const name = cursor.qualified();
  cursor.until('ON');
  cursor.expect('ON');
  return { kind: 'trigger', verb: 'create', name, table: cursor.qualified() };
}

function renameTable(cursor: Cursor): MysqlStatement {
  cursor.next();
  cursor.next();
  cursor.take('IF', 'EXISTS');
  const pairs = [];
  do {
    const from = cursor.qualified();
    waitClause(cursor);
    cursor.expect('TO');
    pairs.push({ from, to: cursor.qualified() });
  } while (cursor.take(','));
  return { kind: 'rename_table', pairs };
}

function maintain(cursor: Cursor): MysqlStatement {
  const mark = cursor.mark;
  const verb = cursor.next().word.toLowerCase() as 'optimize' | 'analyze' | 'check' | 'repair';
  cursor.takeOne('LOCAL', 'NO_WRITE_TO_BINLOG');
  if (!cursor.takeOne('TABLE', 'TABLES')) {
    cursor.back(mark);
    return other(cursor);
  }
  return { kind: 'maintain', verb, tables: qualifiedList(cursor) };
}

function lockTables(cursor: Cursor): MysqlStatement {
  cursor.next();
  cursor.next();
  const tables = [];
  do {
    const name = cursor.qualified();
    const how = cursor.until(',').toUpperCase();
    tables.push({ name, write: /\bWRITE$/.test(how) });
  } while (cursor.take(','));
  return { kind: 'lock_tables', tables };
}

function qualifiedList(cursor: Cursor): string[] {
  const names = [cursor.qualified()];
  while (cursor.take(',')) names.push(cursor.qualified());
  return names;
}
