/**
 * Effects of statements of SQLite. There are no table locks: who writes locks the whole database, here `main`, against
 * other writers until the transaction ends (EXCLUSIVE in PostgreSQL's words; readers go on in write-ahead mode, and else
 * until the commit). ALTER TABLE: https://sqlite.org/lang_altertable.html.
 */
import type { SqliteColumn, SqliteStatement } from '../../sql/sqlite/read.ts';
import { sqliteStatement } from '../../sql/sqlite/sqlite.ts';
import type { Statement } from '../../sql/statement.ts';
import { type Analyser, type DataDependence, noEffects, type StatementEffects } from '../effects.ts';
import { SqliteCatalogue, type SqliteTable } from './catalogue.ts';

export function makeSqliteAnalyser(): Analyser {
  let catalogue = new SqliteCatalogue();
  return {
    get catalogue() {
      return catalogue;
    },
    analyse: (statement) => analyse(statement, catalogue),
    apply: (statement) => {
      const read = sqliteStatement(statement.text);
      if (read) catalogue.apply(read);
    },
    settle: () => undefined,
    mark: () => {
      const kept = catalogue.copy();
      return () => {
        catalogue = kept.copy();
      };
    },
  };
}

function analyse(statement: Statement, catalogue: SqliteCatalogue): StatementEffects {
  const read = sqliteStatement(statement.text);
  if (!read) return { ...noEffects(), unanalysed: 'it is not read as a statement of SQLite' };
  switch (read.kind) {
    case 'add_column':
      return addColumn(read.table, read.column, catalogue);
    case 'drop_column':
      return dropColumn(read.table, read.column, catalogue);
    case 'rename_column':
      return {
        ...writing(),
        incompatible: [
          {
            object: `${read.table}.${read.from}`,
            message: `${read.table}.${read.from} is called ${read.to} from now on.`,
          },
        ],
      };
    case 'rename_table':
      return renameTable(read.table, read.to, catalogue);
    case 'create_index':
      return {
        ...writing(),
        scans: [read.table],
        dataDependent: read.unique
          ? [
              depends(
                read.table,
                read.columns,
                UNIQUE,
                `It fails if ${read.columns.join(', ')} has duplicates.`,
              ),
            ]
          : [],
      };
    case 'drop':
      return dropped(read, catalogue);
    case 'rows':
      return changedRows(read, catalogue);
    case 'whole':
      return whole(read.verb, catalogue);
    case 'pragma':
      return noEffects();
    case 'control':
    case 'other':
      return noEffects();
    default:
      return 'temporary' in read && read.temporary ? noEffects() : writing();
  }
}

/** Extended result codes (https://sqlite.org/rescode.html). */
const UNIQUE = '2067';
const CHECK = '275';
const ERROR = '1';

function writing(): StatementEffects {
  return { ...noEffects(), locks: [{ relation: 'main', mode: 'EXCLUSIVE' }], blocks: 'writes' };
}

function depends(
  table: string,
  columns: readonly string[],
  sqlState: string,
  message: string,
): DataDependence {
  const object = columns.length === 1 ? `${table}.${columns[0]}` : table;
  return { object, columns: [...columns], sqlState, message };
}

/** Only the schema changes, but where rows must be looked at; some columns cannot be added at all. */
function addColumn(table: string, column: SqliteColumn, catalogue: SqliteCatalogue): StatementEffects {
  const effects: StatementEffects = writing();
  const found = (message: string, sqlState = ERROR) =>
    effects.dataDependent.push(depends(table, [column.name], sqlState, message));
  const fallback = column.default;
  const isNull = fallback === undefined || fallback.toUpperCase() === 'NULL';
  if (column.primaryKey)
    effects.fails = 'SQLite cannot add a PRIMARY KEY column; the table must be made anew';
  else if (column.unique)
    effects.fails = 'SQLite cannot add a UNIQUE column; add it without, then a unique index';
  else if (catalogue.relation(table)?.columns.has(column.name.toLowerCase()))
    effects.fails = `${table} has a column ${column.name} already`;
  if (column.notNull && isNull && column.generated === undefined)
    found(`It fails if ${table} has rows: they would be NULL.`);
  if (fallback !== undefined && (fallback.startsWith('(') || /^CURRENT_/i.test(fallback)))
    found(`It fails if ${table} has rows: the default is not constant.`);
  if (column.generated === 'stored')
    found(`It fails if ${table} has rows: a stored column would have to be computed.`);
  if (column.references !== undefined && !isNull)
    found(`It fails if ${table} has rows and foreign keys are on: the default must be NULL.`);
  if (column.check) found('It fails if a row does not satisfy the check.', CHECK);
  if (column.check || (column.notNull && column.generated !== undefined)) effects.scans = [table];
  if (column.notNull && isNull && column.generated === undefined)
    effects.incompatible.push({
      object: `${table}.${column.name}`,
      message: `INSERTs that leave ${table}.${column.name} out fail.`,
    });
  return effects;
}

/** Every row is written anew without its value. */
function dropColumn(table: string, column: string, catalogue: SqliteCatalogue): StatementEffects {
  const object = `${table}.${column}`;
  const loss = [{ object, message: `The values of ${object} are gone.` }];
  const why = catalogue.relation(table)?.whyNotDroppable(column);
  return {
    ...writing(),
    rewrites: [table],
    scans: [table],
    dataLoss: loss,
    irreversible: loss,
    incompatible: [{ object, message: `Code that uses ${object} fails.` }],
    ...(why ? { fails: `SQLite cannot drop ${object}: ${why}` } : {}),
  };
}

/** The last step of making a table anew is no renaming to anybody else. */
function renameTable(table: string, to: string, catalogue: SqliteCatalogue): StatementEffects {
  const found = catalogue.relation(table);
  if (found?.copyOf?.toLowerCase() === to.toLowerCase()) return writing();
  return {
    ...writing(),
    incompatible: [{ object: table, message: `${table} is called ${to} from now on.` }],
  };
}

function dropped(
  read: Extract<SqliteStatement, { kind: 'drop' }>,
  catalogue: SqliteCatalogue,
): StatementEffects {
  if (read.what !== 'table') {
    const gone = { object: read.name, message: `Code that reads ${read.name} fails.` };
    return { ...writing(), incompatible: read.what === 'view' ? [gone] : [] };
  }
  const copy = catalogue.copyOf(read.name);
  if (copy) return rebuilt(read.name, copy, catalogue);
  const loss = [{ object: read.name, message: `${read.name} and its rows are gone.` }];
  const incompatible = [{ object: read.name, message: `Code that uses ${read.name} fails.` }];
  return { ...writing(), dataLoss: loss, irreversible: loss, incompatible };
}

/** The old table goes after its rows were copied: only columns that the new one does not have are lost. */
function rebuilt(name: string, copy: SqliteTable, catalogue: SqliteCatalogue): StatementEffects {
  const old = catalogue.relation(name);
  const lost = old?.known ? [...old.columns.keys()].filter((column) => !copy.columns.has(column)) : [];
  const loss = lost.map((column) => ({
    object: `${name}.${column}`,
    message: `The values of ${name}.${column} are gone.`,
  }));
  return {
    ...writing(),
    rewrites: [name],
    dataLoss: loss,
    irreversible: loss,
    incompatible: lost.map((column) => ({
      object: `${name}.${column}`,
      message: `Code that uses ${name}.${column} fails.`,
    })),
  };
}

function changedRows(
  read: Extract<SqliteStatement, { kind: 'rows' }>,
  catalogue: SqliteCatalogue,
): StatementEffects {
  if (read.verb === 'select') return noEffects();
  const temporary = read.writes.every((name) => catalogue.relation(name)?.temporary);
  if (temporary && read.writes.length > 0) return noEffects();
  const gone = (object: string) => ({
    object,
    message: `${read.everyRow ? 'All rows' : 'Rows'} of ${object} are gone.`,
  });
  return {
    ...writing(),
    scans: [...(read.everyRow ? read.writes : []), ...(read.verb === 'insert' ? read.reads : [])],
    dataLoss: read.verb === 'delete' ? read.writes.map(gone) : [],
  };
}

function whole(verb: 'vacuum' | 'reindex' | 'analyze', catalogue: SqliteCatalogue): StatementEffects {
  const tables = [...catalogue.relations()].filter(({ kind }) => kind === 'table').map(({ name }) => name);
  const effects = { ...writing(), scans: tables };
  if (verb !== 'vacuum') return effects;
  return {
    ...effects,
    rewrites: tables,
    blocks: 'reads_and_writes',
    noTransaction: 'VACUUM cannot run inside a transaction',
  };
}
