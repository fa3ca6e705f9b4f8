/**
 * Starts the packaged desktop app of this system (`release/`, made by `npm run package:desktop`) on a data folder of its own
 * and waits until its log says that the engine is ready; then ends it. Ends with 1 where that does not come.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DATA_FOLDER_VARIABLE } from '../core/node/data-folder.ts';

const PATIENCE_MS = 90_000;
const READY = 'the engine is ready';

const release = fileURLToPath(new URL('../release/', import.meta.url));
const binary = packagedApp();
const folder = mkdtempSync(join(tmpdir(), 'aibos-smoke-'));
const log = join(folder, 'logs', 'desktop.log');

const app = spawn(binary, [], { env: { ...process.env, [DATA_FOLDER_VARIABLE]: folder }, stdio: 'inherit' });
const ended = once(app, 'exit');
const ready = await saysReady();
app.kill();
await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 15_000))]);
process.stdout.write(existsSync(log) ? readFileSync(log, 'utf8') : 'The app wrote no log.\n');
process.stdout.write(
  ready ? `${binary} starts.\n` : `${binary} was not ready within ${PATIENCE_MS / 1000} s.\n`,
);
rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
process.exit(ready ? 0 : 1);

async function saysReady(): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS && app.exitCode === null; waited += 250) {
    if (existsSync(log) && readFileSync(log, 'utf8').includes(READY)) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

/** Throws where nothing was packaged. */
function packagedApp(): string {
  const folders = existsSync(release) ? readdirSync(release) : [];
  const unpacked = folders.find((name) => /^(?:linux|mac|win)(?:-\w+)?(?:-unpacked)?$/.test(name)) ?? '';
  const inside: Partial<Record<NodeJS.Platform, string[]>> = {
    darwin: ['AI-BOS Telemetry.app', 'Contents', 'MacOS', 'AI-BOS Telemetry'],
    win32: ['AI-BOS Telemetry.exe'],
    linux: ['aibos-telemetry'],
  };
  const path = join(release, unpacked, ...(inside[process.platform] ?? []));
  if (!unpacked || !existsSync(path)) throw new Error('Nothing is packaged; npm run package:desktop.');
  return path;
}
