/**
 * Runs a migration on a real database and measures it: how long each statement took, which locks it took and waited for,
 * what it failed with. Implemented by the drivers in `core/node/database`.
 */
import type { DatabaseError, Outcome } from '../contract/event.ts';
import type { Wrapping } from '../migrations/formats.ts';
import type { Statement } from '../sql/statement.ts';

export interface ObservedLock {
  relation: string;
  /** In the server's words. */
  mode: string;
}

export interface ObservedWait extends ObservedLock {
  /** Milliseconds, as far as it was watched. */
  waitedMs: number;
}

export interface MeasuredStatement {
  outcome: Outcome;
  durationMs: number;
  /** Locks that it added to those that were already held. */
  locks: ObservedLock[];
  waits: ObservedWait[];
  /** Rows that it changed, where the server says. */
  rows?: number;
  error?: DatabaseError;
  /** Why it was not run. */
  reason?: string;
}

export interface MeasuredRun {
  outcome: 'succeeded' | 'failed' | 'rolled_back';
  durationMs: number;
  statements: MeasuredStatement[];
  failedStatement?: number;
}

/** One connection on which a migration is run, with whatever watches it. */
export interface MeasuredSession {
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Runs one statement; database errors are in the result, never thrown. `start`: its UTF-16 offset in the file. */
  run(statement: Statement, place: { start: number; inTransaction: boolean }): Promise<MeasuredStatement>;
  /** Why a statement cannot be undone by a rollback, in words; undefined where it can. */
  notUndoable(statement: Statement): string | undefined;
  /** What cannot be undone also commits everything before it (MySQL and MariaDB). */
  readonly commitsImplicitly: boolean;
  /** Turns what a driver threw at BEGIN or COMMIT into an error to record. */
  describe(error: unknown): DatabaseError;
  now(): number;
}

export interface MeasuredMigration {
  wrapping: Wrapping;
  statements: readonly Statement[];
  /** Everything in one transaction that is rolled back. */
  dryRun: boolean;
}

const CONTROL = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort']);

/** Whether a statement begins or ends a transaction. */
export function isControl(statement: Statement): boolean {
  return statement.operations.some(({ name }) => CONTROL.has(name) || CONTROL.has(name.split('_')[0] ?? ''));
}

/** Runs it as its tool would, or in one transaction that is undone. Throws only where the connection is lost. */
export async function runMeasured(
  session: MeasuredSession,
  migration: MeasuredMigration,
): Promise<MeasuredRun> {
  const { statements, dryRun } = migration;
  const ownControl = statements.some(isControl);
  const wrapped =
    dryRun ||
    (migration.wrapping === 'file' && !ownControl) ||
    (migration.wrapping === 'script' && statements.length > 1 && !ownControl);
  const runs: MeasuredStatement[] = [];
  const started = session.now();
  let inTransaction = wrapped;
  if (wrapped) await session.begin();
  for (const statement of statements) {
    const why = dryRun ? reasonToSkip(session, statement) : undefined;
    if (why !== undefined) {
      runs.push({ outcome: 'skipped', durationMs: 0, locks: [], waits: [], reason: why });
      continue;
    }
    const run = await session.run(statement, { start: statement.start, inTransaction });
    runs.push(run);
    if (run.outcome === 'failed') break;
    if (isControl(statement)) inTransaction = beginsTransaction(statement);
  }
  let failed = runs.findIndex(({ outcome }) => outcome === 'failed');
  if (failed === -1 && wrapped && !dryRun) failed = await commit(session, runs);
  if (dryRun || failed !== -1) await session.rollback();
  const durationMs = session.now() - started;
  if (dryRun || (failed !== -1 && inTransaction))
    for (const run of runs.slice(kept(session, statements, runs)))
      if (run.outcome === 'succeeded') run.outcome = 'rolled_back';
  while (runs.length < statements.length)
    runs.push({ outcome: 'skipped', durationMs: 0, locks: [], waits: [], reason: 'one before it failed' });
  return {
    outcome: failed !== -1 ? 'failed' : dryRun ? 'rolled_back' : 'succeeded',
    durationMs,
    statements: runs,
    ...(failed === -1 ? {} : { failedStatement: failed }),
  };
}

/** How many of the statements that ran a rollback left as they were. */
function kept(session: MeasuredSession, statements: readonly Statement[], runs: MeasuredStatement[]): number {
  if (!session.commitsImplicitly) return 0;
  return (
    statements.findLastIndex(
      (statement, i) => runs[i]?.outcome === 'succeeded' && session.notUndoable(statement) !== undefined,
    ) + 1
  );
}

function reasonToSkip(session: MeasuredSession, statement: Statement): string | undefined {
  if (isControl(statement)) return 'the dry run has a transaction of its own';
  return session.notUndoable(statement);
}

function beginsTransaction({ operations }: Statement): boolean {
  return operations.some(({ name }) => name === 'begin' || name.startsWith('start'));
}

/** A deferred constraint fails only here; the failure is put on the last statement. -1 when all went well. */
async function commit(session: MeasuredSession, runs: MeasuredStatement[]): Promise<number> {
  try {
    await session.commit();
    return -1;
  } catch (error) {
    const last = runs.at(-1);
    if (!last) throw error;
    last.outcome = 'failed';
    last.error = session.describe(error);
    return runs.length - 1;
  }
}
