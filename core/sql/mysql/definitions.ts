/** Reads indexes, keys and table options, which CREATE TABLE and ALTER TABLE share. */
import type { Cursor } from '../cursor.ts';
import type { ForeignKey, IndexDefinition, Online } from './ast.ts';
import { referenceOptions } from './column.ts';

export type Constraint =
  | { index: IndexDefinition; ifNotExists: boolean }
  | { foreignKey: ForeignKey; ifNotExists: boolean }
  | { check: { name?: string; expression: string; enforced: boolean } };

/** An index, key or constraint where one begins here; undefined where none does. */
export function constraint(cursor: Cursor): Constraint | undefined {
  const mark = cursor.mark;
  let name: string | undefined;
  if (cursor.take('CONSTRAINT')) {
    cursor.take('IF', 'NOT', 'EXISTS');
    if (!['PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK'].includes(cursor.peek())) name = cursor.qualified();
  }
  if (cursor.take('PRIMARY', 'KEY')) return index(cursor, 'primary', name);
  if (cursor.take('FOREIGN', 'KEY')) return foreignKey(cursor, name);
  if (cursor.take('CHECK')) {
    const expression = cursor.brackets();
    const enforced = !cursor.take('NOT', 'ENFORCED');
    cursor.take('ENFORCED');
    return { check: { ...(name ? { name } : {}), expression, enforced } };
  }
  const kind = { UNIQUE: 'unique', FULLTEXT: 'fulltext', SPATIAL: 'spatial' }[cursor.peek()] as
    | IndexDefinition['kind']
    | undefined;
  if (kind) {
    cursor.next();
    cursor.takeOne('INDEX', 'KEY');
    return index(cursor, kind, name);
  }
  const plain = ['INDEX', 'KEY'].includes(cursor.peek());
  if (plain) {
    cursor.next();
    return index(cursor, 'index', name);
  }
  cursor.back(mark);
  return undefined;
}

function index(
  cursor: Cursor,
  kind: IndexDefinition['kind'],
  constraintName: string | undefined,
): Constraint {
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  let name = constraintName;
  if (cursor.peek() !== '(' && !(cursor.peek() === 'USING' && cursor.peek(1) !== '(')) name = cursor.name();
  if (cursor.take('USING')) cursor.next();
  const columns = cursor.nameList();
  indexOptions(cursor);
  return { index: { kind, columns, ...(name ? { name } : {}) }, ifNotExists };
}

function foreignKey(cursor: Cursor, constraintName: string | undefined): Constraint {
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  let name = constraintName;
  if (cursor.peek() !== '(') name ??= cursor.name();
  const columns = cursor.nameList();
  cursor.expect('REFERENCES');
  const references = cursor.qualified();
  const referencedColumns = cursor.peek() === '(' ? cursor.nameList() : [];
  referenceOptions(cursor);
  return { foreignKey: { columns, references, referencedColumns, ...(name ? { name } : {}) }, ifNotExists };
}

export function indexOptions(cursor: Cursor): void {
  for (;;) {
    if (cursor.take('USING')) cursor.next();
    else if (cursor.take('WITH', 'PARSER') || cursor.take('COMMENT')) cursor.next();
    else if (
      cursor.takeOne('KEY_BLOCK_SIZE', 'ENGINE_ATTRIBUTE', 'SECONDARY_ENGINE_ATTRIBUTE', 'CLUSTERING')
    ) {
      cursor.take('=');
      cursor.next();
    } else if (!cursor.takeOne('VISIBLE', 'INVISIBLE', 'IGNORED') && !cursor.take('NOT', 'IGNORED')) return;
  }
}

/** `ALGORITHM = …` and `LOCK = …` where one comes next. */
export function onlineClause(cursor: Cursor, online: Online): boolean {
  const word = cursor.peek();
  if (word !== 'ALGORITHM' && word !== 'LOCK') return false;
  cursor.next();
  cursor.take('=');
  const wanted = cursor.next().word;
  if (word === 'ALGORITHM') online.algorithm = wanted;
  else online.lock = wanted;
  return true;
}

/** `NOWAIT` and `WAIT n` of MariaDB. */
export function waitClause(cursor: Cursor): void {
  if (cursor.take('WAIT')) cursor.next();
  else cursor.take('NOWAIT');
}

/** One table option; undefined where none comes next. The name is in capitals, with one blank between its words. */
export function tableOption(cursor: Cursor): { name: string; value: string } | undefined {
  const mark = cursor.mark;
  cursor.take('DEFAULT');
  if (cursor.take('CHARACTER', 'SET') || cursor.take('CHARSET'))
    return { name: 'CHARACTER SET', value: operand(cursor) };
  if (cursor.take('COLLATE')) return { name: 'COLLATE', value: operand(cursor) };
  cursor.back(mark);
  if (cursor.take('DATA', 'DIRECTORY')) return { name: 'DATA DIRECTORY', value: operand(cursor) };
  if (cursor.take('INDEX', 'DIRECTORY')) return { name: 'INDEX DIRECTORY', value: operand(cursor) };
  if (cursor.take('WITH', 'SYSTEM', 'VERSIONING')) return { name: 'SYSTEM VERSIONING', value: 'ON' };
  if (cursor.take('UNION')) {
    cursor.take('=');
    return { name: 'UNION', value: cursor.brackets() };
  }
  if (cursor.kind() === 'word' && (OPTIONS.has(cursor.peek()) || cursor.peek(1) === '='))
    return { name: cursor.next().word, value: operand(cursor) };
  return undefined;
}

function operand(cursor: Cursor): string {
  cursor.take('=');
  const { text, kind } = cursor.next();
  return kind === 'word' ? text.toUpperCase() : text;
}

/** Options that may stand without an equals sign. */
const OPTIONS = new Set([
  'ENGINE',
  'TYPE',
  'AUTO_INCREMENT',
  'AVG_ROW_LENGTH',
  'CHECKSUM',
  'COMMENT',
  'COMPRESSION',
  'CONNECTION',
  'DELAY_KEY_WRITE',
  'ENCRYPTION',
  'INSERT_METHOD',
  'KEY_BLOCK_SIZE',
  'MAX_ROWS',
  'MIN_ROWS',
  'PACK_KEYS',
  'PASSWORD',
  'ROW_FORMAT',
  'STATS_AUTO_RECALC',
  'STATS_PERSISTENT',
  'STATS_SAMPLE_PAGES',
  'TABLESPACE',
  'TRANSACTIONAL',
  'PAGE_CHECKSUM',
  'PAGE_COMPRESSED',
  'ENCRYPTED',
  'SEQUENCE',
  'AUTOEXTEND_SIZE',
]);
