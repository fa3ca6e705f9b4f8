/**
 * Runs statements on PostgreSQL and watches their locks: those that a statement took from `pg_locks` before its
 * transaction ends, those that it waited for through a second, read-only connection.
 */
import pg from 'pg';
import type { DatabaseError } from '../../contract/event.ts';
import {
  isControl,
  type MeasuredStatement,
  type ObservedLock,
  type ObservedWait,
} from '../../database/measured.ts';
import type { Statement } from '../../sql/statement.ts';
import { codePointOffset } from '../../sql/text.ts';
import { tokenize } from '../../sql/tokens.ts';
import { CONNECT_TIMEOUT_MS, messageOf, type RunOptions, type RunSession } from './driver.ts';

const WATCH_EVERY_MS = 20;

/** Granted table locks of this session, by oid. Those of indexes and sequences hold up nobody but their table's users. */
const HELD = `SELECT relation::oid::int8 AS oid, mode FROM pg_locks
  WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND relation >= 16384`;
const WATCHED = `SELECT relation::oid::int8 AS oid, locktype, mode, granted FROM pg_locks
  WHERE pid = $1 AND (NOT granted OR (locktype = 'relation' AND relation >= 16384))`;
/** What other sessions can see: a table that this transaction made is nobody else's business. */
const NAMES = `SELECT c.oid::int8 AS oid, n.nspname || '.' || c.relname AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = ANY($1::oid[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`;

interface LockRow {
  oid: string;
  mode: string;
  locktype?: string;
  granted?: boolean;
}

interface Watch {
  granted: Map<string, LockRow>;
  /** First and last time seen, milliseconds. */
  waiting: Map<string, { row: LockRow; from: number; to: number }>;
}

export class PostgresRun implements RunSession {
  readonly commitsImplicitly = false;
  readonly #client: pg.Client;
  readonly #observer: pg.Client | undefined;
  readonly #pid: number;

  private constructor(client: pg.Client, observer: pg.Client | undefined, pid: number) {
    this.#client = client;
    this.#observer = observer;
    this.#pid = pid;
  }

  static async open(url: string, { lockTimeoutMs }: RunOptions): Promise<PostgresRun> {
    const client = await connected(url, 'aibos-telemetry run');
    try {
      if (lockTimeoutMs !== undefined) await client.query(`SET lock_timeout = ${Math.round(lockTimeoutMs)}`);
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const watching = '-c default_transaction_read_only=on -c statement_timeout=5000';
      const observer = await connected(url, 'aibos-telemetry watch', watching).catch(() => undefined);
      return new PostgresRun(client, observer, rows[0]?.pid ?? 0);
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  async begin(): Promise<void> {
    await this.#client.query('BEGIN');
  }

  async commit(): Promise<void> {
    const { command } = await this.#client.query('COMMIT');
    if (command === 'ROLLBACK') throw new Error('The transaction had failed and was rolled back.');
  }

  async rollback(): Promise<void> {
    await this.#client.query('ROLLBACK').catch(() => undefined);
  }

  async run(
    statement: Statement,
    { start, inTransaction }: { start: number; inTransaction: boolean },
  ): Promise<MeasuredStatement> {
    // By itself a statement is its own transaction, which is held open until its locks are read.
    const own = !inTransaction && !isControl(statement) && this.notUndoable(statement) === undefined;
    const before = inTransaction ? keys(await this.#held()) : new Set<string>();
    const watch: Watch = { granted: new Map(), waiting: new Map() };
    const stop = this.#watch(watch);
    let reading = 0;
    let held: LockRow[] = [];
    let rows: number | null = null;
    let failure: { error: unknown } | undefined;
    const began = performance.now();
    try {
      if (own) await this.#client.query('BEGIN');
      // The extended protocol takes one statement only: no hidden COMMIT can follow it.
      const query: pg.QueryConfig & { queryMode: 'extended' } = {
        text: statement.text,
        queryMode: 'extended',
      };
      ({ rowCount: rows } = await this.#client.query(query));
      const readingFrom = performance.now();
      if (own || (inTransaction && !isControl(statement))) held = await this.#held();
      reading = performance.now() - readingFrom;
      if (own) await this.#client.query('COMMIT');
    } catch (error) {
      failure = { error };
    }
    const durationMs = performance.now() - began - reading;
    await stop();
    if (failure && own) await this.rollback();
    const taken = held.length > 0 ? held : [...watch.granted.values()];
    const error = failure && describe(failure.error, statement.text, start);
    return {
      outcome: failure ? 'failed' : 'succeeded',
      durationMs,
      locks: await this.#named(taken.filter((row) => !before.has(keyOf(row)))),
      waits: await this.#waits(watch),
      ...(rows === null || rows === undefined ? {} : { rows }),
      ...(error ? { error } : {}),
    };
  }

  notUndoable(statement: Statement): string | undefined {
    const words = new Set(wordsOf(statement.text));
    const [first = '', second = ''] = wordsOf(statement.text);
    if (
      words.has('CONCURRENTLY') &&
      ['CREATE', 'DROP', 'REINDEX', 'ALTER'].includes(first) &&
      second !== 'MATERIALIZED'
    )
      return 'CONCURRENTLY cannot run inside a transaction';
    const alone = ALONE.find((phrase) => phrase === first || phrase === `${first} ${second}`);
    return alone && `${alone} cannot run inside a transaction`;
  }

  describe(error: unknown): DatabaseError {
    return describe(error, '', 0);
  }

  now(): number {
    return performance.now();
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.#client.end(), this.#observer?.end()].map((ended) => ended?.catch(() => undefined)),
    );
  }

  async #held(): Promise<LockRow[]> {
    return (await this.#client.query<LockRow>(HELD)).rows;
  }

  /** Looks at the session's locks again and again until stopped. */
  #watch(watch: Watch): () => Promise<void> {
    const observer = this.#observer;
    if (!observer) return async () => undefined;
    let stopped = false;
    let wake: () => void = () => undefined;
    const loop = (async () => {
      while (!stopped) {
        const { rows } = await observer.query<LockRow>(WATCHED, [this.#pid]);
        const now = performance.now();
        for (const row of rows) {
          const key = `${row.locktype} ${keyOf(row)}`;
          if (row.granted) watch.granted.set(key, row);
          else watch.waiting.set(key, { row, from: watch.waiting.get(key)?.from ?? now, to: now });
        }
        if (stopped) return;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, WATCH_EVERY_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    })().catch(() => undefined);
    return async () => {
      stopped = true;
      wake();
      await loop;
    };
  }

  async #waits({ waiting }: Watch): Promise<ObservedWait[]> {
    const waits: ObservedWait[] = [];
    for (const { row, from, to } of waiting.values()) {
      const [lock] = row.locktype === 'relation' ? await this.#named([row]) : [];
      const waitedMs = Math.round(to - from + WATCH_EVERY_MS);
      waits.push({ relation: lock?.relation ?? 'another transaction', mode: modeOf(row), waitedMs });
    }
    return waits;
  }

  async #named(rows: readonly LockRow[]): Promise<ObservedLock[]> {
    if (rows.length === 0) return [];
    const seenBy = this.#observer ?? this.#client;
    const { rows: found } = await seenBy.query<{ oid: string; name: string }>(NAMES, [
      rows.map(({ oid }) => oid),
    ]);
    const names = new Map(found.map(({ oid, name }) => [oid, name]));
    const locks = rows.flatMap((row) => {
      const relation = names.get(row.oid);
      return relation === undefined ? [] : [{ relation, mode: modeOf(row) }];
    });
    return locks.sort((a, b) => `${a.relation} ${a.mode}`.localeCompare(`${b.relation} ${b.mode}`, 'en'));
  }
}

/** Statements that begin so run only by themselves. */
const ALONE = [
  'VACUUM',
  'CREATE DATABASE',
  'DROP DATABASE',
  'CREATE TABLESPACE',
  'DROP TABLESPACE',
  'ALTER SYSTEM',
  'CREATE SUBSCRIPTION',
  'DROP SUBSCRIPTION',
];

async function connected(url: string, name: string, options?: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(options ? { options } : {}),
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

function keys(rows: readonly LockRow[]): Set<string> {
  return new Set(rows.map(keyOf));
}

function keyOf({ oid, mode }: LockRow): string {
  return `${oid} ${mode}`;
}

/** `AccessExclusiveLock` is ACCESS EXCLUSIVE in the documentation's words. */
function modeOf({ mode }: LockRow): string {
  return mode
    .replace(/Lock$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
}

function describe(error: unknown, text: string, start: number): DatabaseError {
  if (!(error instanceof pg.DatabaseError)) return { message: messageOf(error) };
  const { message, code, detail, hint, position } = error;
  return {
    message,
    ...(code ? { sqlState: code } : {}),
    ...(detail ? { detail } : {}),
    ...(hint ? { hint } : {}),
    ...(position ? { position: start + codePointOffset(text, Number(position) - 1) } : {}),
  };
}

function wordsOf(text: string): string[] {
  return tokenize(text.slice(0, 2_000), 'postgres')
    .filter(({ kind }) => kind === 'word')
    .map(({ start, end }) => text.slice(start, end).toUpperCase());
}
