/**
 * How MariaDB carries out ALTER TABLE: its documentation of ALGORITHM and LOCK (“InnoDB Online DDL Operations”),
 * corrected by what a server of 10.11 accepts (`npm run truth -- --mariadb`).
 */
import type { AlterAction, ColumnDefinition } from '../../sql/mysql/ast.ts';
import type { MysqlTable } from './catalogue.ts';
import { columnChange } from './column-change.ts';
import { alreadyIn, becomesClustered, callsFunction, isLast, otherUniqueKey } from './questions.ts';
import { beside, copy, INSTANT, rebuild, type Situation, type Way, worst } from './way.ts';

export function mariadbWay(situation: Situation): Way {
  const { table, actions } = situation;
  const ways = actions.map((action) => one(action, situation));
  const adds = actions.some(({ action }) => action === 'add_column' || action === 'drop_column');
  const indexes = actions.some(({ action }) => action === 'add_index');
  const virtual = actions.some(
    (action) => action.action === 'add_column' && action.column.generated === 'virtual',
  );
  // With an index to build, columns are no longer added or dropped instantly.
  if (adds && indexes && !virtual) ways.push(rebuild('columns and indexes change together', busy(table)));
  if (adds && indexes && virtual) ways.push(beside('NOCOPY', 'an index on a new virtual column', 'SHARED'));
  const both =
    actions.some(({ action }) => action === 'add_column') &&
    actions.some(({ action }) => action === 'drop_column');
  if (both && hasVirtual(table)) ways.push(copy('columns are added and dropped beside generated ones'));
  return worst(ways);
}

/** A table with a full-text index takes no writes while it is rebuilt. */
function busy(table: MysqlTable): 'NONE' | 'SHARED' {
  return table.hasIndex('fulltext') ? 'SHARED' : 'NONE';
}

function hasVirtual(table: MysqlTable): boolean {
  return [...table.columns.values()].some(({ definition }) => definition.generated === 'virtual');
}

function one(action: AlterAction, situation: Situation): Way {
  const { table } = situation;
  const elsewhere = otherEngine(action, table);
  if (elsewhere) return elsewhere;
  switch (action.action) {
    case 'add_column':
      return addColumn(action.column, situation, isLast(table, action.position));
    case 'drop_column':
      return dropColumn(action.name, situation);
    case 'modify_column':
      return modify(action, situation);
    case 'add_index':
      return addIndex(action, situation);
    case 'drop_index':
      return beside('NOCOPY', 'an index goes', 'NONE', false);
    case 'drop_primary_key': {
      const again = situation.actions.some(
        (other) => other.action === 'add_index' && other.index.kind === 'primary',
      );
      if (table.partitioned) return copy('the primary key goes');
      return again || otherUniqueKey(table)
        ? rebuild('the rows are put into another order', busy(table))
        : copy('the primary key goes');
    }
    case 'add_foreign_key':
      return situation.foreignKeyChecks
        ? copy('each row is checked against the other table')
        : beside('NOCOPY', 'an index for the key');
    case 'add_check':
      return copy('each row is checked');
    case 'convert_charset':
      return alreadyIn(table, action.charset, action.collation)
        ? INSTANT
        : copy('every text is written anew');
    case 'option':
      return option(action.name, table);
    case 'force':
      return rebuild('a rebuild was asked for', busy(table));
    case 'order_by':
      return copy('the rows are sorted');
    case 'rename_table':
    case 'disable_keys':
    case 'enable_keys':
      return { ...INSTANT, lock: 'EXCLUSIVE' };
    case 'system_versioning':
    case 'period':
      return copy('columns for the period are added or dropped');
    case 'tablespace':
      return { ...INSTANT, lock: 'EXCLUSIVE' };
    case 'partition':
      return partition(action.what);
    default:
      return INSTANT;
  }
}

/** Engines without online definitions copy, but for what is only in the dictionary. */
function otherEngine(action: AlterAction, table: MysqlTable): Way | undefined {
  const wanted =
    action.action === 'option' && action.name === 'ENGINE' ? action.value.toUpperCase() : undefined;
  if (wanted !== undefined && wanted !== table.engine)
    return copy(`the rows go into another engine, ${wanted}`);
  if (table.engine === 'INNODB') return undefined;
  switch (action.action) {
    case 'rename_column':
    case 'set_default':
    case 'drop_default':
    case 'rename_index':
    case 'rename_table':
    case 'disable_keys':
    case 'enable_keys':
      return undefined;
    case 'option':
      return [
        'COMMENT',
        'STATS_PERSISTENT',
        'STATS_SAMPLE_PAGES',
        'STATS_AUTO_RECALC',
        'KEY_BLOCK_SIZE',
      ].includes(action.name)
        ? undefined
        : copy(`the engine ${table.engine} has no online definitions`);
    case 'modify_column': {
      const { type, nullability, moved, generation } = columnChange(
        table,
        action.from,
        action.column,
        action.position,
      );
      if (
        (type === 'none' || type === 'more_members') &&
        nullability === 'none' &&
        !moved &&
        generation === 'none'
      )
        return undefined;
      return copy(`the engine ${table.engine} has no online definitions`);
    }
    default:
      return copy(`the engine ${table.engine} has no online definitions`);
  }
}

function addColumn(column: ColumnDefinition, { table, version }: Situation, last: boolean): Way {
  if (column.generated === 'stored') return copy('a stored generated column is computed for each row');
  if (column.references !== undefined) return copy('each row is checked against the other table');
  if (column.default !== undefined && callsFunction(column.default, NOT_ONCE))
    return copy('the default differs from row to row');
  if (column.autoIncrement) return rebuild('each row gets a number', 'SHARED');
  if (column.generated === 'virtual') return table.partitioned ? copy('the table is partitioned') : INSTANT;
  if (column.key) return rebuild('a column with a key', busy(table));
  if (!last && hasVirtual(table)) return copy('it stands before generated columns');
  const instantly = version >= (last ? 10.03 : 10.04);
  return instantly ? instant(table) : rebuild(`no instant change in this version`, busy(table));
}

/** Functions whose result is not the same for each row of one statement. */
const NOT_ONCE = ['uuid', 'uuid_v4', 'uuid_v7', 'uuid_short', 'sys_guid', 'rand', 'nextval', 'random_bytes'];

/** Compressed tables and those with a full-text index know no instant change of columns. */
function instant(table: MysqlTable): Way {
  if (table.hasIndex('fulltext')) return rebuild('the table has a full-text index', 'SHARED');
  return table.rowFormat === 'COMPRESSED' ? rebuild('the table is compressed') : INSTANT;
}

function dropColumn(name: string, { table, version }: Situation): Way {
  const column = table.column(name)?.definition;
  if (column?.generated === 'virtual') return INSTANT;
  const fulltext = [...table.indexes.values()].filter(({ kind }) => kind === 'fulltext');
  if (fulltext.length > 0 && fulltext.every(({ columns }) => columns.includes(name.toLowerCase())))
    return rebuild('the only full-text index goes with it');
  const way = version >= 10.04 ? instant(table) : rebuild('no instant change in this version', busy(table));
  if (way.algorithm !== 'INSTANT') return way;
  return table.indexesWith(name).some(([, { kind }]) => kind !== 'primary')
    ? beside('NOCOPY', 'its index goes or is built anew', 'NONE', false)
    : INSTANT;
}

function modify(
  action: Extract<AlterAction, { action: 'modify_column' }>,
  { table, version }: Situation,
): Way {
  const change = columnChange(table, action.from, action.column, action.position);
  const ways: Way[] = [];
  if (change.type === 'unknown') return copy(`what ${action.from} is at present is not known`);
  if (change.generation === 'stored') return copy('a stored generated column is computed for each row');
  if (change.becomesAutoIncrement) return copy('each row gets a number');
  if (['wider', 'narrower', 'other'].includes(change.type)) return copy('the type changes');
  if (change.type === 'charset') {
    const [old, now] = [table.column(action.from)?.definition.type, action.column.type];
    if (
      charsetName(old?.charset ?? old?.collation ?? table.charset) !==
      charsetName(now.charset ?? now.collation ?? table.charset)
    )
      return copy('every text is written anew');
    if (table.indexesWith(action.from).length > 0) ways.push(beside('NOCOPY', 'its index is sorted anew'));
  }
  if (change.type === 'longer_prefix' && table.rowFormat !== 'REDUNDANT')
    return copy('the length of a text takes two bytes from now on');
  if (change.nullability === 'to_not_null')
    ways.push(
      hasVirtual(table)
        ? copy('the table has generated columns')
        : rebuild('no row may be NULL', busy(table)),
    );
  if (change.nullability === 'to_null' && table.rowFormat !== 'REDUNDANT')
    ways.push(rebuild('each row gets a mark for NULL', busy(table)));
  if (change.nullability === 'to_null' && table.rowFormat === 'REDUNDANT') ways.push(instant(table));
  if (change.moved)
    ways.push(version >= 10.04 ? instant(table) : rebuild('columns are reordered', busy(table)));
  return worst(ways);
}

function charsetName(name: string | undefined): string {
  const base = (name ?? 'utf8mb4').split('_')[0] ?? '';
  return base === 'utf8' ? 'utf8mb3' : base;
}

function addIndex({ index }: Extract<AlterAction, { action: 'add_index' }>, { table }: Situation): Way {
  switch (index.kind) {
    case 'primary':
      return rebuild('the rows are put into another order', busy(table));
    case 'fulltext':
      return table.hasIndex('fulltext')
        ? beside('NOCOPY', 'a full-text index is built', 'SHARED')
        : rebuild('the first full-text index gives each row a number', 'SHARED');
    case 'spatial':
      return beside('NOCOPY', 'a spatial index is built', 'SHARED');
    default:
      return becomesClustered(table, index)
        ? rebuild('the first unique key without NULL orders the rows', busy(table))
        : beside('NOCOPY', 'an index is built');
  }
}

/** Options that change how rows are stored. */
const STORAGE = [
  'ROW_FORMAT',
  'KEY_BLOCK_SIZE',
  'PAGE_COMPRESSED',
  'PAGE_COMPRESSION_LEVEL',
  'ENCRYPTED',
  'ENGINE',
];

function option(name: string, table: MysqlTable): Way {
  if (table.engine !== 'INNODB') return INSTANT;
  return STORAGE.includes(name) ? rebuild('the rows are stored in another form', busy(table)) : INSTANT;
}

function partition(what: string): Way {
  if (['ADD', 'DROP', 'TRUNCATE', 'EXCHANGE', 'CONVERT PARTITION', 'CONVERT TABLE'].includes(what))
    return {
      algorithm: 'INPLACE',
      lock: 'EXCLUSIVE',
      rebuild: false,
      scan: false,
      reason: 'partitions change',
    };
  if (['ANALYZE', 'CHECK'].includes(what)) return INSTANT;
  return copy('the rows go into other partitions');
}
