/** What one statement does to a schema and to everybody else who uses it: locks, rewrites, losses, ways to fail. */
import type { Dialect } from '../contract/event.ts';
import type { Statement } from '../sql/statement.ts';
import { makeByOperations } from './by-operations.ts';
import type { Catalogue, RelationKind } from './catalogue.ts';
import type { Blocking, LockMode } from './lock-modes.ts';
import { makeMysqlAnalyser } from './mysql/analyser.ts';
import { makePostgresAnalyser } from './postgres/analyser.ts';
import { makeSqliteAnalyser } from './sqlite/analyser.ts';

/**
 * The relations whose locks count, with their letter in `pg_class.relkind`: everything that a query can read rows from.
 * Locks on indexes, sequences, TOAST tables, system catalogues and temporary tables are left out: no other session waits
 * for them longer than for the table itself. The truth script (`scripts/truth`) reads this same list.
 */
export const LOCKABLE: Partial<Record<RelationKind, string>> = {
  table: 'r',
  partitioned_table: 'p',
  materialized_view: 'm',
  view: 'v',
  foreign_table: 'f',
};

export interface TableLock {
  /** Schema-qualified. */
  relation: string;
  mode: LockMode;
}

/** Something that a statement does to an object, in a sentence. */
export interface Consequence {
  /** Schema-qualified; a column is `schema.table.column`. */
  object: string;
  message: string;
}

/** Something that fails or not by what the rows are: “fails if `email` has duplicates”. */
export interface DataDependence extends Consequence {
  columns: string[];
  /** SQLSTATE of the failure, for example 23505. */
  sqlState: string;
}

/** How MySQL or MariaDB carries out a definition (MySQL manual, “Online DDL Operations”). */
export interface OnlineDdl {
  /** The best that the server accepts. */
  algorithm: 'INSTANT' | 'NOCOPY' | 'INPLACE' | 'COPY';
  /** The weakest lock that it accepts meanwhile: `SHARED` lets others read only. */
  lock: 'NONE' | 'SHARED' | 'EXCLUSIVE';
  /** What makes it so, where it is not the best of all. */
  reason?: string;
}

export interface StatementEffects {
  /** Table locks, taken alone in its own transaction, on tables that exist before it. Strongest mode a relation. */
  locks: TableLock[];
  /** Relations whose files are written anew. */
  rewrites: string[];
  /** Relations read from end to end while their lock is held. */
  scans: string[];
  /** Strongest of what it keeps others from doing on tables that exist before it. */
  blocks: Blocking;
  dataLoss: Consequence[];
  /** Old application code breaks. */
  incompatible: Consequence[];
  irreversible: Consequence[];
  dataDependent: DataDependence[];
  /** Why it cannot run inside of a transaction block. */
  noTransaction?: string;
  /** Why it fails whatever the rows are. */
  fails?: string;
  /** It commits whatever transaction is open, before and after (MySQL, MariaDB). */
  implicitCommit?: boolean;
  /** MySQL and MariaDB only. */
  online?: OnlineDdl;
  /** What was not understood, only where something was not. */
  unanalysed?: string;
}

/** Follows a schema through its statements. A new one for each history. */
export interface Analyser {
  /** The schema before the next statement. */
  readonly catalogue: Catalogue;
  /** Judges a statement on the catalogue as it is. Leaves the catalogue as it is; never throws. */
  analyse(statement: Statement): StatementEffects;
  /** Moves the catalogue on, as if the statement had run. Never throws. */
  apply(statement: Statement): void;
  /**
   * A way back: called, however often, it takes the catalogue to where it is now. Going back to an earlier mark ends the
   * later ones. After it `catalogue` must be asked for anew.
   */
  mark(): () => void;
  /** Nobody goes back to an earlier mark any more; what was kept for it goes. */
  settle(): void;
}

export interface AnalyserOptions {
  /** Major version of the server, for example 15. The newest known one where it is absent. */
  serverVersion?: number;
  /** Which of the two servers of the dialect `mysql`; where absent the more cautious answer of both is given. */
  product?: 'mysql' | 'mariadb';
  /** Whether a relation holds rows, where that is known (statistics); else what the statements so far tell. */
  hasRows?: (relation: string) => boolean | undefined;
}

/** Effects of a statement that does nothing to anybody. */
export function noEffects(): StatementEffects {
  return {
    locks: [],
    rewrites: [],
    scans: [],
    blocks: 'nothing',
    dataLoss: [],
    incompatible: [],
    irreversible: [],
    dataDependent: [],
  };
}

/** An analyser on an empty schema. Relations that no statement has made are taken to exist when they are named. */
export function makeAnalyser(dialect: Dialect, options: AnalyserOptions = {}): Analyser {
  if (dialect === 'postgres' || dialect === 'unknown') return makePostgresAnalyser(options);
  if (dialect === 'mysql') return makeMysqlAnalyser(options);
  if (dialect === 'sqlite') return makeSqliteAnalyser();
  return makeByOperations(dialect);
}
