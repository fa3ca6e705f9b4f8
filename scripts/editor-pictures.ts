/**
 * `npm run pictures:editor`: makes the pictures of the extension's README anew. Imports the sample project, opens it in a
 * real VS Code with the packaged extension, writes the next migration as a person would, and writes `docs/images/editor-*.png`.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { startCodeServer } from '../test/e2e/code-server.ts';
import { Workbench } from '../test/e2e/workbench.ts';
import { chromium } from '../test/support/requirements.ts';
import { inRoot } from './lib.mjs';
import { importProject } from './pictures/store.ts';

/** Sharp on a dense screen, and legible at half the width. */
const VIEW = { viewport: { width: 1280, height: 720 }, deviceScaleFactor: 1.5 };

const NEXT = '20260615100000_unique_phone.sql';
const SQL = [
  '-- A phone number is one account, from now on.',
  'ALTER TABLE customers ADD CONSTRAINT one_account UNIQUE (phone);',
  'CREATE INDEX orders_by_status ON orders (status);',
  'ALTER TABLE orders ADD COLUMN wrapped boolean NOT NULL DEFAULT false;',
  '',
].join('\n');

const table = (name: string, rows: number, bytes: number, columns: object[] = []) => ({
  relation: `public.${name}`,
  rows,
  bytes,
  indexBytes: bytes / 4,
  columns,
});
/** What `aibos stats export` would tell of the shop after some years. */
const STATISTICS = {
  version: 1,
  dialect: 'postgres',
  serverVersion: '18.0',
  tables: [
    table('customers', 1_400_000, 210_000_000, [
      { name: 'phone', nullFraction: 0.2, distinct: -0.97, avgWidth: 13 },
    ]),
    table('orders', 9_600_000, 890_000_000),
  ],
};

const { found, missing } = chromium();
if (!found) {
  console.error(missing);
  process.exit(3);
}
const endings: (() => void | Promise<void>)[] = [];
try {
  await takePictures(found);
} finally {
  for (const end of endings.reverse()) await end();
}

async function takePictures(executablePath: string): Promise<void> {
  const { address, project, dataFolder } = await startCodeServer(
    { after: (work) => void endings.push(work) },
    { 'aibos.record.enabled': true, 'editor.minimap.enabled': false },
  );
  rmSync(project, { recursive: true });
  cpSync(inRoot('docs', 'sample-project'), project, { recursive: true });
  importProject(dataFolder, project);
  writeFileSync(join(project, 'migrations', NEXT), '');
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(join(dataFolder, 'statistics.json'), JSON.stringify(STATISTICS));

  const browser = await playwright.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  endings.push(() => browser.close());
  const page = await browser.newPage(VIEW);
  await page.goto(address);
  const window = await Workbench.in(page);
  const picture = async (name: string) => {
    const path = inRoot('docs', 'images', `editor-${name}.png`);
    await page.screenshot({ path });
    console.log(relative(inRoot(), path));
  };

  await window.status(/AI-BOS: (?:recording|\d+ today)/);
  await window.openViews();
  await window.row(/subscription_price/).waitFor();
  await window.openFile(NEXT);
  await window.append(SQL);
  await window.row(/unique_phone, line 2/).waitFor();
  await window.goTo(2, 2);
  const lens = page.locator('.codelens-decoration a', { hasText: /may fail: duplicates in phone/ });
  await lens.click();
  await page.locator('.monaco-hover', { hasText: 'duplicates in phone' }).waitFor();
  await picture('prediction');
  await page.keyboard.press('Escape');

  await window.row(/subscription_price/).click();
  await page.locator('.editor.modified .view-line', { hasText: 'price' }).first().waitFor();
  await picture('schema');

  await window.command('AI-BOS: Open Dashboard');
  await window.dashboard.getByRole('heading', { name: 'Overview' }).waitFor();
  await window.dashboard
    .getByRole('link', { name: /^Evidence:/ })
    .first()
    .waitFor();
  await picture('dashboard');
}
