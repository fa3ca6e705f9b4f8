/**
 * Runs statements on MySQL or MariaDB and watches their metadata locks through a second connection: from
 * `performance_schema.metadata_locks` or MariaDB's METADATA_LOCK_INFO, where the server has one of them, and waiting
 * from its list of threads.
 */
import type { Connection } from 'mysql2/promise';
import type { DatabaseError } from '../../contract/event.ts';
import { isControl, type MeasuredStatement, type ObservedLock } from '../../database/measured.ts';
import type { Statement } from '../../sql/statement.ts';
import { tokenize } from '../../sql/tokens.ts';
import { messageOf, type RunOptions, type RunSession } from './driver.ts';
import { connectMysql, type MysqlRow } from './mysql.ts';

const WATCH_EVERY_MS = 20;

/** In order of preference; the first that the server answers is used. */
const LOCK_QUERIES = [
  `SELECT CONCAT(m.OBJECT_SCHEMA, '.', m.OBJECT_NAME) AS relation, m.LOCK_TYPE AS mode, m.LOCK_STATUS AS state
   FROM performance_schema.metadata_locks m JOIN performance_schema.threads t ON t.THREAD_ID = m.OWNER_THREAD_ID
   WHERE t.PROCESSLIST_ID = ? AND m.OBJECT_TYPE = 'TABLE'
     AND (SELECT COUNT(*) FROM performance_schema.setup_instruments
          WHERE NAME = 'wait/lock/metadata/sql/mdl' AND ENABLED = 'YES') > 0 AND @@performance_schema = 1`,
  `SELECT CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) AS relation, LOCK_MODE AS mode, 'GRANTED' AS state
   FROM information_schema.METADATA_LOCK_INFO WHERE THREAD_ID = ? AND LOCK_TYPE LIKE 'Table metadata%'`,
];
const WAITING = `SELECT STATE AS state FROM information_schema.PROCESSLIST WHERE ID = ? AND STATE LIKE 'Waiting for%lock%'`;

interface Watch {
  granted: Map<string, ObservedLock>;
  waiting: Map<string, { from: number; to: number }>;
}

export class MysqlRun implements RunSession {
  readonly commitsImplicitly = true;
  readonly #connection: Connection;
  readonly #observer: Connection | undefined;
  readonly #lockQuery: string | undefined;
  /** Tables whose rows no rollback brings back. */
  readonly #notTransactional: ReadonlySet<string>;

  private constructor(
    connection: Connection,
    observer: Connection | undefined,
    lockQuery: string | undefined,
    notTransactional: ReadonlySet<string>,
  ) {
    this.#connection = connection;
    this.#observer = observer;
    this.#lockQuery = lockQuery;
    this.#notTransactional = notTransactional;
  }

  static async open(url: string, { lockTimeoutMs }: RunOptions): Promise<MysqlRun> {
    const connection = await connectMysql(url);
    connection.on('error', () => undefined);
    if (lockTimeoutMs !== undefined) {
      const seconds = Math.max(1, Math.ceil(lockTimeoutMs / 1_000));
      await connection.query(
        `SET SESSION lock_wait_timeout = ${seconds}, SESSION innodb_lock_wait_timeout = ${seconds}`,
      );
    }
    const [tables] = await connection.query(
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()
       AND TABLE_TYPE = 'BASE TABLE' AND ENGINE NOT IN (SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES')`,
    );
    const names = new Set((tables as MysqlRow[]).map(({ name }) => String(name).toLowerCase()));
    const observer = await connectMysql(url).catch(() => undefined);
    observer?.on('error', () => undefined);
    const lockQuery = observer && (await usableQuery(observer, connection.threadId));
    return new MysqlRun(connection, observer, lockQuery, names);
  }

  async begin(): Promise<void> {
    await this.#connection.query('START TRANSACTION');
  }

  async commit(): Promise<void> {
    await this.#connection.query('COMMIT');
  }

  async rollback(): Promise<void> {
    await this.#connection.query('ROLLBACK').catch(() => undefined);
  }

  async run(
    statement: Statement,
    { inTransaction }: { start: number; inTransaction: boolean },
  ): Promise<MeasuredStatement> {
    const before = new Set(inTransaction ? (await this.#locks()).map(keyOf) : []);
    const watch: Watch = { granted: new Map(), waiting: new Map() };
    const stop = this.#watch(watch);
    const began = performance.now();
    let failure: { error: unknown } | undefined;
    let rows: number | undefined;
    try {
      const [result] = await this.#connection.query(statement.text);
      rows = (result as { affectedRows?: number }).affectedRows;
    } catch (error) {
      failure = { error };
    }
    const durationMs = performance.now() - began;
    await stop();
    for (const lock of inTransaction ? await this.#locks() : []) watch.granted.set(keyOf(lock), lock);
    const [relation = ''] = statement.operations.flatMap(({ objects }) => objects);
    return {
      outcome: failure ? 'failed' : 'succeeded',
      durationMs,
      locks: [...watch.granted.values()].filter((lock) => !before.has(keyOf(lock))),
      waits: [...watch.waiting].map(([mode, { from, to }]) => ({
        relation,
        mode,
        waitedMs: Math.round(to - from + WATCH_EVERY_MS),
      })),
      ...(rows === undefined || isControl(statement) ? {} : { rows }),
      ...(failure ? { error: this.describe(failure.error) } : {}),
    };
  }

  notUndoable(statement: Statement): string | undefined {
    const words = wordsOf(statement.text);
    const [first = '', second = ''] = words;
    const temporary = (first === 'CREATE' || first === 'DROP') && second === 'TEMPORARY';
    if (
      first === 'SET' &&
      (words.includes('AUTOCOMMIT') || words.includes('GLOBAL') || words.includes('PERSIST'))
    )
      return 'it changes more than this transaction';
    if (!UNDOABLE.has(first) && !temporary) return 'it commits by itself in MySQL and MariaDB';
    const table = statement.operations
      .flatMap(({ objects }) => objects)
      .find((name) => this.#notTransactional.has((name.split('.').at(-1) ?? '').toLowerCase()));
    return table && `the storage engine of ${table} has no transactions`;
  }

  describe(error: unknown): DatabaseError {
    const { sqlState, errno, sqlMessage } = error as {
      sqlState?: string;
      errno?: number;
      sqlMessage?: string;
    };
    return {
      message: sqlMessage ?? messageOf(error),
      ...(sqlState ? { sqlState } : {}),
      ...(errno ? { errno } : {}),
    };
  }

  now(): number {
    return performance.now();
  }

  async close(): Promise<void> {
    for (const connection of [this.#connection, this.#observer])
      await connection?.end().catch(() => undefined);
  }

  async #locks(): Promise<ObservedLock[]> {
    if (!this.#observer || !this.#lockQuery) return [];
    const rows = await this.#observer
      .query(this.#lockQuery, [this.#connection.threadId])
      .then(([found]) => found as MysqlRow[])
      .catch(() => []);
    return rows
      .filter(({ state }) => state === 'GRANTED')
      .map(({ relation, mode }) => ({ relation: String(relation), mode: String(mode).replace(/^MDL_/, '') }));
  }

  #watch(watch: Watch): () => Promise<void> {
    const observer = this.#observer;
    if (!observer) return async () => undefined;
    let stopped = false;
    const loop = (async () => {
      while (!stopped) {
        for (const lock of await this.#locks()) watch.granted.set(keyOf(lock), lock);
        const [rows] = await observer.query(WAITING, [this.#connection.threadId]);
        const now = performance.now();
        for (const { state } of rows as MysqlRow[]) {
          const what = String(state).replace(/^Waiting for /, '');
          watch.waiting.set(what, { from: watch.waiting.get(what)?.from ?? now, to: now });
        }
        if (!stopped) await new Promise((resolve) => setTimeout(resolve, WATCH_EVERY_MS));
      }
    })().catch(() => undefined);
    return async () => {
      stopped = true;
      await loop;
    };
  }
}

/** Statements that belong to the transaction around them (MySQL manual, “Statements That Cause an Implicit Commit”). */
const UNDOABLE = new Set([
  'INSERT',
  'UPDATE',
  'DELETE',
  'REPLACE',
  'SELECT',
  'WITH',
  'VALUES',
  'SET',
  'DO',
  'SHOW',
  'EXPLAIN',
  'DESCRIBE',
  'SAVEPOINT',
]);

async function usableQuery(observer: Connection, threadId: number): Promise<string | undefined> {
  for (const query of LOCK_QUERIES) {
    try {
      if (query.includes('performance_schema')) {
        const [on] = await observer.query('SELECT @@performance_schema AS enabled');
        if (Number((on as MysqlRow[])[0]?.enabled) !== 1) continue;
      }
      await observer.query(query, [threadId]);
      return query;
    } catch {
      // Not there, or not allowed for this user.
    }
  }
  return undefined;
}

function keyOf({ relation, mode }: ObservedLock): string {
  return `${relation} ${mode}`;
}

function wordsOf(text: string): string[] {
  return tokenize(text.slice(0, 2_000), 'mysql')
    .filter(({ kind }) => kind === 'word')
    .map(({ start, end }) => text.slice(start, end).toUpperCase());
}
