/** What stands beside the SQL in a real VS Code: lenses, the prediction behind one, sizes, fixes, completion. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPage } from '../support/browser.ts';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import { startCodeServer } from './code-server.ts';
import { Workbench } from './workbench.ts';

const MIGRATION = '0003_risk.sql';
const SCRIPT = '20260101000000_total.js';
const KNEX = `exports.up = (knex) => knex.schema.alterTable('orders', (table) => {
  table.dropColumn('customer_id');
});
`;
const PRISMA = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
model Person {
  id Int @id
  name Strin
}
`;
const TEXT = 'CREATE INDEX by_customer ON orders (customer_id);\n';
const STATISTICS = {
  version: 1,
  dialect: 'postgres',
  serverVersion: '18.0',
  tables: [{ relation: 'public.orders', rows: 120_000, bytes: 33_554_432, indexBytes: 0, columns: [] }],
};

test('predictions beside the SQL in VS Code', needs(chromium(), codeServer()), async (t) => {
  const server = await startCodeServer(t);
  const project = new URL(server.address).searchParams.get('folder') ?? '';
  writeFileSync(join(project, 'migrations', MIGRATION), TEXT);
  mkdirSync(join(project, 'knex', 'migrations'), { recursive: true });
  writeFileSync(join(project, 'knex', 'migrations', SCRIPT), KNEX);
  writeFileSync(join(project, 'knex', 'package.json'), '{"dependencies": {"knex": "3", "pg": "8"}}');
  mkdirSync(join(project, 'prisma'));
  writeFileSync(join(project, 'prisma', 'schema.prisma'), PRISMA);
  mkdirSync(server.dataFolder, { recursive: true });
  writeFileSync(join(server.dataFolder, 'statistics.json'), JSON.stringify(STATISTICS));
  const { page } = await openPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(server.address);
  const window = await Workbench.in(page);
  await window.openFile(MIGRATION);

  await t.test('a lens says what it locks and how long, and leads to the prediction in full', async () => {
    const lens = page.locator('.codelens-decoration a', { hasText: /SHARE on orders · ~/ });
    await lens.waitFor();
    await lens.click();
    const hover = page.locator('.monaco-hover', { hasText: 'others can read, not write' });
    await hover.waitFor();
    assert.match((await hover.textContent()) ?? '', /public\.orders \(120k rows, 32 MB\)/);
    await page.keyboard.press('Escape');
  });

  await t.test('the size of a table stands behind its name', async () => {
    await page.locator('.view-line', { hasText: /ON\sorders\s*120k\srows,\s32\sMB/ }).waitFor();
  });

  await t.test('a finding has its safe form as a fix', async () => {
    await page.locator('.squiggly-warning').first().waitFor();
    await page.keyboard.press('Control+Home');
    for (let words = 0; words < 3; words++) await page.keyboard.press('Control+ArrowRight');
    await page.keyboard.press('Control+.');
    await page
      .locator('.action-widget .monaco-list-row', { hasText: 'Rewrite in the safe form' })
      .first()
      .click();
    await page.locator('.view-line', { hasText: /CREATE\sINDEX\sCONCURRENTLY/ }).waitFor();
  });

  await t.test('columns of the migrations before are completed', async () => {
    await page.keyboard.press('Control+End');
    await page.keyboard.type('ALTER TABLE orders DROP COLUMN cust');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget .monaco-list-row.focused', { hasText: 'customer_id' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: /DROP\sCOLUMN\scustomer_id/ }).waitFor();
  });

  await t.test('a table is found where a migration made it', async () => {
    await window.openFile(MIGRATION);
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Home');
    for (let words = 0; words < 2; words++) await page.keyboard.press('Control+ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('F12');
    await page.locator('.tab.active', { hasText: '0002_orders.sql' }).waitFor();
  });

  await t.test('a migration of Knex and schema.prisma get what can be known', async () => {
    await window.openFile(SCRIPT);
    await page
      .locator('.codelens-decoration a', { hasText: /blocks|ACCESS EXCLUSIVE/ })
      .first()
      .waitFor();
    await window.openFile('schema.prisma');
    await page.locator('.squiggly-warning, .squiggly-error, .squiggly-info').first().waitFor();
  });
});
