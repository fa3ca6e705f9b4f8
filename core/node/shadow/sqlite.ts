/** An SQLite shadow: sql.js, SQLite compiled to WebAssembly, in memory. */
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import { readSqliteSchema } from '../../schema/sqlite-catalog.ts';
import { runMigration, type Session } from '../../shadow/run-migration.ts';
import type { MigrationRun, MigrationToRun, Shadow } from '../../shadow/shadow.ts';
import { loadSqlite, type Sqlite } from '../../store/sqlite.ts';
import { readAsset } from '../assets.ts';

export class SqliteShadow implements Shadow {
  readonly version: string;
  readonly #db: Sqlite;

  private constructor(db: Sqlite) {
    this.#db = db;
    this.version = `SQLite ${db.first('SELECT sqlite_version()', [], (row) => String(row[0]))}`;
  }

  static async start(image?: Uint8Array): Promise<SqliteShadow> {
    const module = await loadSqlite(await readAsset('sql-wasm.wasm'));
    return new SqliteShadow(module.open(image));
  }

  async prepare(sql: string): Promise<void> {
    this.#db.script(sql);
  }

  run(migration: MigrationToRun): Promise<MigrationRun> {
    return runMigration(this.#session, migration);
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

  readonly #session: Session = {
    execute: async (sql) => this.#db.script(sql),
    reset: async () => {
      try {
        this.#db.script('ROLLBACK');
      } catch {
        // No transaction was open.
      }
    },
    describe: (error) => ({ message: error instanceof Error ? error.message : String(error) }),
    now: () => performance.now(),
  };
}
