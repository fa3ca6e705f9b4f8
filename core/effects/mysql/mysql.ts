/**
 * How MySQL 8 carries out ALTER TABLE: the tables of its manual, “Online DDL Operations” (17.12.1 in 8.4). INSTANT for
 * columns in any place and for dropping them since 8.0.29. What the manual calls INPLACE without a rebuild is INPLACE here.
 */
import type { AlterAction, ColumnDefinition } from '../../sql/mysql/ast.ts';
import type { MysqlTable } from './catalogue.ts';
import { columnChange } from './column-change.ts';
import { alreadyIn, callsFunction } from './questions.ts';
import { beside, copy, INSTANT, rebuild, type Situation, type Way, worst } from './way.ts';

export function mysqlWay(situation: Situation): Way {
  const { actions } = situation;
  const ways = actions.map((action) => one(action, situation));
  const way = worst(ways);
  const columns = actions.some(({ action }) => action === 'add_column' || action === 'drop_column');
  // Instant changes of columns do not go together with others that are not instant.
  return columns &&
    way.algorithm === 'INPLACE' &&
    !way.rebuild &&
    ways.some(({ algorithm }) => algorithm === 'INSTANT')
    ? worst([way, rebuild('columns change together with something else')])
    : way;
}

function one(action: AlterAction, situation: Situation): Way {
  const { table } = situation;
  if (action.action === 'option' && action.name === 'ENGINE' && action.value.toUpperCase() !== table.engine)
    return copy(`the rows go into another engine, ${action.value.toUpperCase()}`);
  if (table.engine !== 'INNODB' && !DICTIONARY.has(action.action))
    return copy(`the engine ${table.engine} has no online definitions`);
  switch (action.action) {
    case 'add_column':
      return addColumn(action.column, situation);
    case 'drop_column':
      return dropColumn(action.name, situation);
    case 'modify_column':
      return modify(action, table);
    case 'rename_column':
      return situation.version >= 8
        ? INSTANT
        : beside('INPLACE', 'no instant change in this version', 'NONE', false);
    case 'add_index':
      return addIndex(action);
    case 'drop_index':
    case 'rename_index':
    case 'drop_foreign_key':
      return beside('INPLACE', 'only the dictionary changes', 'NONE', false);
    case 'drop_primary_key':
      return situation.actions.some((other) => other.action === 'add_index' && other.index.kind === 'primary')
        ? rebuild('the rows are put into another order')
        : copy('the primary key goes');
    case 'add_foreign_key':
      return situation.foreignKeyChecks
        ? copy('each row is checked against the other table')
        : beside('INPLACE', 'an index for the key');
    case 'add_check':
      return action.enforced
        ? copy('each row is checked')
        : beside('INPLACE', 'only the dictionary changes', 'NONE', false);
    case 'alter_check':
      return copy('each row may be checked');
    case 'drop_check':
    case 'drop_constraint':
      return beside('INPLACE', 'only the dictionary changes', 'NONE', false);
    case 'convert_charset':
      return alreadyIn(table, action.charset)
        ? rebuild('the table is written anew')
        : copy('every text is written anew');
    case 'option':
      return option(action.name);
    case 'force':
      return rebuild('a rebuild was asked for', table.hasIndex('fulltext') ? 'SHARED' : 'NONE');
    case 'order_by':
      return copy('the rows are sorted');
    case 'rename_table':
      return { ...INSTANT, lock: 'EXCLUSIVE' };
    case 'tablespace':
      return { ...INSTANT, lock: 'EXCLUSIVE' };
    case 'disable_keys':
    case 'enable_keys':
      return INSTANT;
    case 'system_versioning':
    case 'period':
      return copy('MySQL knows no system versioning');
    case 'partition':
      return partition(action.what);
    default:
      return INSTANT;
  }
}

const DICTIONARY = new Set<AlterAction['action']>([
  'rename_table',
  'set_default',
  'drop_default',
  'rename_column',
  'rename_index',
]);

function addColumn(column: ColumnDefinition, { table, version }: Situation): Way {
  if (column.generated === 'stored') return copy('a stored generated column is computed for each row');
  if (column.autoIncrement) return rebuild('each row gets a number', 'SHARED');
  if (column.generated === 'virtual') return table.partitioned ? copy('the table is partitioned') : INSTANT;
  if (column.default !== undefined && isExpression(column.default))
    return copy('the default is computed for each row');
  if (column.key) return rebuild('a column with a key');
  return instant(table, version);
}

/** Literals and CURRENT_TIMESTAMP are constants; anything in brackets is computed for each row. */
function isExpression(text: string): boolean {
  return text.startsWith('(') || callsFunction(text, ['uuid', 'rand']);
}

function instant(table: MysqlTable, version: number): Way {
  if (version < 8) return rebuild('no instant change in this version');
  if (table.hasIndex('fulltext')) return rebuild('the table has a full-text index', 'SHARED');
  return table.rowFormat === 'COMPRESSED' ? rebuild('the table is compressed') : INSTANT;
}

function dropColumn(name: string, { table, version }: Situation): Way {
  if (table.column(name)?.definition.generated === 'virtual') return INSTANT;
  const way = instant(table, version);
  return way.algorithm === 'INSTANT' && table.indexesWith(name).length > 0
    ? rebuild('its index is built anew')
    : way;
}

function modify(action: Extract<AlterAction, { action: 'modify_column' }>, table: MysqlTable): Way {
  const change = columnChange(table, action.from, action.column, action.position);
  if (change.type === 'unknown') return copy(`what ${action.from} is at present is not known`);
  if (change.generation !== 'none') return copy('a generated column is computed for each row');
  if (change.becomesAutoIncrement) return copy('each row gets a number');
  if (['wider', 'narrower', 'other', 'charset'].includes(change.type)) return copy('the type changes');
  if (change.type === 'longer_prefix') return copy('the length of a text takes two bytes from now on');
  const ways: Way[] = [];
  if (change.type === 'longer') ways.push(beside('INPLACE', 'only the dictionary changes', 'NONE', false));
  if (change.nullability === 'to_not_null') ways.push(rebuild('no row may be NULL'));
  if (change.nullability === 'to_null') ways.push(rebuild('each row gets a mark for NULL'));
  if (change.moved) ways.push(rebuild('columns are reordered'));
  return worst(ways);
}

function addIndex({ index: { kind } }: Extract<AlterAction, { action: 'add_index' }>): Way {
  switch (kind) {
    case 'primary':
      return rebuild('the rows are put into another order');
    case 'fulltext':
      return beside('INPLACE', 'a full-text index is built', 'SHARED');
    case 'spatial':
      return beside('INPLACE', 'a spatial index is built', 'SHARED');
    default:
      return beside('INPLACE', 'an index is built');
  }
}

function option(name: string): Way {
  if (name === 'ENCRYPTION') return copy('every page is written anew');
  if (['ROW_FORMAT', 'KEY_BLOCK_SIZE', 'ENGINE', 'TABLESPACE'].includes(name))
    return rebuild('the rows are stored in another form');
  if (
    [
      'AUTO_INCREMENT',
      'STATS_PERSISTENT',
      'STATS_SAMPLE_PAGES',
      'STATS_AUTO_RECALC',
      'CHARACTER SET',
      'COLLATE',
      'COMMENT',
    ].includes(name)
  )
    return beside('INPLACE', 'only the dictionary changes', 'NONE', false);
  return INSTANT;
}

function partition(what: string): Way {
  if (['ADD', 'DROP', 'TRUNCATE', 'EXCHANGE'].includes(what))
    return {
      algorithm: 'INPLACE',
      lock: 'EXCLUSIVE',
      rebuild: false,
      scan: false,
      reason: 'partitions change',
    };
  if (['ANALYZE', 'CHECK'].includes(what)) return INSTANT;
  if (['REORGANIZE', 'REBUILD', 'COALESCE'].includes(what))
    return rebuild('partitions are written anew', 'SHARED');
  return copy('the rows go into other partitions');
}
