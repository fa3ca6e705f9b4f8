/** Statements on rows: which tables they write, which they read. Shared with SQLite, whose statements look alike. */
import type { Cursor } from '../cursor.ts';
import type { MysqlStatement } from './ast.ts';

type Rows = Extract<MysqlStatement, { kind: 'rows' }>;

/** Undefined where it is no statement on rows. */
export function rows(cursor: Cursor): Rows | undefined {
  const mark = cursor.mark;
  switch (cursor.peek()) {
    case 'INSERT':
    case 'REPLACE':
      return insert(cursor);
    case 'UPDATE':
      return update(cursor);
    case 'DELETE':
      return remove(cursor);
    case 'LOAD':
      if (cursor.peek(1) !== 'DATA' && cursor.peek(1) !== 'XML') return undefined;
      cursor.until('TABLE');
      cursor.expect('TABLE');
      return { kind: 'rows', verb: 'load', writes: [cursor.qualified()], reads: [], everyRow: false };
    case 'WITH':
      return withQuery(cursor);
    case 'SELECT':
    case 'VALUES':
    case 'TABLE':
    case '(':
      return { kind: 'rows', verb: 'select', writes: [], reads: tablesRead(cursor), everyRow: false };
    default:
      cursor.back(mark);
      return undefined;
  }
}

function insert(cursor: Cursor): Rows {
  const verb = cursor.next().word === 'INSERT' ? 'insert' : 'replace';
  while (cursor.takeOne('LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'IGNORE')) {
    // Each call takes one.
  }
  if (cursor.take('OR')) cursor.next();
  cursor.take('INTO');
  const table = cursor.qualified();
  return { kind: 'rows', verb, writes: [table], reads: tablesRead(cursor), everyRow: false };
}

function update(cursor: Cursor): Rows {
  cursor.next();
  while (cursor.takeOne('LOW_PRIORITY', 'IGNORE')) {
    // Each call takes one.
  }
  if (cursor.take('OR')) cursor.next();
  const mark = cursor.mark;
  const aliases = new Map<string, string>();
  const sources = references(cursor, aliases, ['SET']);
  cursor.expect('SET');
  const assigned = new Set<string>();
  const set = cursor.mark;
  do {
    const path = cursor.qualified().split('.');
    const qualifier = path.length > 1 ? path.slice(0, -1).join('.') : undefined;
    if (qualifier !== undefined) assigned.add(aliases.get(qualifier.toLowerCase()) ?? qualifier);
    cursor.until(',', 'WHERE', 'ORDER', 'LIMIT', 'FROM', 'RETURNING');
  } while (cursor.take(','));
  const everyRow =
    cursor.peek() !== 'WHERE' && cursor.peek() !== 'LIMIT' && sources.length <= 1 && cursor.peek() !== 'FROM';
  const writes = sources.length <= 1 || assigned.size === 0 ? sources.slice(0, 1) : [...assigned];
  cursor.back(set);
  const reads = [...sources, ...tablesRead(cursor)].filter((name) => !writes.includes(name));
  cursor.back(mark);
  return { kind: 'rows', verb: 'update', writes, reads: [...new Set(reads)], everyRow };
}

function remove(cursor: Cursor): Rows {
  cursor.next();
  while (cursor.takeOne('LOW_PRIORITY', 'QUICK', 'IGNORE')) {
    // Each call takes one.
  }
  const aliases = new Map<string, string>();
  let targets: string[] = [];
  if (cursor.peek() !== 'FROM') {
    targets = targetList(cursor);
    cursor.expect('FROM');
  } else {
    cursor.next();
    const mark = cursor.mark;
    targets = targetList(cursor);
    if (!cursor.take('USING')) cursor.back(mark);
  }
  const sources = references(cursor, aliases, ['WHERE', 'ORDER', 'LIMIT', 'RETURNING', 'USING']);
  const everyRow = cursor.peek() !== 'WHERE' && cursor.peek() !== 'LIMIT' && sources.length <= 1;
  const named = targets.map((name) => aliases.get(name.toLowerCase()) ?? name);
  const writes = sources.length <= 1 ? sources : named;
  const reads = [...sources, ...tablesRead(cursor)].filter((name) => !writes.includes(name));
  return { kind: 'rows', verb: 'delete', writes, reads: [...new Set(reads)], everyRow };
}

/** Names before FROM in a DELETE of several tables, which may end in `.*`. */
function targetList(cursor: Cursor): string[] {
  const names: string[] = [];
  do {
    const parts = [cursor.name()];
    while (cursor.peek() === '.') {
      cursor.next();
      if (cursor.take('*')) break;
      parts.push(cursor.name());
    }
    names.push(parts.join('.'));
  } while (cursor.take(','));
  return names;
}

function withQuery(cursor: Cursor): Rows | undefined {
  const own = new Set<string>();
  const reads: string[] = [];
  cursor.next();
  cursor.take('RECURSIVE');
  do {
    own.add(cursor.name());
    if (cursor.peek() === '(') cursor.brackets();
    cursor.expect('AS');
    if (!cursor.take('MATERIALIZED') && cursor.take('NOT')) cursor.expect('MATERIALIZED');
    cursor.expect('(');
    reads.push(...tablesRead(cursor));
    cursor.expect(')');
  } while (cursor.take(','));
  const inner = rows(cursor);
  if (!inner) return undefined;
  return { ...inner, reads: [...new Set([...reads, ...inner.reads])].filter((name) => !own.has(name)) };
}

/** Tables of a list with joins, up to one of the words in `end`; fills in which alias stands for which table. */
function references(cursor: Cursor, aliases: Map<string, string>, end: readonly string[]): string[] {
  const found: string[] = [];
  do {
    while (cursor.peek() === '(') cursor.next();
    if (cursor.peek() === 'SELECT') {
      found.push(...tablesRead(cursor));
    } else if (cursor.kind() === 'word' || cursor.kind() === 'quoted') {
      const name = cursor.qualified();
      found.push(name);
      cursor.take('AS');
      const alias = !JOINS.has(cursor.peek()) && ![...end, ',', '', ')', ';'].includes(cursor.peek());
      const quoted = cursor.kind() === 'quoted';
      if (alias || quoted) aliases.set(cursor.name().toLowerCase(), name);
      aliases.set(name.toLowerCase(), name);
    }
    cursor.until('JOIN', 'STRAIGHT_JOIN', ',', ...end);
  } while (cursor.takeOne('JOIN', 'STRAIGHT_JOIN', ','));
  return [...new Set(found)];
}

const JOINS = new Set(
  `JOIN INNER CROSS LEFT RIGHT NATURAL STRAIGHT_JOIN ON USING PARTITION USE IGNORE FORCE FOR INDEXED NOT SET WHERE FULL OUTER`.split(
    ' ',
  ),
);

/** Tables behind FROM and JOIN from here to the end or to the bracket that closes, in subqueries too. */
export function tablesRead(cursor: Cursor): string[] {
  const found = new Set<string>();
  let depth = 0;
  while (!cursor.done) {
    const word = cursor.peek();
    if (word === '(') depth++;
    if (word === ')' && --depth < 0) break;
    const before = word === 'FROM' || word === 'JOIN' || word === 'STRAIGHT_JOIN';
    cursor.next();
    if (before) tableList(cursor, found);
  }
  return [...found];
}

/** `a, b AS c` behind FROM; a bracket or a call is left to the caller. */
function tableList(cursor: Cursor, found: Set<string>): void {
  for (;;) {
    if (cursor.done || (cursor.kind() !== 'word' && cursor.kind() !== 'quoted')) return;
    if (['SELECT', 'DUAL', 'LATERAL', 'JSON_TABLE'].includes(cursor.peek())) return;
    const name = cursor.qualified();
    if (cursor.peek() === '(') return;
    found.add(name);
    const mark = cursor.mark;
    cursor.take('AS');
    if (cursor.kind() === 'quoted' || (cursor.kind() === 'word' && !JOINS.has(cursor.peek()))) cursor.next();
    if (!cursor.take(',')) {
      cursor.back(mark);
      return;
    }
  }
}
