import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EventInput } from '../../core/contract/event.ts';
import { LINK_SCHEME } from '../../core/contract/links.ts';
import { REPORT_EXTENSION } from '../../desktop/main/asked.ts';
import { electron, needs, type Requirement } from '../support/requirements.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { bundles } from './support/built-app.ts';
import { startChildHost } from './support/child-host.ts';
import { packApp, unpack } from './support/packed.ts';
import { wired } from './support/wired.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const { build } = manifest;

const onLinux: Requirement<true> =
  process.platform === 'linux'
    ? { found: true }
    : { missing: 'the stand-in for Electron is laid out for Linux' };

test(
  'the desktop app has a main entry of its own; the package’s is the extension’s',
  needs(bundles()),
  () => {
    assert.equal(manifest.main, './dist/extension.cjs');
    assert.equal(build.extraMetadata.main, 'dist/desktop/main.mjs');
    for (const path of [build.extraMetadata.main, 'dist/desktop/preload.cjs', 'dist/desktop-engine.mjs'])
      assert.ok(existsSync(join(ROOT, path)), path);
    assert.ok(existsSync(join(ROOT, build.directories.buildResources, 'icon.png')));
  },
);

test('there is a package for each system, and the address of the product is the one of the extension', () => {
  assert.deepEqual(build.linux.target, ['AppImage', 'deb']);
  assert.deepEqual(build.mac.target, ['dmg', 'zip']);
  assert.deepEqual(build.win.target, ['nsis']);
  assert.equal(build.asar, true);
  assert.deepEqual(build.protocols[0].schemes, [LINK_SCHEME]);
  assert.equal(`.${build.fileAssociations[0].ext}`, REPORT_EXTENSION);
  const item = `${manifest.publisher}.${manifest.name}`;
  assert.equal(build.extraMetadata.homepage, `https://marketplace.visualstudio.com/items?itemName=${item}`);
});

test('the workflow packs and starts the app on three systems, with commands that there are', () => {
  const workflow = readFileSync(join(ROOT, '.github', 'workflows', 'desktop.yml'), 'utf8');
  for (const system of ['ubuntu', 'macos', 'windows'])
    assert.match(workflow, new RegExp(`os: \\[.*${system}-`));
  const commands = [...workflow.matchAll(/\bnpm (?:run )?([\w:]+)/g)].map(([, name = '']) => name);
  for (const name of new Set(commands)) assert.ok(name === 'ci' || name in manifest.scripts, name);
  for (const name of ['desktop:install', 'build', 'test', 'package:desktop'])
    assert.ok(commands.includes(name), `${name} is run`);
  const scripts = [...workflow.matchAll(/\bnode (scripts\/[\w.-]+)/g)].map(([, path = '']) => path);
  assert.deepEqual([...new Set(scripts)], ['scripts/smoke-desktop.ts']);
  assert.ok(existsSync(join(ROOT, scripts[0] ?? '')));
  // What is uploaded is what the packer calls its files.
  const [, name = ''] = /path: release\/([\w-]+)\*/.exec(workflow) ?? [];
  assert.ok(name !== '' && build.artifactName.startsWith(name));
  assert.match(workflow, /uses: actions\/upload-artifact@v\d/);
});

test('one version of Electron is pinned, and its installer is where the script looks for it', () => {
  assert.match(manifest.devDependencies.electron, /^\d+\.\d+\.\d+$/);
  const [, installer = ''] = manifest.scripts['desktop:install'].split(' ');
  assert.ok(existsSync(join(ROOT, installer)), installer);
});

const noElectron: Requirement<true> = electron().found
  ? { missing: 'Electron is installed, so the app would open' }
  : { found: true };

test('npm run desktop without Electron says how to get it', needs(noElectron), async () => {
  const [, script = ''] = manifest.scripts.desktop.split(' ');
  const child = spawn(process.execPath, [join(ROOT, script)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const [code] = await once(child, 'exit');
  assert.equal(code, 3);
  assert.match(said.join(''), /npm run desktop:install/);
});

test('the fuses close what the app does not use', () => {
  assert.deepEqual(build.electronFuses, {
    runAsNode: false,
    enableCookieEncryption: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});

test(
  'the bundles of the sandbox and of the main process load nothing from node_modules',
  needs(bundles()),
  () => {
    const required = (bundle: string) => [
      ...new Set(
        [
          ...readFileSync(join(ROOT, 'dist', 'desktop', bundle), 'utf8').matchAll(
            /\brequire\("([^"]+)"\)|[}\w$] ?from ?"([\w:@./-]+)"/g,
          ),
        ].map(([, one, other]) => one ?? other ?? ''),
      ),
    ];
    assert.deepEqual(required('preload.cjs'), ['electron']);
    const isBuiltIn = (name: string) => name === 'electron' || isBuiltin(name);
    for (const bundle of ['main.mjs', 'updater.mjs'])
      assert.deepEqual(
        required(bundle).filter((name) => !isBuiltIn(name)),
        [],
        bundle,
      );
  },
);

const migration = (n: number): EventInput => ({
  type: 'migration_execution',
  source: 'test',
  data: {
    migration: `${n}_change`,
    outcome: n % 4 === 0 ? 'failed' : 'succeeded',
    durationMs: 50 + (n % 7) * 40,
    operations: [n % 4 === 0 ? 'drop_column' : 'add_column'],
    tables: ['users'],
  },
});

test(
  'electron-builder packs the bundles and nothing else, sets the fuses, and the engine runs from it',
  needs(bundles(), onLinux),
  async (t) => {
    const packed = await packApp(t);
    const names = [...packed.files.keys()].sort();
    const plain = names.filter(
      (name) => !/^dist\/(?:chunk-[\w-]+\.mjs|assets\/extensions\/[\w-]+\.tar\.gz)$/.test(name),
    );
    assert.deepEqual(plain, [
      'dist/assets/initdb.wasm',
      'dist/assets/pglite.data',
      'dist/assets/pglite.wasm',
      'dist/assets/postgres-base.image',
      'dist/assets/prism.wasm',
      'dist/assets/sql-wasm.wasm',
      'dist/desktop-engine.mjs',
      'dist/desktop/icon.png',
      'dist/desktop/main.mjs',
      'dist/desktop/preload.cjs',
      'dist/desktop/updater.mjs',
      'dist/intake-worker.mjs',
      'dist/libpg-query.wasm',
      'dist/package.json',
      'dist/shadow-worker.mjs',
      'dist/training-worker.mjs',
      'dist/webview/app.css',
      'dist/webview/app.js',
      'dist/webview/icon-192.png',
      'dist/webview/icon-512.png',
      'dist/webview/icon-maskable-512.png',
      'dist/webview/icon.svg',
      'dist/webview/index.html',
      'dist/webview/manifest.webmanifest',
      'package.json',
    ]);
    const { main } = JSON.parse(packed.files.get('package.json')?.toString() ?? '{}');
    assert.equal(main, 'dist/desktop/main.mjs');
    // In the order of Electron's schema: runAsNode, cookies, NODE_OPTIONS, inspect, integrity, only asar, snapshot, file://.
    assert.equal(packed.fuses.slice(0, 8), '00001100');
    t.diagnostic(`${names.length} files, ${(sizeOf(packed.files) / 1e6).toFixed(1)} MB`);

    const app = temporaryFolder(t, 'aibos-unpacked-');
    unpack(packed, app);
    const folder = temporaryDataFolder(t);
    const { client, log } = wired(t, () =>
      startChildHost(t, folder, join(app, 'dist', 'desktop-engine.mjs')),
    );
    const events = Array.from({ length: 80 }, (_, n) => migration(n));
    assert.equal((await client.call('events.record', { events })).accepted, 80);
    assert.equal((await client.call('stats.get', {})).migrations.total, 80);
    await client.call('analysis.run', {});
    const { results } = await client.call('models.train', {});
    assert.deepEqual(
      results.map(({ trained }) => trained),
      [true, true, true, true],
      'in a thread of its own',
    );
    assert.equal((await client.call('models.list', {})).items.length, 4);
    assert.deepEqual(log, ['the engine is ready']);
  },
);

function sizeOf(files: Map<string, Buffer>): number {
  return [...files.values()].reduce((sum, { length }) => sum + length, 0);
}
