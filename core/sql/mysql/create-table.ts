/** Reads CREATE TABLE. */
import type { Cursor } from '../cursor.ts';
import type { MysqlStatement, TableDefinition } from './ast.ts';
import { columnDefinition } from './column.ts';
import { constraint, tableOption } from './definitions.ts';

/** Behind `CREATE [OR REPLACE] [TEMPORARY] TABLE`. */
export function createTable(cursor: Cursor, how: { temporary: boolean; orReplace: boolean }): MysqlStatement {
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const table = cursor.qualified();
  const definition: TableDefinition = {
    columns: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
    options: {},
    partitioned: false,
    fromQuery: false,
  };
  const like = cursor.peek() === '(' && cursor.peek(1) === 'LIKE';
  if (like) cursor.next();
  if (cursor.take('LIKE')) {
    definition.like = cursor.qualified();
    if (like) cursor.expect(')');
  } else {
    if (cursor.peek() === '(' && cursor.peek(1) !== 'SELECT') elements(cursor, definition);
    options(cursor, definition);
  }
  return { kind: 'create_table', table, ifNotExists, ...how, definition };
}

function elements(cursor: Cursor, definition: TableDefinition): void {
  cursor.expect('(');
  do {
    if (cursor.take('PERIOD', 'FOR')) {
      cursor.name();
      cursor.brackets();
      continue;
    }
    const found = constraint(cursor);
    if (!found) definition.columns.push(columnDefinition(cursor, cursor.name()));
    else if ('index' in found) definition.indexes.push(found.index);
    else if ('foreignKey' in found) definition.foreignKeys.push(found.foreignKey);
    else definition.checks.push(found.check);
  } while (cursor.take(','));
  cursor.expect(')');
}

function options(cursor: Cursor, definition: TableDefinition): void {
  while (!cursor.done) {
    if (cursor.take('PARTITION', 'BY')) {
      definition.partitioned = true;
      cursor.until('AS', 'SELECT', 'WITH');
    } else if (
      ['AS', 'SELECT', 'WITH', 'IGNORE', 'REPLACE', 'VALUES', '('].includes(cursor.peek()) &&
      !versioning(cursor)
    ) {
      definition.fromQuery = true;
      cursor.until();
    } else {
      const option = tableOption(cursor);
      if (!option) cursor.fail('unknown option of CREATE TABLE');
      definition.options[option.name] = option.value;
    }
    cursor.take(',');
  }
}

function versioning(cursor: Cursor): boolean {
  return cursor.peek() === 'WITH' && cursor.peek(1) === 'SYSTEM';
}
