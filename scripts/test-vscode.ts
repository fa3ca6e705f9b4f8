/**
 * `npm run test:vscode`: fetches the oldest desktop VS Code that the extension supports, once, and runs the test that
 * drives it. Where it cannot be fetched, that is said, and nothing is claimed. `VSCODE_PATH` names another one.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { inRoot, run } from './lib.mjs';

const { engines } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as {
  engines: { vscode: string };
};
const version = engines.vscode.replace('^', '');
const cachePath = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'aibos-telemetry', 'vscode');

try {
  const VSCODE_PATH = process.env.VSCODE_PATH || (await downloadAndUnzipVSCode({ version, cachePath }));
  const test = [inRoot('scripts', 'run-tests.ts'), 'test/e2e/vscode-desktop.test.ts'];
  process.exitCode = await run(process.execPath, test, { env: { ...process.env, VSCODE_PATH } });
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Not run: VS Code ${version} could not be fetched (${why}).\n`);
  process.exitCode = 1;
}
