/**
 * Where the files are that are loaded at run time and not compiled in: WebAssembly modules, worker scripts. In a bundle
 * they stand beside it (`dist/assets`, `dist/*.mjs`, see `scripts/build.mjs`); from source they are found in
 * `node_modules` and in the source tree.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const fromSource = import.meta.url.endsWith('.ts');
const here = dirname(fileURLToPath(import.meta.url));

/** Asset name in a bundle, and where it comes from. `scripts/build.mjs` copies by this table. */
export const ASSETS = {
  'sql-wasm.wasm': 'sql.js/dist/sql-wasm.wasm',
  'pglite.wasm': '@electric-sql/pglite/dist/pglite.wasm',
  'pglite.data': '@electric-sql/pglite/dist/pglite.data',
  'prism.wasm': '@ruby/prism/src/prism.wasm',
  'initdb.wasm': '@electric-sql/pglite/dist/initdb.wasm',
} as const;

/** Folders of the embedded PostgreSQL's extension archives, in `node_modules`; in a bundle, `dist/assets/extensions`. */
export const EXTENSION_FOLDERS = ['@electric-sql/pglite/dist', '@electric-sql/pglite-pgvector/dist'];

export function assetPath(name: keyof typeof ASSETS): string {
  return fromSource ? inModules(ASSETS[name]) : join(here, 'assets', name);
}

export function readAsset(name: keyof typeof ASSETS): Promise<Buffer> {
  return readFile(assetPath(name));
}

/**
 * A fresh PostgreSQL data directory, as `scripts/postgres-base.ts` makes it while building; undefined where nothing was
 * built. Starting from it saves the two seconds that making one takes.
 */
export function readPostgresBase(): Promise<Buffer | undefined> {
  const folder = fromSource ? join(here, '..', '..', 'dist') : here;
  return readFile(join(folder, 'assets', POSTGRES_BASE)).catch(() => undefined);
}

export const POSTGRES_BASE = 'postgres-base.image';

/** The archive of a PostgreSQL extension, by its file name without `.tar.gz`. */
export function extensionArchive(name: string): URL {
  const folders = fromSource ? EXTENSION_FOLDERS.map(inModules) : [join(here, 'assets', 'extensions')];
  const paths = folders.map((folder) => join(folder, `${name}.tar.gz`));
  const path = paths.find((candidate) => existsSync(candidate));
  if (!path) throw new Error(`The archive of the extension ${name} is missing; run npm run build again.`);
  return pathToFileURL(path);
}

const WORKERS = {
  shadow: 'shadow/worker.ts',
  judge: 'shadow/judge-worker.ts',
  training: 'training/worker.ts',
  intake: 'intake/worker.ts',
};

/** The script of a worker process or thread. */
export function workerScript(name: keyof typeof WORKERS): URL {
  return pathToFileURL(fromSource ? join(here, WORKERS[name]) : join(here, `${name}-worker.mjs`));
}

/** The folder of the built pages. */
export function pagesFolder(): string {
  return fromSource ? join(here, '..', '..', 'dist', 'webview') : join(here, 'webview');
}

function inModules(path: string): string {
  return join(here, '..', '..', 'node_modules', path);
}
