/**
 * `npm run screenshot`: makes the picture in the README anew. Imports the sample project with the built bundle into a
 * data folder of its own, opens the overview in Chromium and writes `docs/images/overview.png`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { serve } from '../core/node/cli/dashboard.ts';
import { DataFolder } from '../core/node/data-folder.ts';
import { Session } from '../core/node/engine/session.ts';
import { chromium } from '../test/support/requirements.ts';
import { inRoot } from './lib.mjs';
import { importProject } from './pictures/store.ts';

const PICTURE = inRoot('docs', 'images', 'overview.png');
/** As a reader of the README sees it: sharp on a dense screen, and everything still legible at half the width. */
const VIEW = {
  viewport: { width: 1280, height: 800 },
  deviceScaleFactor: 1.5,
  colorScheme: 'light',
} as const;

const { found, missing } = chromium();
if (!found || !existsSync(inRoot('dist', 'aibos.mjs'))) {
  console.error(missing ?? 'Run npm run build first.');
  process.exit(3);
}
const data = mkdtempSync(join(tmpdir(), 'aibos-screenshot-'));
try {
  importProject(data, inRoot('docs', 'sample-project'));
  await takePicture(found);
  console.log(relative(inRoot(), PICTURE));
} finally {
  rmSync(data, { recursive: true, force: true });
}

async function takePicture(executablePath: string): Promise<void> {
  const session = await Session.open(new DataFolder(data));
  const { url, close } = await serve(session, 0);
  const browser = await playwright.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage(VIEW);
    await page.goto(url);
    await page
      .getByRole('link', { name: /^Evidence:/ })
      .first()
      .waitFor();
    await page.getByRole('heading', { name: /^System health/ }).waitFor();
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
    await close();
    await session.close('screenshot taken');
  }
}
