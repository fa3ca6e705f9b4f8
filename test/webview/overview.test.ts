import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startServer, type TestServer } from '../support/engine.ts';
import { chromium, needs } from '../support/requirements.ts';
import { BILLING, type History, recordHistory } from './data.ts';
import { openPages, suiteScope, textOf } from './pages.ts';

describe('overview and report', needs(chromium()), () => {
  const scope = suiteScope();
  let server: TestServer;
  let recorded: History;
  before(async () => {
    server = await startServer(scope);
    recorded = await recordHistory(server.client, 60);
  });

  test('figures, engines, charts and tables say what was recorded', async () => {
    const { page, errors } = await openPages(server);
    const tile = (name: string) => page.getByLabel('Key figures').getByRole('link', { name });
    await tile('Migrations').waitFor();
    assert.match(await textOf(tile('Migrations')), /Migrations\s+60\s+54 succeeded/);
    assert.match(await textOf(tile('Failed')), /6\s+10\s% of 60 with an outcome/);
    assert.match(await textOf(tile('Median duration')), /ms\s+95th percentile \d+\sms/);
    assert.match(await textOf(tile('Failure predictions')), /90\s%\s+right, of 60\soutcomes/);
    assert.match(
      await textOf(page.getByRole('heading', { name: /System health/ })),
      /all engines are in order/,
    );
    assert.equal(await page.locator('.engine').count(), 6);
    for (const name of ['Migrations and failures', 'Duration of migrations'])
      assert.ok(await page.getByRole('img', { name: new RegExp(`^${name}\\.`) }).isVisible(), name);
    await page.getByRole('button', { name: 'Show as table: Migrations and failures' }).click();
    const rows = page.getByRole('figure', { name: 'Migrations and failures' }).getByRole('row');
    assert.match(await textOf(rows.nth(1)), /\d{4}-\d{2}-\d{2}\s+1\s+0/);
    assert.ok(await page.getByRole('rowheader', { name: 'Set not null' }).isVisible());
    assert.ok(await page.getByRole('rowheader', { name: 'public.customers' }).isVisible());
    assert.deepEqual(errors, []);
  });

  test('an insight opens its evidence: exactly the events that it names', async () => {
    const { page, errors } = await openPages(server);
    await page.getByRole('link', { name: /Evidence: 6 of 60 migrations failed/ }).click();
    await page.getByText('6 events', { exact: false }).first().waitFor();
    const rows = page.getByRole('list', { name: 'Events' }).getByRole('listitem');
    assert.equal(await rows.count(), 6);
    assert.match(await textOf(rows.first()), new RegExp(recorded.failed.at(-1) ?? ''));
    await page.getByRole('link', { name: 'All events with its filter' }).click();
    assert.match(page.url(), /type=migration_execution&status=error/);
    await page.getByText('All 6 events').waitFor();
    assert.deepEqual(errors, []);
  });

  test('workspace and time range narrow every figure, stand in the address and survive a reload', async () => {
    const { page, errors } = await openPages(server);
    const migrations = page.getByLabel('Key figures').getByRole('link', { name: 'Migrations' });
    await page.getByLabel('Workspace').selectOption({ label: 'billing' });
    await page.getByText('20', { exact: true }).first().waitFor();
    await page.getByRole('radio', { name: '7 d' }).check();
    await page.waitForFunction(
      () =>
        /^Migrations\s+[23]\s/.test(document.querySelector('.tile')?.textContent ?? '') ||
        /Migrations[23]/.test(document.querySelector('.tile')?.textContent ?? ''),
    );
    const said = await textOf(migrations);
    assert.match(page.url(), new RegExp(`workspace=${BILLING}&range=7d`));
    await page.reload();
    await migrations.waitFor();
    assert.equal(await textOf(migrations), said);
    await page.getByRole('link', { name: 'Reports', exact: true }).click();
    await page.getByText(/^billing, /).waitFor();
    assert.match(page.url(), new RegExp(`#/report\\?workspace=${BILLING}&range=7d`));
    assert.deepEqual(errors, []);
  });

  test('what is recorded meanwhile appears without a reload', async () => {
    const { page } = await openPages(server);
    const events = page.getByLabel('Key figures').getByRole('link', { name: 'Events' });
    await events.waitFor();
    const before = await textOf(events);
    await server.client.call('events.record', {
      type: 'error_occurrence',
      source: 'test',
      data: { message: 'one more' },
    });
    await page.waitForFunction(
      (text) => document.querySelector('.tile:nth-child(4)')?.textContent !== text,
      before.replace(/\n/g, ''),
      { timeout: 8_000 },
    );
  });

  test('the report has every part and can be taken away as Markdown and JSON', async () => {
    const { page, errors } = await openPages(server, '#/report');
    await page.getByRole('heading', { name: 'Model performance' }).waitFor();
    for (const name of [
      'Insights',
      'Recommendations',
      'Predictions',
      'Trends',
      'Patterns',
      'Anomalies',
      'System health',
    ])
      assert.ok(await page.getByRole('heading', { name, exact: true }).isVisible(), name);
    assert.match(await textOf(page.getByText('Chance that the next migration fails')), /\d\s%/);
    const take = async (format: string) => {
      await page.locator('.export .segments label', { hasText: format }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Export' }).click(),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      return { name: download.suggestedFilename(), text: Buffer.concat(chunks).toString() };
    };
    const markdown = await take('Markdown');
    assert.match(markdown.name, /telemetry.*\.md$/);
    assert.match(markdown.text, /\*\*Migrations\*\*: 60 \(54 succeeded/);
    assert.match(markdown.text, /\*\*Failed\*\*: 6 \(10 % of all\)/);
    const json = await take('JSON');
    assert.match(json.text, /"failed":\s*6\b/);
    JSON.parse(json.text);
    assert.deepEqual(errors, []);
  });

  test('an engine that is in trouble heads the overview', async () => {
    await server.client.call('events.record', {
      type: 'performance_metric',
      source: 'engine:ai-service',
      data: { operation: 'predict', durationMs: 1, success: false },
    });
    const { page, errors } = await openPages(server);
    await page.getByRole('heading', { name: 'System health: degraded (AI service)' }).waitFor();
    await page.getByText('Degraded: 1 operation in 24 hours, 1 failed').waitFor();
    assert.deepEqual(errors, []);
  });

  test('an empty engine says what to do, on every page', async (t) => {
    const empty = await startServer(t);
    const { page, errors } = await openPages(empty);
    await page.getByText('No migrations are recorded yet').waitFor();
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.getByText('No events are recorded yet').waitFor();
    await page.getByRole('link', { name: 'Reports', exact: true }).click();
    await page.getByText('No predictions yet').waitFor();
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByText('Not enough data: 0 of 40 migrations with a known duration.').waitFor();
    assert.deepEqual(errors, []);
  });
});
