/**
 * What stands beside the SQL in a real VS Code: lenses, the prediction behind one, sizes, fixes, reasons to ignore, completion,
 * definitions, outline, folding, a table before and after.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import { openEditor } from './editor-window.ts';

const MIGRATION = '0003_risk.sql';
const LONG = '0004_long.sql';
const LONG_TEXT = `-- What is billed,
-- and to whom.
CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  order_id bigint NOT NULL
);
`;
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
  const { window, page, step, picture } = await openEditor(t, (project) => {
    writeFileSync(join(project, 'migrations', MIGRATION), TEXT);
    writeFileSync(join(project, 'migrations', LONG), LONG_TEXT);
    mkdirSync(join(project, 'knex', 'migrations'), { recursive: true });
    writeFileSync(join(project, 'knex', 'migrations', SCRIPT), KNEX);
    writeFileSync(join(project, 'knex', 'package.json'), '{"dependencies": {"knex": "3", "pg": "8"}}');
    mkdirSync(join(project, 'prisma'));
    writeFileSync(join(project, 'prisma', 'schema.prisma'), PRISMA);
    const data = join(dirname(project), 'data');
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, 'statistics.json'), JSON.stringify(STATISTICS));
  });
  const line = (text: RegExp) => page.locator('.view-line', { hasText: text });
  /** Opens the list of fixes at the cursor, and takes one. */
  const fix = async (words: string) => {
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget .monaco-list-row', { hasText: words }).first().click();
  };

  await step('a lens says what it locks and how long, and leads to the prediction in full', async () => {
    await window.openFile(MIGRATION);
    const lens = page.locator('.codelens-decoration a', { hasText: /SHARE on orders · ~/ });
    await lens.waitFor();
    await lens.click();
    const hover = page.locator('.monaco-hover', { hasText: 'others can read, not write' });
    await hover.waitFor();
    assert.match((await hover.textContent()) ?? '', /public\.orders \(120k rows, 32 MB\)/);
    await page.keyboard.press('Escape');
  });

  await step('the size of a table stands behind its name', async () => {
    await line(/ON\sorders\s*120k\srows,\s32\sMB/).waitFor();
  });

  await step(
    'a finding is ignored with a reason: the comment is there, the finding goes with the reason',
    async () => {
      await page.locator('.squiggly-warning').first().waitFor();
      await window.goTo(1, 3);
      await fix('Ignore index-not-concurrent in this statement, and say why');
      await line(/--\saibos-ignore\sindex-not-concurrent:/).waitFor();
      // Without a reason it ignores nothing, and says so.
      await page.locator('.squiggly-warning').first().waitFor();
      await window.atColumn(39);
      await page.keyboard.type('nobody writes at night');
      await line(/aibos-ignore\sindex-not-concurrent:\snobody\swrites\sat\snight/).waitFor();
      await page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
      await picture('language-ignored');
      await page.keyboard.press('Control+A');
      await page.keyboard.type(TEXT);
      await page.locator('.squiggly-warning').first().waitFor();
    },
  );

  await step('a rule is explained, with its reasons and the safe form', async () => {
    await window.goTo(1, 3);
    await fix('Explain index-not-concurrent');
    await page.locator('.tab.active', { hasText: 'index-not-concurrent' }).waitFor();
    await window.dashboard.getByRole('heading', { name: 'Index built while writes wait' }).waitFor();
    await picture('language-explained');
    await window.openFile(MIGRATION);
  });

  await step('a finding has its safe form as a fix', async () => {
    await page.locator('.squiggly-warning').first().waitFor();
    await window.goTo(1, 3);
    await fix('Rewrite in the safe form');
    await line(/CREATE\sINDEX\sCONCURRENTLY/).waitFor();
    await picture('language-fixed');
  });

  await step('columns of the migrations before are completed', async () => {
    await page.keyboard.press('Control+End');
    await page.keyboard.type('ALTER TABLE orders DROP COLUMN cust');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget .monaco-list-row.focused', { hasText: 'customer_id' }).waitFor();
    await picture('language-completion');
    await page.keyboard.press('Enter');
    await line(/DROP\sCOLUMN\scustomer_id/).waitFor();
    await page.keyboard.type(';');
    await page.keyboard.press('Control+S');
  });

  await step('a table before and after a statement, from the palette, side by side', async () => {
    await window.command('AI-BOS: Compare Table Before and After');
    await page.locator('.tab.active', { hasText: 'public.orders: before and after line' }).waitFor();
    await page.locator('.editor.original .view-line', { hasText: 'customer_id' }).first().waitFor();
    await page.locator('.editor.original .line-delete, .editor.original .char-delete').first().waitFor();
    assert.equal(
      await page.locator('.editor.modified .view-line', { hasText: /customer_id\sbigint/ }).count(),
      0,
    );
    await picture('language-compare');
    await page.keyboard.press('Control+F4');
  });

  await step('a table is found where a migration made it', async () => {
    await window.openFile(MIGRATION);
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Home');
    for (let words = 0; words < 2; words++) await page.keyboard.press('Control+ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('F12');
    await page.locator('.tab.active', { hasText: '0002_orders.sql' }).waitFor();
  });

  await step('the outline names tables and columns, and so do the breadcrumbs', async () => {
    await window.openFile(LONG);
    await page.keyboard.press('Control+Shift+O');
    const symbol = (name: string) => page.locator('.quick-input-list .monaco-list-row', { hasText: name });
    await symbol('invoices').first().waitFor();
    await symbol('order_id').first().waitFor();
    await picture('language-symbols');
    await page.keyboard.press('Escape');
    await window.goTo(5, 4);
    await page.locator('.monaco-breadcrumb-item', { hasText: 'invoices' }).waitFor();
    await page.locator('.monaco-breadcrumb-item', { hasText: 'order_id' }).waitFor();
  });

  await step('statements and comments fold, by keyboard', async () => {
    await window.goTo(3, 1);
    await page.keyboard.press('Control+Shift+[');
    await line(/order_id/).waitFor({ state: 'detached' });
    await line(/CREATE\sTABLE\sinvoices/).waitFor();
    await window.goTo(1, 1);
    await page.keyboard.press('Control+Shift+[');
    await line(/and\sto\swhom/).waitFor({ state: 'detached' });
    await picture('language-folded');
    await window.command('Unfold All');
    await line(/order_id/).waitFor();
  });

  await step('a migration of Knex and schema.prisma get what can be known', async () => {
    await window.openFile(SCRIPT);
    await page
      .locator('.codelens-decoration a', { hasText: /blocks|ACCESS EXCLUSIVE/ })
      .first()
      .waitFor();
    await picture('language-knex');
    await window.openFile('schema.prisma');
    await page.locator('.squiggly-warning, .squiggly-error, .squiggly-info').first().waitFor();
    await picture('language-prisma');
  });
});
