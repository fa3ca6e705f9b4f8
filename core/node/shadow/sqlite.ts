/** An SQLite shadow: sql.js, SQLite compiled to WebAssembly, in memory. */
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import { readSqliteSchema } from '../../schema/sqlite-catalog.ts';
import { type JudgeHooks, judgeForReal, judgeUndone } from '../../shadow/judge.ts';
import { runMigration, type Session } from '../../shadow/run-migration.ts';
import type { JudgingShadow, MigrationRun, MigrationToRun } from '../../shadow/shadow.ts';
import type { RawVerdict } from '../../shadow/verdict.ts';
import { tokenize } from '../../sql/tokens.ts';
import { loadSqlite, type Sqlite, type SqliteModule } from '../../store/sqlite.ts';
import { readAsset } from '../assets.ts';

/** What a transaction changes the meaning of, or what a rollback does not undo. */
const NOT_UNDONE = /^(?:pragma|vacuum|attach|detach|begin|commit|end|rollback|savepoint|release)\b/i;

export class SqliteShadow implements JudgingShadow {
  readonly version: string;
  readonly #module: SqliteModule;
  readonly #db: Sqlite;

  private constructor(module: SqliteModule, db: Sqlite) {
    this.#module = module;
    this.#db = db;
    this.version = `SQLite ${db.first('SELECT sqlite_version()', [], (row) => String(row[0]))}`;
  }

  static async start(image?: Uint8Array): Promise<SqliteShadow> {
    const module = await loadSqlite(await readAsset('sql-wasm.wasm'));
    return new SqliteShadow(module, module.open(image));
  }

  async prepare(sql: string): Promise<void> {
    this.#db.script(sql);
  }

  run(migration: MigrationToRun): Promise<MigrationRun> {
    return runMigration(sessionOn(this.#db), migration);
  }

  async judge(migration: MigrationToRun, hooks: JudgeHooks): Promise<RawVerdict[] | undefined> {
    if (migration.statements.some(({ text }) => NOT_UNDONE.test(text))) return undefined;
    return judgeUndone(sessionOn(this.#db), migration, undefined, async () => false, hooks);
  }

  /** In a copy. */
  async judgeForReal(migration: MigrationToRun, hooks: JudgeHooks) {
    const copy = this.#module.open(this.#db.image());
    try {
      return { verdicts: await judgeForReal(sessionOn(copy), migration, undefined, hooks), spent: false };
    } finally {
      copy.close();
    }
  }

  async snapshot(): Promise<SchemaSnapshot> {
    return readSqliteSchema(this.#db);
  }

  async image(): Promise<Uint8Array> {
    return this.#db.image();
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}

function sessionOn(db: Sqlite): Session {
  return {
    dialect: 'sqlite',
    execute: async (sql) => db.script(sql),
    reset: async () => {
      try {
        db.script('ROLLBACK');
      } catch {
        // No transaction was open.
      }
    },
    describe: (error, start, text) => {
      const message = error instanceof Error ? error.message : String(error);
      const at = syntaxErrorAt(db, message, text);
      return { message, ...(at === undefined ? {} : { position: start + at }) };
    },
    now: () => performance.now(),
  };
}

/**
 * SQLite says which word it stumbled over, not where: it is the first of these words up to which the statement gives the
 * same error, since what ends earlier is merely incomplete.
 */
function syntaxErrorAt(db: Sqlite, message: string, text: string): number | undefined {
  if (message === 'incomplete input') return text.length;
  const word = /^near "(.*)": syntax error$/s.exec(message)?.[1];
  if (word === undefined) return undefined;
  for (const { kind, start, end } of tokenize(text, 'sqlite')) {
    if (kind === 'space' || kind === 'comment' || text.slice(start, end) !== word) continue;
    try {
      db.script(`EXPLAIN ${text.slice(0, end)}`);
    } catch (error) {
      if (error instanceof Error && error.message === message) return start;
    }
  }
  return undefined;
}
