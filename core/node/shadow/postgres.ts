/** A PostgreSQL shadow: PGlite, PostgreSQL compiled to WebAssembly, in memory. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import type { DatabaseError } from '../../contract/event.ts';
import { PostgresCatalog } from '../../schema/postgres-catalog.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import { runMigration, type Session } from '../../shadow/run-migration.ts';
import type { MigrationRun, MigrationToRun, Shadow } from '../../shadow/shadow.ts';
import { codePointOffset } from '../../sql/text.ts';
import { readAsset, readPostgresBase } from '../assets.ts';
import { pgliteExtensions } from './extensions.ts';

export class PostgresShadow implements Shadow {
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
      ...(image ? { loadDataDir: new Blob([bytes(zstdDecompressSync(image))]) } : {}),
    });
    await db.waitReady;
    const { rows } = await db.query<{ server_version: string }>('SHOW server_version');
    return new PostgresShadow(db, `PostgreSQL ${rows[0]?.server_version.split(' ')[0]}`);
  }

  async prepare(sql: string): Promise<void> {
    await this.#db.exec(sql);
  }

  run(migration: MigrationToRun): Promise<MigrationRun> {
    return runMigration(this.#session(migration), migration);
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

  #session(migration: MigrationToRun): Session {
    const texts = new Map(migration.statements.map(({ start, text }) => [start, text]));
    return {
      execute: async (sql) => {
        await this.#db.exec(sql);
      },
      reset: async () => {
        await this.#db.exec('ROLLBACK');
        await this.#db.exec('RESET ALL');
      },
      describe: (error, start) => describe(error, start, texts.get(start) ?? ''),
      now: () => performance.now(),
    };
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
