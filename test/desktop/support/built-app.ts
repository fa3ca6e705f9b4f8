/** Starts the bundle of the main process on the stand-in for Electron. One app for each test process. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { DATA_FOLDER_VARIABLE, type DataFolder } from '../../../core/node/data-folder.ts';
import type { Requirement } from '../../support/requirements.ts';
import { app, type BrowserWindow, fake, type MenuItem } from './fake-electron.ts';

export const MAIN_BUNDLE = new URL('../../../dist/desktop/main.mjs', import.meta.url);
const STAND_IN = new URL('fake-electron.ts', import.meta.url).href;

/** The bundles in `dist`. */
export function bundles(): Requirement<URL> {
  return existsSync(MAIN_BUNDLE) ? { found: MAIN_BUNDLE } : { missing: 'not built; npm run build' };
}

/** Starts the app on a folder; resolves with its window. */
export async function startApp(folder: DataFolder): Promise<BrowserWindow> {
  registerHooks({
    resolve: (name, context, next) =>
      name === 'electron' ? { url: STAND_IN, shortCircuit: true } : next(name, context),
  });
  process.env[DATA_FOLDER_VARIABLE] = folder.path;
  await import(MAIN_BUNDLE.href);
  assert.equal(fake.windows.length, 0, 'no window before Electron is ready');
  app.ready.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  return fake.windows[0] ?? assert.fail('no window');
}

/** Clicks an item of the native menu. */
export function choose(...labels: string[]): void {
  let items = fake.menu;
  let item: MenuItem | undefined;
  for (const label of labels) {
    item = items.find((one) => one.label?.replace('&', '') === label);
    items = item?.submenu ?? [];
  }
  assert.ok(item?.click, labels.join(' > '));
  item.click();
}
