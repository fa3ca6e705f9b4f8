/** Reads ALTER TABLE: MySQL 8.4's and MariaDB 11's grammar. */
import type { Cursor } from '../cursor.ts';
import type { AlterAction, MysqlStatement, Online } from './ast.ts';
import { columnDefinition, position } from './column.ts';
import { constraint, onlineClause, tableOption, waitClause } from './definitions.ts';

/** Behind `ALTER [ONLINE] [IGNORE] TABLE`. */
export function alterTable(cursor: Cursor, ignore: boolean): MysqlStatement {
  cursor.take('IF', 'EXISTS');
  const table = cursor.qualified();
  waitClause(cursor);
  const actions: AlterAction[] = [];
  const online: Online = {};
  while (!cursor.done) {
    if (!onlineClause(cursor, online)) actions.push(...action(cursor));
    // Table options follow one another without commas, partitioning follows everything.
    cursor.take(',');
  }
  return { kind: 'alter_table', table, actions, online, ignore };
}

function action(cursor: Cursor): AlterAction[] {
  switch (cursor.peek()) {
    case 'ADD':
      cursor.next();
      return add(cursor);
    case 'DROP':
      cursor.next();
      return [drop(cursor)];
    case 'MODIFY':
    case 'CHANGE':
      return [modify(cursor)];
    case 'ALTER':
      cursor.next();
      return [alter(cursor)];
    case 'RENAME':
      cursor.next();
      return [rename(cursor)];
    case 'CONVERT':
      return [convert(cursor)];
    case 'ORDER':
      cursor.until('ALGORITHM', 'LOCK');
      return [{ action: 'order_by' }];
    case 'FORCE':
      cursor.next();
      return [{ action: 'force' }];
    case 'WITH':
    case 'WITHOUT':
      if (cursor.peek(1) === 'VALIDATION') {
        cursor.next();
        cursor.next();
        return [];
      }
      break;
    case 'DISABLE':
    case 'ENABLE': {
      const on = cursor.next().word === 'ENABLE';
      cursor.expect('KEYS');
      return [{ action: on ? 'enable_keys' : 'disable_keys' }];
    }
    case 'DISCARD':
    case 'IMPORT':
      cursor.until(',');
      return [{ action: 'tablespace' }];
    default:
  }
  const partitioning = partition(cursor);
  if (partitioning) return [partitioning];
  const option = tableOption(cursor);
  if (option) return [{ action: 'option', ...option }];
  return cursor.fail('unknown action of ALTER TABLE');
}

function add(cursor: Cursor): AlterAction[] {
  if (
    cursor.peek() === 'PARTITION' &&
    (cursor.peek(1) === '(' || ['PARTITIONS', 'IF'].includes(cursor.peek(1)))
  )
    return [added(cursor)];
  if (cursor.take('SYSTEM', 'VERSIONING')) return [{ action: 'system_versioning' }];
  if (cursor.take('PERIOD', 'FOR')) {
    cursor.name();
    cursor.brackets();
    return [{ action: 'period' }];
  }
  const found = constraint(cursor);
  if (found) {
    if ('index' in found) return [{ action: 'add_index', ...found }];
    if ('foreignKey' in found)
      return [{ action: 'add_foreign_key', key: found.foreignKey, ifNotExists: found.ifNotExists }];
    return [{ action: 'add_check', ...found.check }];
  }
  cursor.take('COLUMN');
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  if (cursor.peek() !== '(') {
    const column = columnDefinition(cursor, cursor.name());
    return [{ action: 'add_column', column, position: position(cursor), ifNotExists }];
  }
  cursor.next();
  const actions: AlterAction[] = [];
  do {
    const key = constraint(cursor);
    if (key && 'index' in key) actions.push({ action: 'add_index', ...key });
    else if (key && 'foreignKey' in key)
      actions.push({ action: 'add_foreign_key', key: key.foreignKey, ifNotExists: false });
    else if (key) actions.push({ action: 'add_check', ...key.check });
    else
      actions.push({
        action: 'add_column',
        column: columnDefinition(cursor, cursor.name()),
        position: {},
        ifNotExists,
      });
  } while (cursor.take(','));
  cursor.expect(')');
  return actions;
}

function added(cursor: Cursor): AlterAction {
  cursor.next();
  cursor.take('IF', 'NOT', 'EXISTS');
  if (cursor.take('PARTITIONS')) cursor.next();
  else cursor.brackets();
  return { action: 'partition', what: 'ADD', names: [] };
}

function drop(cursor: Cursor): AlterAction {
  if (cursor.take('PRIMARY', 'KEY')) return { action: 'drop_primary_key' };
  if (cursor.take('SYSTEM', 'VERSIONING')) return { action: 'system_versioning' };
  if (cursor.take('PERIOD', 'FOR')) {
    cursor.name();
    return { action: 'period' };
  }
  if (cursor.take('FOREIGN', 'KEY')) {
    cursor.take('IF', 'EXISTS');
    return { action: 'drop_foreign_key', name: cursor.name() };
  }
  if (cursor.peek() === 'PARTITION' && cursor.kind(1) !== undefined && cursor.peek(1) !== ',') {
    cursor.next();
    cursor.take('IF', 'EXISTS');
    return { action: 'partition', what: 'DROP', names: names(cursor) };
  }
  const what = cursor.takeOne('INDEX', 'KEY', 'CHECK', 'CONSTRAINT', 'COLUMN');
  const ifExists = cursor.take('IF', 'EXISTS');
  const name = cursor.name();
  if (what === 'INDEX' || what === 'KEY') return { action: 'drop_index', name };
  if (what === 'CHECK') return { action: 'drop_check', name };
  if (what === 'CONSTRAINT') return { action: 'drop_constraint', name };
  cursor.takeOne('RESTRICT', 'CASCADE');
  return { action: 'drop_column', name, ifExists };
}

function modify(cursor: Cursor): AlterAction {
  const change = cursor.next().word === 'CHANGE';
  cursor.take('COLUMN');
  cursor.take('IF', 'EXISTS');
  const from = cursor.name();
  const to = change ? cursor.name() : from;
  const column = columnDefinition(cursor, to);
  return { action: 'modify_column', from, column, position: position(cursor) };
}

function alter(cursor: Cursor): AlterAction {
  if (cursor.take('INDEX') || cursor.take('KEY')) {
    cursor.take('IF', 'EXISTS');
    const name = cursor.name();
    if (!cursor.take('NOT', 'IGNORED')) cursor.next();
    return { action: 'index_visibility', name };
  }
  if (cursor.takeOne('CHECK', 'CONSTRAINT')) {
    const name = cursor.name();
    cursor.take('NOT');
    cursor.expect('ENFORCED');
    return { action: 'alter_check', name };
  }
  cursor.take('COLUMN');
  cursor.take('IF', 'EXISTS');
  const name = cursor.name();
  if (cursor.take('DROP', 'DEFAULT')) return { action: 'drop_default', name };
  if (cursor.take('SET', 'VISIBLE') || cursor.take('SET', 'INVISIBLE'))
    return { action: 'column_visibility', name };
  cursor.expect('SET', 'DEFAULT');
  cursor.until(',');
  return { action: 'set_default', name };
}

function rename(cursor: Cursor): AlterAction {
  if (cursor.take('COLUMN')) {
    cursor.take('IF', 'EXISTS');
    const from = cursor.name();
    cursor.expect('TO');
    return { action: 'rename_column', from, to: cursor.name() };
  }
  if (['INDEX', 'KEY'].includes(cursor.peek()) && cursor.peek(1) !== ',' && cursor.kind(1) !== undefined) {
    cursor.next();
    cursor.take('IF', 'EXISTS');
    const name = cursor.name();
    cursor.expect('TO');
    cursor.name();
    return { action: 'rename_index', name };
  }
  cursor.takeOne('TO', 'AS', '=');
  return { action: 'rename_table', to: cursor.qualified() };
}

function convert(cursor: Cursor): AlterAction {
  if (cursor.peek(1) === 'PARTITION' || cursor.peek(1) === 'TABLE') {
    cursor.next();
    const what = cursor.next().word;
    cursor.until(',');
    return { action: 'partition', what: `CONVERT ${what}`, names: [] };
  }
  cursor.expect('CONVERT', 'TO');
  if (!cursor.take('CHARACTER', 'SET')) cursor.expect('CHARSET');
  const charset = cursor.name().toLowerCase();
  if (!cursor.take('COLLATE')) return { action: 'convert_charset', charset };
  return { action: 'convert_charset', charset, collation: cursor.name().toLowerCase() };
}

/** Actions on partitions, and PARTITION BY; undefined where none comes next. */
function partition(cursor: Cursor): AlterAction | undefined {
  if (cursor.take('PARTITION', 'BY')) {
    cursor.until();
    return { action: 'partition', what: 'BY', names: [] };
  }
  if (cursor.take('REMOVE', 'PARTITIONING')) return { action: 'partition', what: 'REMOVE', names: [] };
  const what = cursor.peek();
  if (cursor.peek(1) !== 'PARTITION') return undefined;
  if (
    ![
      'TRUNCATE',
      'COALESCE',
      'REORGANIZE',
      'EXCHANGE',
      'ANALYZE',
      'CHECK',
      'OPTIMIZE',
      'REBUILD',
      'REPAIR',
    ].includes(what)
  )
    return undefined;
  cursor.next();
  cursor.next();
  if (what === 'COALESCE') cursor.next();
  const found = what === 'COALESCE' ? [] : names(cursor);
  if (what === 'REORGANIZE') cursor.until('ALGORITHM', 'LOCK');
  if (what !== 'EXCHANGE') return { action: 'partition', what, names: found };
  cursor.expect('WITH', 'TABLE');
  const other = cursor.qualified();
  if (cursor.take('WITH', 'VALIDATION') || cursor.take('WITHOUT', 'VALIDATION'))
    return { action: 'partition', what, names: found, other };
  return { action: 'partition', what, names: found, other };
}

function names(cursor: Cursor): string[] {
  if (cursor.done || cursor.peek() === 'INTO') return [];
  const found = [cursor.name()];
  while (cursor.take(',')) found.push(cursor.name());
  return found;
}
