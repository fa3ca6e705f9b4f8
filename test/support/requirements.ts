/**
 * What a test may need that a machine may not have. A test whose requirement is missing is skipped with the reason,
 * and `npm test` lists it as not run.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Either the thing, or in words why it is not there. */
export type Requirement<T> = { found: T; missing?: never } | { found?: never; missing: string };

const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of a Chromium or Chrome. */
export function chromium(): Requirement<string> {
  const found = [process.env.CHROMIUM_PATH ?? '', ...CHROMIUM_PLACES].find(
    (path) => path && existsSync(path),
  );
  return found
    ? { found }
    : { missing: 'no Chromium found; install the package chromium, or set CHROMIUM_PATH' };
}

export const CODE_SERVER_VERSION = '4.139.1';

/** Folder into which `scripts/test-setup.mjs` installs code-server: VS Code itself, as a server. */
export function codeServerFolder(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'aibos-telemetry', `code-server-${CODE_SERVER_VERSION}`);
}

/** Path of code-server's entry script. */
export function codeServer(): Requirement<string> {
  const found = join(codeServerFolder(), 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  const ready = existsSync(found) && existsSync(join(codeServerFolder(), '.installed'));
  return ready ? { found } : { missing: 'code-server is not installed; npm test says why it could not be' };
}

/** PostgreSQL's own client. */
export function psql(): Requirement<string> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, 'psql')).find((path) => existsSync(path));
  return found ? { found } : { missing: 'no psql found; install the package postgresql-client' };
}

/** Path of a desktop VS Code. */
export function desktopVsCode(): Requirement<string> {
  const path = process.env.VSCODE_PATH;
  if (!path) return { missing: 'no desktop VS Code; npm run test:vscode fetches one and runs this' };
  return existsSync(path) ? { found: path } : { missing: `VSCODE_PATH names ${path}, which is not there` };
}

/** Path of Electron's binary. */
export function electron(): Requirement<string> {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const found = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    if (existsSync(found)) return { found };
  } catch {
    // Reported below.
  }
  return { missing: 'no Electron binary; npm run desktop:install fetches it' };
}

/** Options for `test()` that skip with the reason where something is missing. */
export function needs(...requirements: Requirement<unknown>[]): { skip?: string } {
  const reasons = requirements.flatMap(({ missing }) => missing ?? []);
  return reasons.length > 0 ? { skip: reasons.join('; ') } : {};
}
