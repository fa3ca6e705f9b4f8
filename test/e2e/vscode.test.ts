/** The extension in a real VS Code, from the first question to the restored dashboard. One window, step after step. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import { startCodeServer } from './code-server.ts';
import { Workbench } from './workbench.ts';

const PROJECT = fileURLToPath(new URL('fixtures/shop', import.meta.url));
const FILE = '0002_orders.sql';

test('the extension in VS Code', needs(chromium(), codeServer()), async (t) => {
  const server = await startCodeServer(t, PROJECT);
  const window = await Workbench.open(server);

  /** Asks the engine that the editor hosts, as another process on this machine. */
  async function ask<T>(work: (client: TelemetryClient) => Promise<T>): Promise<T> {
    const session = await Session.open(new DataFolder(server.dataFolder));
    try {
      assert.equal(session.isOwner, false, 'the editor hosts the engine');
      return await work(session.client());
    } finally {
      await session.close();
    }
  }

  const recorded = () =>
    ask(async (client) => {
      const { items } = await client.call('events.list', { source: 'vscode', order: 'oldest' });
      return items.map(({ data }) => `${data.operation ?? data.code} ${data.file}:${data.line}`);
    });

  await t.test('it activates by itself and asks; unanswered, nothing is recorded', async () => {
    await window.status('AI-BOS: not recording');
    await window.openFile(FILE);
    await window.append('ALTER TABLE orders ADD COLUMN note text;\n');
    await window.status('AI-BOS: not recording');
    assert.deepEqual(await recorded(), []);
  });

  await t.test('answered with Record, it says so and records what is saved', async () => {
    await window.showNotifications();
    await window.notification('Record your schema changes?').getByRole('button', { name: 'Record' }).click();
    await window.status('AI-BOS: recording');
    await window.openFile(FILE);
    await window.append('ALTER TABLE orders ADD COLUMN placed_at timestamptz;\n');
    await window.status('AI-BOS: 2 today');
    assert.deepEqual(await recorded(), [
      'add_column migrations/0002_orders.sql:5',
      'add_column migrations/0002_orders.sql:6',
    ]);
    const tooltip = await window.tooltip();
    assert.match(tooltip, /2 schema changes/);
    assert.match(tooltip, /add_column on public\.orders in migrations\/0002_orders\.sql:6/);
    assert.match(tooltip, /running in this window/);
  });

  await t.test('broken SQL is counted and does no harm', async () => {
    await window.append('ALTER TABEL orders;\n');
    await window.status('AI-BOS: 3 today');
    assert.equal((await recorded()).at(-1), 'sql-syntax migrations/0002_orders.sql:7');
  });

  await t.test('the palette offers what applies', async () => {
    const offered = await window.offered('AI-BOS: ');
    assert.ok(offered.includes('AI-BOS: Pause Recording'), offered.join());
    assert.ok(!offered.includes('AI-BOS: Resume Recording'), offered.join());
    assert.ok(!offered.includes('AI-BOS: Restart Engine'), offered.join());
  });

  await t.test('the dashboard opens and shows the events', async () => {
    await window.command('AI-BOS: Open Dashboard');
    await window.dashboard.getByRole('link', { name: 'Events', exact: true }).click();
    await window.dashboard.getByText('syntax error at or near "TABEL"').first().waitFor();
    await window.dashboard.getByText('public.orders').first().waitFor();
  });

  await t.test('an engine that is killed comes back, and the dashboard with it', async () => {
    const { processId } = await ask((client) => client.call('health.get', {}));
    process.kill(processId, 'SIGKILL');
    await window.notification('stopped unexpectedly').waitFor();
    await window.status('AI-BOS: 3 today');
    const now = await ask((client) => client.call('health.get', {}));
    assert.notEqual(now.processId, processId);
    await window.openFile(FILE);
    await window.append('DROP TABLE customers;\n');
    await window.status('AI-BOS: 4 today');
    assert.equal((await recorded()).at(-1), 'drop_table migrations/0002_orders.sql:8');
    await window.command('AI-BOS: Open Dashboard');
    await window.dashboard.getByText('public.customers').first().waitFor();
  });

  await t.test('the dashboard is there again after a reload of the window, where it was', async () => {
    await window.reload();
    await window.status('AI-BOS: 4 today');
    await window.dashboard.getByRole('heading', { name: 'Events' }).waitFor();
    await window.dashboard.getByText('public.customers').first().waitFor();
  });

  await t.test('paused, nothing is recorded, and what was done meanwhile stays unrecorded', async () => {
    await window.command('AI-BOS: Pause Recording');
    await window.status('AI-BOS: paused');
    await window.openFile(FILE);
    await window.append('DROP TABLE one;\n');
    await window.command('AI-BOS: Resume Recording');
    await window.status('AI-BOS: 4 today');
    await window.append('DROP TABLE two;\n');
    await window.status('AI-BOS: 5 today');
    assert.deepEqual((await recorded()).slice(4), ['drop_table migrations/0002_orders.sql:10']);
  });

  await t.test('an import reports what came of it', async () => {
    await window.command('AI-BOS: Import This Workspace');
    await window.notification('2 new migrations imported from shop, 1 failed').waitFor();
    await window.page
      .locator('.output-view-content, .part.panel')
      .getByText('1 of 2 applied')
      .first()
      .waitFor();
  });

  await t.test('no error was shown', async (step) => {
    await window.showNotifications();
    assert.equal(await window.page.locator('.notification-list-item .codicon-error').count(), 0);
    await window.page.keyboard.press('Escape');
    step.diagnostic(`activated in ${await window.activationMs()} ms`);
  });
});
