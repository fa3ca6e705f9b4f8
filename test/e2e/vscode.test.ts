/** The extension in a real VS Code, from the first question to the restored dashboard. One window, step after step. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import { MIGRATION } from './editor-home.ts';
import { openEditor } from './editor-window.ts';

test('the extension in VS Code', needs(chromium(), codeServer()), async (t) => {
  const { window, page, ask, step, picture, home } = await openEditor(t);

  const recorded = () =>
    ask(async (client) => {
      const { items } = await client.call('events.list', {
        source: 'vscode',
        type: ['schema_operation', 'error_occurrence'],
        order: 'oldest',
      });
      return items.map(({ data }) => `${data.operation ?? data.code} ${data.file}:${data.line}`);
    });

  await step('it activates by itself and asks; unanswered, nothing is recorded', async () => {
    await window.status('AI-BOS: not recording');
    await window.openFile(MIGRATION);
    await window.append('ALTER TABLE orders ADD COLUMN note text;\n');
    await window.status('AI-BOS: not recording');
    assert.deepEqual(await recorded(), []);
  });

  await step('answered with Record, by keyboard alone, it says so and records what is saved', async () => {
    await window.answer('Record');
    await window.status('AI-BOS: recording');
    await window.openFile(MIGRATION);
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

  await step('broken SQL is counted and does no harm', async () => {
    await window.append('ALTER TABEL orders;\n');
    await window.status('AI-BOS: 3 today');
    assert.equal((await recorded()).at(-1), 'sql-syntax migrations/0002_orders.sql:7');
  });

  await step('the palette offers what applies', async () => {
    const offered = await window.offered('AI-BOS: ');
    assert.ok(offered.includes('AI-BOS: Pause Recording'), offered.join());
    assert.ok(!offered.includes('AI-BOS: Resume Recording'), offered.join());
    assert.ok(!offered.includes('AI-BOS: Restart Engine'), offered.join());
  });

  await step('the dashboard opens and shows the events, by keyboard alone', async () => {
    await window.command('AI-BOS: Open Dashboard');
    await window.followLink('Events');
    await window.dashboard.getByText('syntax error at or near "TABEL"').first().waitFor();
    await window.dashboard.getByText('public.orders').first().waitFor();
  });

  await step('an engine that is killed comes back, and the dashboard with it', async () => {
    const { processId } = await ask((client) => client.call('health.get', {}));
    process.kill(processId, 'SIGKILL');
    await window.notification('stopped unexpectedly').waitFor();
    await window.status('AI-BOS: 3 today');
    const now = await ask((client) => client.call('health.get', {}));
    assert.notEqual(now.processId, processId);
    await window.openFile(MIGRATION);
    await window.append('DROP TABLE customers;\n');
    // What the shadow says against it is counted too, a little later.
    await window.status(/AI-BOS: [45] today/);
    assert.ok((await recorded()).includes('drop_table migrations/0002_orders.sql:8'));
    await window.pressStatus();
    await window.dashboard.getByText('public.customers').first().waitFor();
  });

  await step('the dashboard is there again after a reload of the window, where it was', async () => {
    await window.reload();
    await window.status(/AI-BOS: [45] today/);
    await window.dashboard.getByRole('heading', { name: 'Events' }).waitFor();
    await window.dashboard.getByText('public.customers').first().waitFor();
  });

  await step('paused, nothing is recorded, and what was done meanwhile stays unrecorded', async () => {
    await window.command('AI-BOS: Pause Recording');
    await window.status('AI-BOS: paused');
    await window.openFile(MIGRATION);
    await window.append('DROP TABLE one;\n');
    await window.command('AI-BOS: Resume Recording');
    await window.status(/AI-BOS: [45] today/);
    await window.append('DROP TABLE two;\n');
    // The errors that stand in the file are counted too, a little later.
    await window.status(/AI-BOS: [5-9] today/);
    const dropped = (await recorded()).filter((what) => what.startsWith('drop_table'));
    assert.deepEqual(dropped, [
      'drop_table migrations/0002_orders.sql:8',
      'drop_table migrations/0002_orders.sql:10',
    ]);
  });

  await step('an import says what came of it, and shows its summary', async () => {
    await window.command('AI-BOS: Import This Workspace');
    const said = window.notification('2 new migrations imported from shop, 1 failed');
    await said.getByRole('button', { name: 'Show Summary' }).click();
    await page.locator('.tab.active', { hasText: 'shop import.txt' }).waitFor();
    await page.locator('.view-line', { hasText: '1 of 2 applied, 1 failed' }).waitFor();
  });

  await step('a second import finds nothing new', async () => {
    await window.command('AI-BOS: Import This Workspace');
    await window.notification('Nothing new to import from shop').waitFor();
  });

  await step(
    'use of commands, errors that stand in a file, and how the engine does are recorded too',
    async () => {
      const from = (source: string) =>
        ask(async (client) => (await client.call('events.list', { source, limit: 200 })).items);
      const commands = (await from('vscode:commands')).map(({ data }) => data.action);
      assert.ok(commands.includes('aibos.openDashboard'), commands.join());
      assert.ok(commands.includes('aibos.importWorkspace'), commands.join());
      const errors = (await from('vscode:diagnostics')).map(({ data }) => `${data.component} ${data.file}`);
      assert.ok(errors.includes(`AI-BOS shadow migrations/${MIGRATION}`), errors.join());
      const health = (await from('vscode:host')).map(({ data }) => `${data.component} ${data.state}`);
      assert.ok(health.includes('engine starting'), health.join());
      assert.ok(health.includes('engine ok'), health.join());
    },
  );

  await step(
    'a link from outside opens an event in its file, a model and one report in the dashboard',
    async () => {
      const [event] = await ask(
        async (client) =>
          (await client.call('events.list', { source: 'vscode', type: ['schema_operation'] })).items,
      );
      await window.openLink(`event/${event?.id}`);
      await page.locator('.tab.active', { hasText: MIGRATION }).waitFor();
      await page.locator('.statusbar-item', { hasText: `Ln ${event?.data.line},` }).waitFor();
      await window.openLink('model/error-prediction');
      await window.dashboard.getByRole('heading', { name: 'Error prediction' }).first().waitFor();
      await window.openLink('report/2026-11-01..2026-11-07');
      await window.dashboard.getByText('2026-11-01 to 2026-11-07').first().waitFor();
      await picture('link-report');
      await window.openLink('erase/everything');
      await window.notification('this link leads nowhere').waitFor();
    },
  );

  await step('nothing is left behind when the extension ends', async (context) => {
    // Its list lies over the window until that is loaded again.
    context.diagnostic(`activated in ${await window.activationMs()} ms`);
    await window.reload();
    await window.status(/AI-BOS: \d+ today/);
    const said = () => logsOf(home, 'AI-BOS Telemetry');
    await until(async () => said().includes('Everything was let go of.'));
    assert.doesNotMatch(said(), /Not let go of/);
  });

  await step('no error was shown', async () => {
    await window.showNotifications();
    assert.equal(await page.locator('.notification-list-item .codicon-error').count(), 0);
    await page.keyboard.press('Escape');
  });

  await step('the walkthrough shows each step with its picture', async () => {
    // Pictures have room only in a wide window.
    await page.setViewportSize({ width: 1700, height: 900 });
    await window.command('AI-BOS: Get Started');
    for (const title of ['Record your schema changes', 'Say what really happened', 'Stay in control']) {
      await page.locator('.getting-started-step', { hasText: title }).click();
      await page.locator('.getting-started-media .webview').first().waitFor({ state: 'attached' });
    }
    await picture('walkthrough');
  });
});

/** Everything that was written to a log of the editor, by its sessions. */
function logsOf(home: string, name: string): string {
  const files = globSync(`**/*${name}*.log`, { cwd: home });
  return files.map((file) => readFileSync(join(home, file), 'utf8')).join('\n');
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 60; !(await isSo()); left--) {
    assert.ok(left > 0, 'it did not come to be');
    await delay(500);
  }
}
