/** SQLite files, by Node's own SQLite: it honours the locks and the write-ahead log of other processes. */
import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { DatabaseError } from '../../contract/event.ts';
import { isControl, type MeasuredStatement } from '../../database/measured.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import { readSqliteSchema } from '../../schema/sqlite-catalog.ts';
import type { Statement } from '../../sql/statement.ts';
import { tokenize } from '../../sql/tokens.ts';
import type { StatisticsFile, TableStatistics } from '../../statistics/statistics.ts';
import type { SqlValue } from '../../store/sqlite.ts';
import {
  CONNECT_TIMEOUT_MS,
  type DatabaseFacts,
  type Driver,
  messageOf,
  type RunOptions,
  type RunSession,
} from './driver.ts';
import { fromSample, SAMPLE_ROWS } from './sampling.ts';

export class SqliteDriver implements Driver {
  readonly dialect = 'sqlite';
  onFault: (message: string) => void = () => undefined;
  readonly #path: string;
  #db: DatabaseSync | undefined;

  /** Opens on first use, read-only. */
  constructor(path: string) {
    this.#path = path;
  }

  get connections(): number {
    return this.#db ? 1 : 0;
  }

  async facts(): Promise<DatabaseFacts> {
    const [row] = await this.#rows('SELECT sqlite_version() AS version');
    return {
      product: 'SQLite',
      version: String(row?.[0]),
      database: this.#path,
      bytes: statSync(this.#path).size,
    };
  }

  async snapshot(): Promise<SchemaSnapshot> {
    const db = await this.#open();
    return readSqliteSchema({
      all: (sql, values, read) => {
        const statement = db.prepare(sql);
        statement.setReturnArrays(true);
        return (statement.all(...values) as unknown as SqlValue[][]).map(read);
      },
    });
  }

  async statistics(): Promise<StatisticsFile> {
    const { version } = await this.facts();
    const names = await this.#rows(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    );
    const tables: TableStatistics[] = [];
    for (const [name] of names) tables.push(await this.#table(String(name)));
    return { version: 1, dialect: 'sqlite', serverVersion: version, tables };
  }

  openRun(options: RunOptions): Promise<RunSession> {
    return SqliteRun.open(this.#path, options);
  }

  async close(): Promise<void> {
    this.#db?.close();
    this.#db = undefined;
  }

  async #table(name: string): Promise<TableStatistics> {
    const [count] = await this.#rows(`SELECT count(*) FROM ${quoted(name)}`);
    const rows = Number(count?.[0] ?? 0);
    const columns = await this.#rows('SELECT name FROM pragma_table_xinfo(?)', [name]);
    const statistics = [];
    for (const [column] of columns) {
      const value = quoted(String(column));
      const [row] = await this.#rows(
        `SELECT sum(n), count(*), sum(n = 1), sum(w) * 1.0 / sum(n)
         FROM (SELECT count(*) AS n, sum(length(CAST(v AS BLOB))) AS w
               FROM (SELECT ${value} AS v FROM ${quoted(name)} LIMIT ${SAMPLE_ROWS}) WHERE v IS NOT NULL GROUP BY v)`,
      );
      const [filled, distinct, once, width] = (row ?? []).map((item) =>
        item === null ? null : Number(item),
      );
      statistics.push(
        fromSample(
          {
            name: String(column),
            filled: filled ?? 0,
            distinct: distinct ?? 0,
            once: once ?? 0,
            width: width ?? null,
          },
          Math.min(rows, SAMPLE_ROWS),
          rows,
        ),
      );
    }
    const bytes = await this.#bytes(name);
    return { relation: `main.${name}`, rows, ...bytes, columns: statistics };
  }

  /** Pages of the table and of its indexes. */
  async #bytes(name: string): Promise<{ bytes: number; indexBytes: number }> {
    const [row] = await this.#rows(
      `SELECT coalesce(sum(iif(s.type = 'table', d.pgsize, 0)), 0), coalesce(sum(iif(s.type = 'index', d.pgsize, 0)), 0)
       FROM sqlite_schema s JOIN dbstat d ON d.name = s.name WHERE s.tbl_name = ? AND s.type IN ('table', 'index')`,
      [name],
    );
    return { bytes: Number(row?.[0] ?? 0), indexBytes: Number(row?.[1] ?? 0) };
  }

  async #rows(sql: string, values: SqlValue[] = []): Promise<SqlValue[][]> {
    const statement = (await this.#open()).prepare(sql);
    statement.setReturnArrays(true);
    return statement.all(...values) as unknown as SqlValue[][];
  }

  async #open(): Promise<DatabaseSync> {
    this.#db ??= await openFile(this.#path, true);
    return this.#db;
  }
}

class SqliteRun implements RunSession {
  readonly commitsImplicitly = false;
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  static async open(path: string, { lockTimeoutMs = CONNECT_TIMEOUT_MS }: RunOptions): Promise<SqliteRun> {
    return new SqliteRun(await openFile(path, false, lockTimeoutMs));
  }

  async begin(): Promise<void> {
    this.#db.exec('BEGIN');
  }

  async commit(): Promise<void> {
    this.#db.exec('COMMIT');
  }

  async rollback(): Promise<void> {
    if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
  }

  async run(statement: Statement): Promise<MeasuredStatement> {
    const writes =
      !/^(?:SELECT|PRAGMA|EXPLAIN)$/.test(firstWords(statement.text)[0] ?? '') && !isControl(statement);
    const before = this.#changes();
    const began = performance.now();
    let failure: { error: unknown } | undefined;
    try {
      this.#db.prepare(statement.text).all();
    } catch (error) {
      failure = { error };
    }
    return {
      outcome: failure ? 'failed' : 'succeeded',
      durationMs: performance.now() - began,
      // One writer at a time locks the file as a whole until its transaction ends (SQLite, “File Locking And Concurrency”).
      locks: writes && !failure ? [{ relation: 'main', mode: 'RESERVED' }] : [],
      waits: [],
      rows: this.#changes() - before,
      ...(failure ? { error: this.describe(failure.error) } : {}),
    };
  }

  notUndoable(statement: Statement): string | undefined {
    const [first = '', second = ''] = firstWords(statement.text);
    if (first === 'VACUUM' || first === 'ATTACH' || first === 'DETACH')
      return `${first} cannot run inside a transaction`;
    if (first === 'PRAGMA' && !HARMLESS_PRAGMAS.has(second)) return 'no rollback undoes a PRAGMA';
    return undefined;
  }

  describe(error: unknown): DatabaseError {
    const { errcode } = error as { errcode?: number };
    return { message: messageOf(error), ...(errcode ? { sqlState: String(errcode) } : {}) };
  }

  now(): number {
    return performance.now();
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #changes(): number {
    return Number(this.#db.prepare('SELECT total_changes() AS n').get()?.n ?? 0);
  }
}

const HARMLESS_PRAGMAS = new Set([
  'FOREIGN_KEYS',
  'DEFER_FOREIGN_KEYS',
  'FOREIGN_KEY_CHECK',
  'FOREIGN_KEY_LIST',
  'INTEGRITY_CHECK',
  'QUICK_CHECK',
  'TABLE_INFO',
  'TABLE_XINFO',
  'TABLE_LIST',
  'INDEX_LIST',
  'INDEX_INFO',
]);

/** Throws where there is no such file: SQLite would make an empty one. */
async function openFile(
  path: string,
  readOnly: boolean,
  timeout = CONNECT_TIMEOUT_MS,
): Promise<DatabaseSync> {
  if (!existsSync(path)) throw new Error(`there is no file ${path}`);
  const { DatabaseSync } = await import('node:sqlite');
  return new DatabaseSync(path, { readOnly, timeout });
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function firstWords(text: string): string[] {
  return tokenize(text.slice(0, 200), 'sqlite')
    .filter(({ kind }) => kind === 'word')
    .map(({ start, end }) => text.slice(start, end).toUpperCase());
}
