/** What is in the extension's package: what runs, what the marketplace shows, and nothing else. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import jszip from 'jszip';
import { packagedExtension } from '../e2e/editor-home.ts';

/** Of the whole package; most of it is PostgreSQL, which runs the migrations. */
const LARGEST_BYTES = 10_000_000;

/** A mark that every schema of typebox bears. */
const SCHEMA_LIBRARY = '~kind';

const ALLOWED = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(?:package(?:\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt)$/i,
  /^extension\/dist\/(?:extension|language-client)\.cjs$/,
  /^extension\/dist\/(?:language-server|language-worker|judge-worker|shadow-worker|training-worker|intake-worker|chunk-\w+)\.mjs$/,
  /^extension\/dist\/package\.json$/,
  /^extension\/dist\/libpg-query\.wasm$/,
  /^extension\/dist\/assets\/(?:\w[\w-]*\.(?:wasm|data)|extensions\/[\w-]+\.tar\.gz)$/,
  /^extension\/dist\/webview\/(?:app\.js|app\.css|icon\.svg|index\.html)$/,
  /^extension\/extension\/media\/(?:icon\.png|activity\.svg|(?:dashboard|step)-[\w-]+\.svg)$/,
  /^extension\/extension\/l10n\/bundle\.l10n\.json$/,
  /^extension\/docs\/aibos\.manifest\.schema\.json$/,
];

test('the package holds bundles and no more, within its size', async () => {
  const content = readFileSync(await packagedExtension());
  const zip = await jszip.loadAsync(content);
  const files = Object.values(zip.files).filter(({ dir }) => !dir);
  const names = files.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name) => !ALLOWED.some((pattern) => pattern.test(name))),
    [],
  );
  assert.ok(content.length <= LARGEST_BYTES, `${content.length} bytes`);

  const readme = (await zip.file('extension/readme.md')?.async('string')) ?? '';
  assert.match(readme, /^# AI-BOS Telemetry for VS Code/);
  assert.doesNotMatch(readme, /!\[[^\]]*\]\((?!https:)/, 'no picture that only this repository has');

  const client = (await zip.file('extension/dist/extension.cjs')?.async('string')) ?? '';
  assert.ok(!client.includes(SCHEMA_LIBRARY), 'what the editor waits for loads no schema library');

  const manifest = JSON.parse((await zip.file('extension/package.json')?.async('string')) ?? '');
  const media = JSON.stringify(manifest.contributes).match(/extension\/media\/[\w.-]+/g) ?? [];
  const schemas = manifest.contributes.jsonValidation.map(({ url }: { url: string }) =>
    url.replace('./', ''),
  );
  const named: string[] = [manifest.main.replace('./', ''), manifest.icon, ...media, ...schemas];
  for (const name of named) assert.ok(names.includes(`extension/${name}`), `${name} is missing`);

  const loaded = new Set<string>();
  for (const { name } of files.filter((file) => /\.[cm]?js$/.test(file.name))) {
    const text = (await zip.file(name)?.async('string')) ?? '';
    for (const [, chunk] of text.matchAll(/(?:from|import)\s*\(?"\.\/(chunk-\w+\.mjs)"/g)) {
      assert.ok(names.includes(`extension/dist/${chunk}`), `${name} loads ${chunk}`);
      loaded.add(`extension/dist/${chunk}`);
    }
  }
  const idle = names.filter((name) => name.includes('/chunk-') && !loaded.has(name));
  assert.deepEqual(idle, [], 'no chunk is there that nothing loads');
});
