/** The layers are kept by the compiler: an import against the direction, or of what a layer may not know, fails. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from './support/temp.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where a line must not stand, the line, and what the compiler says. */
const forbidden: [string, string, RegExp][] = [
  ['core/contract', "export { median } from '../numbers.ts';", /TS6307|TS2307/],
  ['core/contract', "export { readFileSync } from 'node:fs';", /TS2307|TS2591/],
  ['core/contract', 'export const title = document.title;', /TS2584|TS2304/],
  ['core', "export { VERSION } from '../core/node/version.ts';", /TS6307/],
  ['core', "export { join } from 'node:path';", /TS2307|TS2591/],
  ['core', 'export const where = process.cwd();', /TS2591|TS2580|TS2304/],
  ['core', 'export const wide = window.innerWidth;', /TS2304|TS2584/],
  ['webview', "export { join } from 'node:path';", /TS2307|TS2591/],
  ['webview', "export { median } from '../core/numbers.ts';", /TS6307/],
  ['webview', "export { VERSION } from '../core/node/version.ts';", /TS6307/],
  ['core/node', "export { window } from 'vscode';", /TS6307/],
  ['core/node', "export { app } from 'electron';", /TS6307/],
  ['extension/client', "export { VERSION } from '../../core/node/version.ts';", /TS6307/],
];

const layers = [...new Set(forbidden.map(([layer]) => layer))];
/** One file a line, so that all lines of a layer are compiled at once. */
const probe = (index: number) => `layer-probe-${index}.ts`;

let tree = '';
before((t) => {
  tree = temporaryFolder(t as never);
  for (const name of ['core', 'webview', 'extension', 'desktop', 'tsconfig.json', 'package.json']) {
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  }
  // What is compiled already need not be again; the compiler itself sees what is out of date.
  const compiled = join(ROOT, '.cache', 'types');
  if (existsSync(compiled)) cpSync(compiled, join(tree, '.cache', 'types'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'), 'junction');
});

/** What the compiler has to say about some layers; nothing where all is well. */
async function compile(...names: string[]): Promise<string> {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await run(process.execPath, [tsc, '-b', ...names], { cwd: tree });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('every layer compiles as it is', async () => {
  assert.equal(await compile(...layers), '');
});

for (const layer of layers) {
  test(`${layer} may not import or know what is outside of it`, async () => {
    const probes = forbidden.flatMap(([name, line, message], i) =>
      name === layer ? [{ file: probe(i), line, message }] : [],
    );
    for (const { file, line } of probes) writeFileSync(join(tree, layer, file), `${line}\n`);
    const said = (await compile(layer)).split('\n');
    for (const { file } of probes) rmSync(join(tree, layer, file));
    for (const { file, line, message } of probes) {
      const errors = said.filter((text) => text.includes(file)).join('\n');
      assert.match(errors, message, `${line}: ${errors === '' ? 'the compiler accepted it' : errors}`);
    }
  });
}
