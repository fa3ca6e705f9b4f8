/** Runs one migration in a shadow the way its tool would, then keeps what works of it. */
import type { DatabaseError } from '../contract/event.ts';
import { shadowLacks } from './explain.ts';
import type { MigrationRun, MigrationToRun, StatementRun } from './shadow.ts';

/** One database session. `execute` throws the engine's error. */
export interface Session {
  readonly dialect: 'postgres' | 'sqlite';
  execute(sql: string): Promise<void>;
  /** Ends whatever transaction is open, broken or not, and what else a session keeps; harmless when nothing is. */
  reset(): Promise<void>;
  /** @param start of `text` in the file, to place the error */
  describe(error: unknown, start: number, text: string): DatabaseError;
  now(): number;
}

const CONTROL = /^\s*(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release)\b/i;

/** Whether a statement begins or ends a transaction or a part of one. */
export function isControl(text: string): boolean {
  return CONTROL.test(text);
}

/** Whether the tool's run of the file is one transaction. */
export function isWrapped({ wrapping, statements }: MigrationToRun): boolean {
  const ownControl = statements.some(({ text }) => isControl(text));
  return wrapping === 'file' || (wrapping === 'script' && statements.length > 1 && !ownControl);
}

export async function runMigration(session: Session, migration: MigrationToRun): Promise<MigrationRun> {
  const { statements } = migration;
  const wrapped = isWrapped(migration);
  const runs: StatementRun[] = [];
  const started = session.now();
  let failedAt = -1;
  try {
    if (wrapped) await session.execute('BEGIN');
    for (const [i, statement] of statements.entries()) {
      const run = await runOne(session, statement);
      runs.push(run);
      if (run.outcome === 'failed') {
        failedAt = i;
        break;
      }
    }
    if (wrapped && failedAt === -1) failedAt = await commit(session, runs);
  } finally {
    await session.reset();
  }
  const durationMs = session.now() - started;
  if (failedAt === -1) {
    await bookkeeping(session, migration);
    return { outcome: 'succeeded', durationMs, statements: runs };
  }
  if (wrapped) for (const run of runs) if (run.outcome === 'succeeded') run.outcome = 'rolled_back';
  while (runs.length < statements.length) runs.push({ outcome: 'skipped', durationMs: 0 });
  const salvaged = await salvage(session, migration, runs, wrapped);
  await session.reset();
  await bookkeeping(session, migration);
  const run: MigrationRun = {
    outcome: 'failed',
    durationMs,
    statements: runs,
    failedStatement: failedAt,
    salvaged,
  };
  const error = runs[failedAt]?.error;
  const lacking = error && shadowLacks(error, statements[failedAt]?.text ?? '');
  return lacking === undefined ? run : { ...run, notJudged: lacking };
}

async function runOne(
  session: Session,
  { text, start }: { text: string; start: number },
): Promise<StatementRun> {
  const began = session.now();
  try {
    await session.execute(text);
    return { outcome: 'succeeded', durationMs: session.now() - began };
  } catch (error) {
    return {
      outcome: 'failed',
      durationMs: session.now() - began,
      error: session.describe(error, start, text),
    };
  }
}

/** A deferred constraint fails only here; the failure is put on the last statement. -1 when all went well. */
async function commit(session: Session, runs: StatementRun[]): Promise<number> {
  try {
    await session.execute('COMMIT');
    return -1;
  } catch (error) {
    const last = runs.at(-1);
    if (!last) return 0;
    last.outcome = 'failed';
    last.error = session.describe(error, 0, '');
    return runs.length - 1;
  }
}

/** Runs, each by itself, the statements whose work is undone or was never done, and counts those that worked. */
async function salvage(
  session: Session,
  { statements }: MigrationToRun,
  runs: StatementRun[],
  wrapped: boolean,
): Promise<number> {
  let worked = 0;
  for (const [i, { text, start }] of statements.entries()) {
    const run = runs[i];
    const done = run?.outcome === 'succeeded' && !wrapped;
    if (!run || done || CONTROL.test(text)) continue;
    try {
      await session.execute(text);
      run.alone = 'worked';
      worked++;
    } catch (error) {
      run.alone = session.describe(error, start, text);
      await session.reset();
    }
  }
  return worked;
}

/** The tool's own entry; a history that dropped or changed that table loses nothing by its absence. */
async function bookkeeping(session: Session, { books }: MigrationToRun): Promise<void> {
  if (books === undefined) return;
  try {
    await session.execute(books);
  } catch {
    await session.reset();
  }
}
