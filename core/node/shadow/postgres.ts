/** A PostgreSQL shadow: PGlite, PostgreSQL compiled to WebAssembly, in memory. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import type { DatabaseError } from '../../contract/event.ts';
import { PostgresCatalog } from '../../schema/postgres-catalog.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import { type JudgeHooks, judgeForReal, judgeUndone } from '../../shadow/judge.ts';
import { runMigration, type Session } from '../../shadow/run-migration.ts';
import type { JudgingShadow, MigrationRun, MigrationToRun } from '../../shadow/shadow.ts';
import { surroundingsOf } from '../../shadow/surroundings.ts';
import type { RawVerdict } from '../../shadow/verdict.ts';
import { codePointOffset } from '../../sql/text.ts';
import { readAsset, readPostgresBase } from '../assets.ts';
import { pgliteExtensions, writeStandIns } from './extensions.ts';

/**
 * What the server holds in memory whether it needs it or not; PGlite’s own default is 128 MB, which a schema never fills.
 */
const START_PARAMETERS = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'];

/** Log segments of 1 MB, not 16: an image is a quarter smaller, to take and to start from. */
const INITDB_PARAMETERS = ['--wal-segsize=1'];

/**
 * What DISCARD ALL does (PostgreSQL's documentation of DISCARD), but for the plans: making those of the catalogue's
 * queries again would take longer than most migrations. Statements that the migration prepared itself go.
 */
const NEW_SESSION = `CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all();
  DISCARD TEMP; DISCARD SEQUENCES;
  DO $$ DECLARE prepared text; BEGIN
    FOR prepared IN SELECT name FROM pg_catalog.pg_prepared_statements WHERE name NOT LIKE 'aibos\\_%' LOOP
      EXECUTE pg_catalog.format('DEALLOCATE %I', prepared);
    END LOOP;
  END $$`;

/** Every sequence with its state; a rolled back transaction leaves those that it counted on. */
const SEQUENCES = `SELECT coalesce(json_agg(json_build_array(c.oid::int8, s.last_value::text, s.is_called) ORDER BY c.oid),
  '[]')::text AS sequences FROM pg_class c, pg_get_sequence_data(c.oid) s WHERE c.relkind = 'S'`;
const PARTITIONED = "SELECT relname FROM pg_class WHERE relkind IN ('p', 'I')";

export class PostgresShadow implements JudgingShadow {
  readonly version: string;
  readonly #db: PGlite;
  readonly #catalog: PostgresCatalog;

  private constructor(db: PGlite, version: string) {
    this.#db = db;
    this.#catalog = new PostgresCatalog({
      query: async (sql) => (await db.query<Record<string, unknown>>(sql)).rows,
    });
    this.version = version;
  }

  /** Starts empty, or equal to the shadow that `image` came from. */
  static async start(image?: Uint8Array): Promise<PostgresShadow> {
    return PostgresShadow.startFrom(image ?? (await readPostgresBase()));
  }

  /** Starts from an image, or by making a data directory. */
  static async startFrom(image: Uint8Array | undefined): Promise<PostgresShadow> {
    const [wasm, data, initdb] = await Promise.all([
      readAsset('pglite.wasm'),
      readAsset('pglite.data'),
      readAsset('initdb.wasm'),
    ]);
    const db = new PGlite({
      extensions: pgliteExtensions(),
      pgliteWasmModule: await WebAssembly.compile(wasm),
      initdbWasmModule: await WebAssembly.compile(initdb),
      fsBundle: new Blob([bytes(data)]),
      startParams: START_PARAMETERS,
      initDbStartParams: INITDB_PARAMETERS,
      ...(image ? { loadDataDir: new Blob([bytes(zstdDecompressSync(image))]) } : {}),
    });
    await db.waitReady;
    writeStandIns(db);
    const { rows } = await db.query<{ server_version: string }>('SHOW server_version');
    return new PostgresShadow(db, `PostgreSQL ${rows[0]?.server_version.split(' ')[0]}`);
  }

  async prepare(sql: string): Promise<void> {
    await this.#db.exec(sql);
  }

  async run(migration: MigrationToRun): Promise<MigrationRun> {
    const { script } = surroundingsOf(migration.statements);
    if (script) await this.prepare(script);
    return runMigration(this.#session, migration);
  }

  async judge(migration: MigrationToRun, hooks: JudgeHooks): Promise<RawVerdict[] | undefined> {
    const { script } = surroundingsOf(migration.statements);
    const before = await this.#sequences();
    try {
      return await judgeUndone(this.#session, migration, script, (text) => this.#isPartitioned(text), hooks);
    } finally {
      if ((await this.#sequences()) !== before) await this.#setSequences(before);
    }
  }

  async judgeForReal(migration: MigrationToRun, hooks: JudgeHooks) {
    const { script } = surroundingsOf(migration.statements);
    return { verdicts: await judgeForReal(this.#session, migration, script, hooks), spent: true };
  }

  snapshot(): Promise<SchemaSnapshot> {
    return this.#catalog.read();
  }

  /** The data directory as a tar file under Zstandard: PGlite's own gzip takes ten times as long. */
  async image(): Promise<Uint8Array> {
    const tar = await (await this.#db.dumpDataDir('none')).arrayBuffer();
    return zstdCompressSync(new Uint8Array(tar));
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  readonly #session: Session = {
    dialect: 'postgres',
    execute: async (sql) => {
      await this.#db.exec(sql);
    },
    reset: async () => {
      await this.#db.exec('ROLLBACK');
      await this.#db.exec(NEW_SESSION);
    },
    describe,
    now: () => performance.now(),
  };

  async #sequences(): Promise<string> {
    const { rows } = await this.#db.query<{ sequences: string }>(SEQUENCES);
    return rows[0]?.sequences ?? '[]';
  }

  async #setSequences(sequences: string): Promise<void> {
    await this.#db.query(
      'SELECT setval((s->>0)::oid::regclass, (s->>1)::bigint, (s->>2)::boolean) FROM json_array_elements($1::json) s',
      [sequences],
    );
    await this.#db.exec('DISCARD ALL');
  }

  async #isPartitioned(text: string): Promise<boolean> {
    const { rows } = await this.#db.query<{ relname: string }>(PARTITIONED);
    const words = new Set(text.toLowerCase().split(/[^\p{L}\p{N}_$]+/u));
    return rows.some(({ relname }) => /\W/.test(relname) || words.has(relname.toLowerCase()));
  }
}

/** PostgreSQL counts positions in code points from 1; ours are UTF-16 offsets in the file. */
function describe(error: unknown, start: number, text: string): DatabaseError {
  const raw = error as { message?: string; code?: string; detail?: string; hint?: string; position?: string };
  const place = raw.position ? start + codePointOffset(text, Number(raw.position) - 1) : undefined;
  return {
    message: raw.message ?? String(error),
    ...(raw.code ? { sqlState: raw.code } : {}),
    ...(raw.detail ? { detail: raw.detail } : {}),
    ...(raw.hint ? { hint: raw.hint } : {}),
    ...(place === undefined ? {} : { position: place }),
  };
}

/** A view that the DOM-typed constructors accept: never on shared memory. */
function bytes(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  return buffer as Uint8Array<ArrayBuffer>;
}
