/** Reports, schema, governance and settings with the real engine behind them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DataFolder } from '../../core/node/data-folder.ts';
import { startServer, type TestServer } from '../support/engine.ts';
import { startPostgres } from '../support/postgres.ts';
import { chromium, needs } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temp.ts';
import { writeTree } from '../support/tree.ts';
import { recordHistory, withoutRetraining } from './data.ts';
import { openPages, suiteScope, textOf } from './pages.ts';

const AIBOS = fileURLToPath(new URL('../../core/node/cli/aibos.ts', import.meta.url));

describe('pages that keep things in order', needs(chromium()), () => {
  const scope = suiteScope();
  let server: TestServer;
  before(async () => {
    const folder = temporaryFolder(scope);
    writeTree(folder, {
      'shop/migrations/20250110120000_users.sql': 'CREATE TABLE users (id int PRIMARY KEY, full_name text);',
      'shop/migrations/20250410120000_orders.sql':
        'CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users);\nALTER TABLE users ADD COLUMN email text;',
    });
    const data = join(folder, 'data');
    const { status, stderr } = spawnSync(process.execPath, [AIBOS, 'import', join(folder, 'shop')], {
      env: { ...process.env, AIBOS_DATA_DIR: data, NO_COLOR: '1' },
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    server = await startServer(scope, new DataFolder(data));
    await withoutRetraining(server.client);
    await recordHistory(server.client, 60);
  });

  test('a report is read, narrowed to days, and saved as a page and as a file for the app', async () => {
    const { page, errors } = await openPages(server, '#/report');
    const migrations = page.getByRole('region', { name: 'Migrations', exact: true });
    await migrations.waitFor();
    assert.match(await textOf(migrations), /Migrations 62 Succeeded 56 Failed 6 \(9\.\d %\)/);
    for (const [format, name, begin] of [
      ['HTML', /^aibos-telemetry-.*\.html$/, /^<!doctype html>/i],
      ['AI-BOS file', /^aibos-telemetry-.*\.aibos-report$/, /^<!doctype html>/i],
      ['CSV', /^aibos-telemetry-.*\.csv$/, /^section,table,row,column,value/],
    ] as const) {
      await page.locator('.export .segments label', { hasText: format }).click();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export' }).click(),
      ]);
      assert.match(file.suggestedFilename(), name);
      assert.match(readFileSync(await file.path(), 'utf8'), begin);
    }
    await page.getByLabel('to', { exact: true }).fill('2025-12-31');
    await migrations.getByText('62', { exact: true }).waitFor({ state: 'detached' });
    assert.match(page.url(), /to=2025-12-31/);
    assert.match(await textOf(migrations), /Migrations 2 Succeeded 2 Failed 0/);
    assert.deepEqual(errors, []);
  });

  test('two periods are compared, and taken away with what differs', async () => {
    const { page, errors } = await openPages(server, '#/report?view=compare');
    await page.getByRole('table', { name: 'Figures of two periods' }).waitFor();
    await page.getByRole('button', { name: 'Last 90 days against those before' }).click();
    await page.locator('.export .segments label', { hasText: 'Markdown' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    const text = readFileSync(await file.path(), 'utf8');
    assert.match(text, /^# Telemetry report/);
    assert.match(text, /## Compared with the period before\n\nBeside \d+ \w+ 20\d\d to /);
    assert.deepEqual(errors, []);
  });

  test('a report that makes itself is listed, and its plan taken away again', async () => {
    await server.client.call('reports.schedule', {
      kind: 'health',
      format: 'aibos-report',
      every: 'week',
      folder: temporaryFolder(scope),
    });
    const { page, errors } = await openPages(server, '#/report?view=schedules');
    await page.getByText('System health as AI-BOS file, every week').waitFor();
    await page.getByRole('button', { name: /^Remove: System health/ }).click();
    await page.getByText('No report is scheduled yet').waitFor();
    assert.deepEqual((await server.client.call('reports.schedules', {})).items, []);
    assert.deepEqual(errors, []);
  });

  test('a schema: its versions, what the last one changed, a table, the diagram', async () => {
    const { page, errors } = await openPages(server, '#/schema');
    assert.match(
      await textOf(page.locator('.timeline')),
      /^0\.2\.0 20250410120000_orders Additive .* 0\.1\.0 /,
    );
    await page.getByRole('link', { name: 'What 20250410120000_orders changed' }).click();
    const differences = page.getByRole('table', { name: 'Differences' });
    await differences.waitFor();
    assert.match(await textOf(differences), /public\.users\.email/);
    assert.match(await textOf(page.locator('.sql')), /ADD COLUMN email text/);
    await page.getByRole('tab', { name: 'Tables' }).click();
    await page.getByRole('button', { name: 'public.users' }).click();
    assert.match(
      await textOf(page.getByRole('table', { name: 'Columns of public.users' })),
      /email text allowed/,
    );
    await page.getByRole('tab', { name: 'Diagram' }).click();
    await page.getByText('2 tables, 1 foreign key').waitFor();
    assert.deepEqual(errors, []);
  });

  test('a live database that was changed by hand is told from one whose migrations wait', async (t) => {
    const url = await startPostgres(t);
    const database = new pg.Client({ connectionString: url });
    await database.connect();
    await database.query('CREATE TABLE users (id int PRIMARY KEY, full_name text)');
    const { page, errors } = await openPages(server, '#/schema?view=drift');
    await page.getByLabel('Address of the database').fill(url);
    const compare = page.getByRole('button', { name: 'Compare', exact: true });
    await compare.click();
    const found = page.locator('.drift-result');
    await found.getByText(/^Run the 1.migration after 20250110120000_users/).waitFor();
    await database.query(`CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users);
      ALTER TABLE users ADD COLUMN email text; CREATE INDEX by_hand ON users (email)`);
    await database.end();
    await compare.click();
    await found.getByText('differs from what its migrations give (0.2.0) in 1 place.').waitFor();
    assert.match(await textOf(page.locator('.sql')), /CREATE INDEX by_hand ON public\.users/);
    await page.getByRole('link', { name: 'Open the recorded check' }).click();
    await page
      .getByRole('complementary', { name: 'Event' })
      .getByText('Index added: public.by_hand')
      .or(page.getByText(/by_hand/))
      .first()
      .waitFor();
    assert.doesNotMatch(await textOf(page.locator('.event-panel')), /postgres:\/\//);
    assert.deepEqual(errors, []);
  });

  test('what was changed is in the trail, and the trail holds', async () => {
    await server.client.call('settings.update', { retentionDays: 3_650 });
    const { page, errors } = await openPages(server, '#/governance?view=audit');
    const trail = page.getByRole('table', { name: 'Audit trail' });
    await trail.getByText('settings.update').first().waitFor();
    await page.getByText(/^Intact: \d+.entries/).waitFor();
    await page.getByLabel('About').selectOption({ label: 'Models' });
    await page.getByText('No entry fits').waitFor();
    await page.getByLabel('About').selectOption({ label: 'Settings' });
    await trail.getByText('settings.update').first().waitFor();
    assert.match(page.url(), /method=settings/);
    assert.deepEqual(errors, []);
  });

  test('a key is made, its secret shown once, and revoked after a second press; the engine refuses it then', async () => {
    const { page, errors } = await openPages(server, '#/settings?view=keys');
    await page.getByLabel('Name', { exact: true }).fill('build server');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const secret = await textOf(page.locator('.secret code'));
    const asked = async () =>
      (await fetch(`${server.base}/api/telemetry/stats`, { headers: { authorization: `Bearer ${secret}` } }))
        .status;
    assert.equal(await asked(), 200);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('button', { name: 'Revoke build server' }).click();
    await page.getByRole('button', { name: 'Revoke for good' }).click();
    await page.getByText(/Key build server is revoked/).waitFor();
    assert.equal(await asked(), 401);
    assert.deepEqual(errors, []);
  });

  test('what is stored about me is counted; erasing says how much, hides it at once, and is taken back', async () => {
    const { page, errors } = await openPages(server, '#/settings');
    await page.getByText('People and workspaces').waitFor();
    await page.getByLabel('Before (UTC)').fill('2025-12-31');
    await page.getByRole('button', { name: 'See how much that is' }).click();
    await page.getByRole('button', { name: /^Erase \d+\sevents/ }).click();
    await page.getByText(/events hidden, erased for good in a day/).waitFor();
    assert.equal((await server.client.call('migrations.list', {})).total, 60);
    await page.getByRole('button', { name: 'Take it back' }).click();
    await page.getByText('The erasure is taken back; everything is there again').waitFor();
    assert.equal((await server.client.call('migrations.list', {})).total, 62);
    assert.deepEqual(errors, []);
  });
});
