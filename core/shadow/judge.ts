/** Judges a file statement by statement, so that one mistake hides none of the others. */
import {
  controlOf,
  isIsolation,
  judgeWay,
  owedToTransaction,
  takenBack,
  withoutConcurrently,
} from './judge-way.ts';
import { isWrapped, type Session } from './run-migration.ts';
import type { MigrationToRun, StatementToRun } from './shadow.ts';
import type { RawVerdict } from './verdict.ts';

/** Thrown by a hook to end the judging because its answer is not wanted any more. */
export class Cancelled extends Error {}

export interface JudgeHooks {
  /** Called before each statement; a throw ends the judging. */
  before(index: number): Promise<void>;
  /** Why this statement is not to be run at all, where it is not. */
  refuse(statement: StatementToRun): string | undefined;
}

/**
 * Runs each statement in a transaction that is rolled back, each with a savepoint of its own; the file’s own blocks
 * become parts of it. Undefined where only a real run can tell. The session must be outside a transaction and is so
 * afterwards.
 *
 * @param prelude what has to be there before the first statement
 * @param isPartitioned whether a statement names something partitioned, where CONCURRENTLY makes a difference
 */
export async function judgeUndone(
  session: Session,
  migration: MigrationToRun,
  prelude: string | undefined,
  isPartitioned: (text: string) => Promise<boolean>,
  hooks: JudgeHooks,
): Promise<RawVerdict[] | undefined> {
  const { way, wrapped } = judgeWay(migration);
  if (way === 'real') return undefined;
  const verdicts: RawVerdict[] = [];
  /** What the commit of the file’s own block takes back: settings, tables. */
  const endings = new Map<string, string>();
  let inBlock = wrapped;
  try {
    await session.execute('BEGIN');
    if (prelude) await session.execute(prelude);
    for (const [i, statement] of migration.statements.entries()) {
      await hooks.before(i);
      const control = controlOf(statement.text);
      if (control !== undefined) {
        if (control === 'begins' && !wrapped) await session.execute('SAVEPOINT aibos_block');
        if (control === 'undoes' && inBlock) await session.execute('ROLLBACK TO SAVEPOINT aibos_block');
        verdicts.push(control === 'commits' ? await atCommit(session, statement) : works(0));
        inBlock = control === 'begins';
        if (control === 'commits') for (const ending of endings.values()) await session.execute(ending);
        endings.clear();
        continue;
      }
      const back = wrapped ? undefined : takenBack(statement.text);
      if (isIsolation(statement.text) || (back?.before && !inBlock)) {
        verdicts.push(works(0));
        continue;
      }
      if (back?.before && !endings.has(back.key)) await session.execute(back.before);
      const alone = inBlock ? undefined : withoutConcurrently(statement);
      if (alone !== undefined && (await isPartitioned(alone))) return undefined;
      let verdict =
        known(statement, hooks) ?? (await inSavepoint(session, alone ?? statement.text, statement.start));
      if (!inBlock && verdict.verdict === 'works' && !/^(?:create|alter|drop)\b/i.test(statement.text)) {
        const commit = await atCommit(session, statement);
        if (commit.verdict === 'fails') verdict = commit;
      }
      if (!wrapped && owedToTransaction(verdict.error?.sqlState, statement.text)) return undefined;
      if (back && inBlock && verdict.verdict === 'works') endings.set(back.key, back.atCommit);
      verdicts.push(verdict);
    }
    await atEnd(session, migration, verdicts, wrapped);
    return verdicts;
  } finally {
    await session.reset();
  }
}

/**
 * Really runs each statement as its tool would, but goes on behind a mistake. The database is changed afterwards.
 */
export async function judgeForReal(
  session: Session,
  migration: MigrationToRun,
  prelude: string | undefined,
  hooks: JudgeHooks,
): Promise<RawVerdict[]> {
  const verdicts: RawVerdict[] = [];
  let inBlock = isWrapped(migration);
  let broken = false;
  try {
    if (prelude) await session.execute(prelude);
    if (inBlock) await session.execute('BEGIN');
    for (const [i, statement] of migration.statements.entries()) {
      await hooks.before(i);
      const control = controlOf(statement.text);
      const ends = control === 'commits' || control === 'undoes';
      if (ends && broken) await session.reset();
      const verdict = broken
        ? ends
          ? works(0)
          : unjudged('a statement before it in the same transaction failed')
        : (known(statement, hooks) ?? (await run(session, statement.text, statement.start)));
      if (ends) broken = false;
      if (control === 'begins' || ends) inBlock = !ends;
      if (verdict.verdict === 'fails' && inBlock && !statement.unreadable)
        broken = session.dialect === 'postgres';
      verdicts.push(verdict);
    }
    const last = verdicts.at(-1);
    if (isWrapped(migration) && !broken && last?.verdict === 'works') {
      const commit = await run(session, 'COMMIT', migration.statements.at(-1)?.start ?? 0);
      if (commit.verdict === 'fails') verdicts[verdicts.length - 1] = commit;
    }
    return verdicts;
  } finally {
    await session.reset();
  }
}

/** What is known of a statement without running it. */
function known(statement: StatementToRun, hooks: JudgeHooks): RawVerdict | undefined {
  if (statement.unreadable) return { verdict: 'fails', error: statement.unreadable, durationMs: 0 };
  const refused = hooks.refuse(statement);
  return refused === undefined ? undefined : unjudged(refused);
}

async function inSavepoint(session: Session, text: string, start: number): Promise<RawVerdict> {
  await session.execute('SAVEPOINT aibos');
  const verdict = await run(session, text, start);
  await session.execute(
    verdict.verdict === 'works'
      ? 'RELEASE SAVEPOINT aibos'
      : 'ROLLBACK TO SAVEPOINT aibos; RELEASE SAVEPOINT aibos',
  );
  return verdict;
}

async function run(session: Session, text: string, start: number): Promise<RawVerdict> {
  const began = session.now();
  try {
    await session.execute(text);
    return works(session.now() - began);
  } catch (error) {
    return {
      verdict: 'fails',
      error: session.describe(error, start, text),
      durationMs: session.now() - began,
    };
  }
}

/**
 * What a commit would say here: constraints that wait for it are checked, and wait again. SQLite without enforced foreign
 * keys has none.
 */
async function atCommit(session: Session, { start }: StatementToRun): Promise<RawVerdict> {
  if (session.dialect === 'sqlite') return works(0);
  await session.execute('SAVEPOINT aibos_commit');
  const { error, durationMs } = await run(session, 'SET CONSTRAINTS ALL IMMEDIATE', start);
  await session.execute('ROLLBACK TO SAVEPOINT aibos_commit; RELEASE SAVEPOINT aibos_commit');
  if (!error) return works(durationMs);
  return { verdict: 'fails', error, durationMs };
}

/** What the commit of a tool’s transaction says is put on the last statement. */
async function atEnd(
  session: Session,
  { statements }: MigrationToRun,
  verdicts: RawVerdict[],
  wrapped: boolean,
): Promise<void> {
  const [last, statement] = [verdicts.at(-1), statements.at(-1)];
  if (!wrapped || !statement || last?.verdict !== 'works') return;
  verdicts[verdicts.length - 1] = await atCommit(session, statement);
}

function works(durationMs: number): RawVerdict {
  return { verdict: 'works', durationMs };
}

function unjudged(reason: string): RawVerdict {
  return { verdict: 'unjudged', reason, durationMs: 0 };
}
