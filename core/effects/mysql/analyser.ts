/**
 * Effects of statements of MySQL and MariaDB. Lock modes are given in PostgreSQL's words by what others can still do while
 * the work is done: LOCK=NONE is SHARE UPDATE EXCLUSIVE, LOCK=SHARED is SHARE ROW EXCLUSIVE, LOCK=EXCLUSIVE is ACCESS
 * EXCLUSIVE. Each definition also takes the metadata lock of its table exclusively for a moment when it begins and when
 * it ends, and waits there for every open transaction that has used the table.
 */
import type { MysqlStatement } from '../../sql/mysql/ast.ts';
import { mysqlStatement } from '../../sql/mysql/mysql.ts';
import type { Statement } from '../../sql/statement.ts';
import type { Analyser, AnalyserOptions, StatementEffects, TableLock } from '../effects.ts';
import { noEffects } from '../effects.ts';
import { type LockMode, stronger } from '../lock-modes.ts';
import { applyMysql } from './apply.ts';
import { MysqlCatalogue, type MysqlTable } from './catalogue.ts';
import { alterConsequences } from './consequences.ts';
import { mariadbWay } from './mariadb.ts';
import { mysqlWay } from './mysql.ts';
import { type Situation, type Way, worst } from './way.ts';

const NEWEST = { mysql: 8.04, mariadb: 11.08 };

const MODE_OF_LOCK = {
  NONE: 'SHARE UPDATE EXCLUSIVE',
  SHARED: 'SHARE ROW EXCLUSIVE',
  EXCLUSIVE: 'ACCESS EXCLUSIVE',
} as const;
const BLOCKS_OF_LOCK = { NONE: 'nothing', SHARED: 'writes', EXCLUSIVE: 'reads_and_writes' } as const;

export function makeMysqlAnalyser(options: AnalyserOptions): Analyser {
  let catalogue = new MysqlCatalogue();
  return {
    get catalogue() {
      return catalogue;
    },
    analyse: (statement) => analyse(statement, catalogue, options),
    apply: (statement) => {
      const read = mysqlStatement(statement.text);
      if (read) applyMysql(read, statement.text, catalogue);
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

function analyse(
  statement: Statement,
  catalogue: MysqlCatalogue,
  options: AnalyserOptions,
): StatementEffects {
  const read = mysqlStatement(statement.text);
  if (!read) return { ...noEffects(), unanalysed: 'it is not read as a statement of MySQL or MariaDB' };
  const effects = effectsOf(read, catalogue, options);
  const rows = options.hasRows;
  const dataDependent = rows
    ? effects.dataDependent.filter(
        ({ object }) => rows(object.split('.').slice(0, -1).join('.')) !== false && rows(object) !== false,
      )
    : effects.dataDependent;
  return { ...effects, dataDependent, ...(commits(read) ? { implicitCommit: true } : {}) };
}

function effectsOf(
  read: MysqlStatement,
  catalogue: MysqlCatalogue,
  options: AnalyserOptions,
): StatementEffects {
  switch (read.kind) {
    case 'alter_table':
      return altered(read, catalogue, options);
    case 'create_index':
      return altered(
        {
          table: read.table,
          actions: [{ action: 'add_index', index: read.index, ifNotExists: false }],
          ignore: false,
        },
        catalogue,
        options,
      );
    case 'drop_index':
      return altered(
        { table: read.table, actions: [{ action: 'drop_index', name: read.name }], ignore: false },
        catalogue,
        options,
      );
    case 'create_table':
      return created(read, catalogue);
    case 'drop_table':
      return read.temporary ? noEffects() : dropped(read.tables, catalogue);
    case 'truncate':
      return {
        ...locked([[read.table, 'ACCESS EXCLUSIVE']]),
        dataLoss: [{ object: read.table, message: `All rows of ${read.table} are gone.` }],
        irreversible: [
          {
            object: read.table,
            message: `TRUNCATE ${read.table} commits by itself and cannot be rolled back.`,
          },
        ],
      };
    case 'rename_table':
      return {
        ...locked(read.pairs.map(({ from }) => [from, 'ACCESS EXCLUSIVE'])),
        incompatible: read.pairs.map(({ from, to }) => ({
          object: from,
          message: `${from} is called ${to} from now on.`,
        })),
      };
    case 'maintain':
      if (read.verb !== 'optimize') return locked(read.tables.map((table) => [table, 'ACCESS SHARE']));
      return {
        ...locked(read.tables.map((table) => [table, 'SHARE UPDATE EXCLUSIVE'])),
        rewrites: read.tables,
        scans: read.tables,
      };
    case 'lock_tables':
      return locked(read.tables.map(({ name, write }) => [name, write ? 'ACCESS EXCLUSIVE' : 'SHARE']));
    case 'view':
      return viewed(read, catalogue);
    case 'trigger':
      return read.table ? locked([[read.table, 'ACCESS EXCLUSIVE']]) : triggerDropped(read.name, catalogue);
    case 'rows':
      return changedRows(read, catalogue);
    case 'other':
      if (read.looksInside)
        return { ...noEffects(), unanalysed: `what ${read.verb.toUpperCase()} runs is not looked into` };
      if (read.verb === 'drop' && read.noun === 'database') {
        const message = `Everything in ${read.name ?? 'the database'} is gone.`;
        return {
          ...noEffects(),
          dataLoss: [{ object: read.name ?? '', message }],
          irreversible: [{ object: read.name ?? '', message }],
        };
      }
      return noEffects();
  }
}

function altered(
  {
    table: name,
    actions,
    ignore,
    online,
  }: Pick<Extract<MysqlStatement, { kind: 'alter_table' }>, 'table' | 'actions' | 'ignore'> & {
    online?: { algorithm?: string; lock?: string };
  },
  catalogue: MysqlCatalogue,
  options: AnalyserOptions,
): StatementEffects {
  const table = catalogue.named(name);
  const effects = alterConsequences(table, actions, catalogue, ignore);
  if (table.temporary) return { ...effects, locks: [], blocks: 'nothing' };
  const way = asked(wayOf(table, actions, catalogue, options), online?.algorithm);
  const parents = actions.flatMap((action) =>
    action.action === 'add_foreign_key' ? [action.key.references] : [],
  );
  const partners = actions.flatMap((action) =>
    action.action === 'partition' && action.other ? [action.other] : [],
  );
  return {
    ...effects,
    locks: strongest([
      [name, MODE_OF_LOCK[way.lock]],
      ...parents.map((parent): [string, LockMode] => [parent, 'ACCESS SHARE']),
      ...partners.map((partner): [string, LockMode] => [partner, 'ACCESS EXCLUSIVE']),
    ]),
    blocks: BLOCKS_OF_LOCK[way.lock],
    rewrites: way.rebuild ? [name] : [],
    scans: way.scan ? [name] : [],
    online: { algorithm: way.algorithm, lock: way.lock, ...(way.reason ? { reason: way.reason } : {}) },
  };
}

/** An algorithm that is asked for and possible is used, even where a better one is there. */
function asked(way: Way, algorithm: string | undefined): Way {
  if (algorithm === 'COPY' && way.algorithm !== 'COPY')
    return {
      algorithm: 'COPY',
      lock: 'SHARED',
      rebuild: true,
      scan: true,
      reason: 'ALGORITHM=COPY is asked for',
    };
  return way;
}

/** Where the server is not known, the more cautious answer of both. */
function wayOf(
  table: MysqlTable,
  actions: Situation['actions'],
  catalogue: MysqlCatalogue,
  { product, serverVersion }: AnalyserOptions,
): Way {
  const situation = (name: 'mysql' | 'mariadb'): Situation => ({
    table,
    actions,
    foreignKeyChecks: catalogue.foreignKeyChecks,
    version: comparable(serverVersion) ?? NEWEST[name],
  });
  if (product === 'mariadb') return mariadbWay(situation('mariadb'));
  if (product === 'mysql') return mysqlWay(situation('mysql'));
  return worst([
    mysqlWay({ ...situation('mysql'), version: NEWEST.mysql }),
    mariadbWay({ ...situation('mariadb'), version: NEWEST.mariadb }),
  ]);
}

/** 10.4 is older than 10.11: the minor version counts in hundredths. */
function comparable(version: number | undefined): number | undefined {
  if (version === undefined) return undefined;
  const [major = '0', minor = '0'] = String(version).split('.');
  return Number(major) + Number(minor) / 100;
}

function created(
  read: Extract<MysqlStatement, { kind: 'create_table' }>,
  catalogue: MysqlCatalogue,
): StatementEffects {
  const { definition, table, orReplace, temporary } = read;
  if (temporary) return noEffects();
  const parents = [
    ...definition.foreignKeys.map(({ references }) => references),
    ...(definition.like === undefined ? [] : [definition.like]),
  ].filter((name) => name.toLowerCase() !== table.toLowerCase());
  const locks = parents.map((parent): [string, LockMode] => [parent, 'ACCESS SHARE']);
  if (!orReplace || !catalogue.relation(table)) return locked(locks);
  return {
    ...locked([...locks, [table, 'ACCESS EXCLUSIVE']]),
    dataLoss: [{ object: table, message: `The table that was called ${table} and its rows are gone.` }],
  };
}

function dropped(tables: readonly string[], catalogue: MysqlCatalogue): StatementEffects {
  const loss = tables.map((object) => ({ object, message: `${object} and its rows are gone.` }));
  const referencing = tables.flatMap((name) =>
    catalogue.foreignKeyChecks
      ? catalogue
          .referencing(name)
          .filter((other) => !tables.some((table) => table.toLowerCase() === other.name.toLowerCase()))
      : [],
  );
  return {
    ...locked(tables.map((table) => [table, 'ACCESS EXCLUSIVE'])),
    dataLoss: loss,
    incompatible: tables.map((object) => ({ object, message: `Code that uses ${object} fails.` })),
    irreversible: loss,
    dataDependent: referencing.map(({ name }) => ({
      object: name,
      message: `It fails while a foreign key of ${name} points at it.`,
      columns: [],
      sqlState: 'HY000',
    })),
  };
}

function viewed(
  read: Extract<MysqlStatement, { kind: 'view' }>,
  catalogue: MysqlCatalogue,
): StatementEffects {
  const existing = read.names.filter((name) => read.verb !== 'create' || catalogue.relation(name));
  const effects = locked([
    ...existing.map((name): [string, LockMode] => [name, 'ACCESS EXCLUSIVE']),
    ...read.reads.map((name): [string, LockMode] => [name, 'ACCESS SHARE']),
  ]);
  if (read.verb !== 'drop') return effects;
  return {
    ...effects,
    incompatible: read.names.map((object) => ({ object, message: `Code that reads ${object} fails.` })),
  };
}

function triggerDropped(name: string, catalogue: MysqlCatalogue): StatementEffects {
  const key = (name.split('.').at(-1) ?? name).toLowerCase();
  const owner = [...catalogue.relations()].find(({ triggers }) => triggers.has(key));
  return owner
    ? locked([[owner.name, 'ACCESS EXCLUSIVE']])
    : { ...noEffects(), unanalysed: `the table of trigger ${name} is not known` };
}

function changedRows(
  read: Extract<MysqlStatement, { kind: 'rows' }>,
  catalogue: MysqlCatalogue,
): StatementEffects {
  const writes = read.writes.filter((name) => !catalogue.relation(name)?.temporary);
  const effects = locked([
    ...writes.map((name): [string, LockMode] => [name, 'ROW EXCLUSIVE']),
    ...read.reads.map((name): [string, LockMode] => [name, 'ACCESS SHARE']),
  ]);
  const loses = read.verb === 'delete';
  return {
    ...effects,
    scans: read.everyRow ? [...read.writes] : [],
    dataLoss: loses
      ? read.writes.map((object) => ({
          object,
          message: `${read.everyRow ? 'All rows' : 'Rows'} of ${object} are gone.`,
        }))
      : [],
  };
}

/** MySQL manual, “Statements That Cause an Implicit Commit”. */
function commits(read: MysqlStatement): boolean {
  switch (read.kind) {
    case 'rows':
      return false;
    case 'create_table':
    case 'drop_table':
      return !read.temporary;
    case 'other':
      return [
        'create',
        'drop',
        'alter',
        'rename',
        'grant',
        'revoke',
        'flush',
        'begin',
        'start',
        'unlock',
        'install',
        'uninstall',
        'reset',
      ].includes(read.verb);
    default:
      return true;
  }
}

function locked(locks: [string, LockMode][]): StatementEffects {
  const strong = strongest(locks);
  const exclusive = strong.some(({ mode }) => mode === 'ACCESS EXCLUSIVE');
  const writes = strong.some(({ mode }) => mode === 'SHARE' || mode === 'SHARE ROW EXCLUSIVE');
  return {
    ...noEffects(),
    locks: strong,
    blocks: exclusive ? 'reads_and_writes' : writes ? 'writes' : 'nothing',
  };
}

function strongest(locks: [string, LockMode][]): TableLock[] {
  const found = new Map<string, TableLock>();
  for (const [relation, mode] of locks) {
    const held = found.get(relation.toLowerCase());
    found.set(relation.toLowerCase(), {
      relation: held?.relation ?? relation,
      mode: held ? stronger(held.mode, mode) : mode,
    });
  }
  return [...found.values()];
}
