/** The layers are kept by the compiler: an import against the direction, or of what a layer may not know, fails. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from './support/temp.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Where a line must not stand, the line, and what the compiler says. */
const forbidden: [string, string, RegExp][] = [
  ['core/contract', "export { redactText } from '../privacy/redact.ts';", /TS6307|TS2307/],
  ['core/contract', "export { readFileSync } from 'node:fs';", /TS2307|TS2591/],
  ['core/contract', 'export const title = document.title;', /TS2584|TS2304/],
  ['core', "export { nodePlatform } from '../core/node/platform.ts';", /TS6307/],
  ['core', "export { join } from 'node:path';", /TS2307|TS2591/],
  ['core', 'export const where = process.cwd();', /TS2591|TS2580|TS2304/],
  ['core', 'export const wide = window.innerWidth;', /TS2304|TS2584/],
  ['webview', "export { join } from 'node:path';", /TS2307|TS2591/],
  ['webview', "export { redactText } from '../core/privacy/redact.ts';", /TS6307/],
  ['webview', "export { Session } from '../core/node/engine/session.ts';", /TS6307/],
  ['core/node', "export { window } from 'vscode';", /TS6307/],
  ['core/node', "export { app } from 'electron';", /TS6307/],
  ['extension/client', "export { Session } from '../../core/node/engine/session.ts';", /TS6307/],
];

let tree = '';
before((t) => {
  tree = temporaryFolder(t as never);
  for (const name of ['core', 'webview', 'extension', 'desktop', 'tsconfig.json', 'package.json']) {
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'), 'junction');
});

async function compile(layer: string): Promise<string> {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await run(process.execPath, [tsc, '-b', layer], { cwd: tree });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test('every layer compiles as it is', async () => {
  for (const layer of new Set(forbidden.map(([name]) => name))) assert.equal(await compile(layer), '', layer);
});

for (const [layer, line, message] of forbidden) {
  test(`${layer} may not: ${line}`, async () => {
    const probe = join(tree, layer, 'layer-probe.ts');
    writeFileSync(probe, `${line}\n`);
    try {
      const said = await compile(layer);
      assert.match(said, /layer-probe\.ts/, `the compiler accepted it in ${layer}`);
      assert.match(said, message);
    } finally {
      rmSync(probe);
    }
  });
}
