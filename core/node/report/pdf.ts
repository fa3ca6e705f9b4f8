/** Prints a page as PDF with a Chromium that is installed already. The page has no script and fetches nothing. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TelemetryError } from '../../contract/errors.ts';

/** Overrides what is found. */
const BROWSER_VARIABLE = 'AIBOS_BROWSER';
const LIMIT_MS = 60_000;
const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'msedge',
];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Rejects with `unavailable` where there is no browser, or where it does not print. */
export async function printPdf(html: string): Promise<Uint8Array> {
  const browser = findBrowser();
  if (!browser)
    throw new TelemetryError(
      'unavailable',
      `A PDF needs Chromium, Chrome or Edge, and none was found. Install one, or name its program in ${BROWSER_VARIABLE}; the format html prints as well.`,
    );
  const folder = await mkdtemp(join(tmpdir(), 'aibos-pdf-'));
  try {
    const page = join(folder, 'report.html');
    const pdf = join(folder, 'report.pdf');
    await writeFile(page, html, { mode: 0o600 });
    await print(browser, folder, page, pdf);
    return await readFile(pdf);
  } catch (cause) {
    if (TelemetryError.is(cause)) throw cause;
    throw new TelemetryError('unavailable', `${browser} did not print the report.`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function findBrowser(): string | undefined {
  const chosen = process.env[BROWSER_VARIABLE];
  if (chosen) return chosen;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find(isProgram);
}

function print(browser: string, folder: string, page: string, pdf: string): Promise<void> {
  // A root user has no sandbox of Chromium's kind; the page is our own and runs no script.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const args = [
    ...root,
    '--headless',
    '--disable-gpu',
    '--no-first-run',
    '--no-pdf-header-footer',
    `--user-data-dir=${join(folder, 'profile')}`,
    `--print-to-pdf=${pdf}`,
    pathToFileURL(page).href,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(browser, args, { stdio: 'ignore', timeout: LIMIT_MS });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${browser} ended with exit code ${code}`)),
    );
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
