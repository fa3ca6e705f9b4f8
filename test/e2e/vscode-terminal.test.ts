/**
 * A migration that is run in the terminal of a real VS Code, on a real PostgreSQL: it is recorded with its outcome, which
 * joins the prediction that was made when the file was saved, and counts in the accuracy.
 */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { startPostgres } from '../support/postgres.ts';
import { chromium, codeServer, needs, psql } from '../support/requirements.ts';
import { MIGRATION } from './editor-home.ts';
import { openEditor } from './editor-window.ts';

const NEXT = '0003_by_customer.sql';

test('a migration in the terminal', needs(chromium(), codeServer(), psql()), async (t) => {
  const url = await startPostgres(t);
  const { window, ask, step, picture, page } = await openEditor(t, (project) => {
    mkdirSync(join(project, '.vscode'));
    const task = {
      label: 'migrate',
      type: 'process',
      command: 'psql',
      args: [url, '-v', 'ON_ERROR_STOP=1', '-f', 'migrations/0001_customers.sql'],
      problemMatcher: [],
    };
    writeFileSync(join(project, 'migrations', NEXT), '');
    writeFileSync(
      join(project, '.vscode', 'tasks.json'),
      JSON.stringify({ version: '2.0.0', tasks: [task] }),
    );
  });

  /** Runs of migrations, oldest first, once there are as many. */
  async function runs(count: number): Promise<TelemetryEvent<'migration_execution'>[]> {
    for (let left = 120; ; left--) {
      const items = await ask(
        async (client) =>
          (await client.call('events.list', { source: 'vscode:terminal', order: 'oldest' })).items,
      );
      if (items.length >= count) return items as TelemetryEvent<'migration_execution'>[];
      assert.ok(left > 0, `${items.length} of ${count} runs were recorded`);
      await delay(500);
    }
  }

  await step('a run that goes well: start, duration, exit code, environment, no password', async () => {
    await window.status('AI-BOS: not recording');
    await window.answer('Record');
    await window.status('AI-BOS: recording');
    await window.openTerminal();
    await window.run(`psql ${url} -v ON_ERROR_STOP=1 -f migrations/0001_customers.sql`);
    const [run] = await runs(1);
    assert.equal(run?.data.outcome, 'succeeded');
    assert.equal(run?.data.exitCode, 0);
    assert.equal(run?.data.migration, '0001_customers');
    assert.equal(run?.data.file, 'migrations/0001_customers.sql');
    assert.equal(run?.data.tool, 'psql');
    assert.equal(run?.data.environment, 'development');
    assert.ok((run?.data.durationMs ?? 0) > 1, `took ${run?.data.durationMs} ms`);
    assert.match(String(run?.data.commandConfidence), /^(?:low|medium|high)$/);
    assert.ok(!JSON.stringify(run).includes('only-for-this-test'), JSON.stringify(run));
    await picture('terminal');
  });

  await step('what only speaks of migrations is no run', async () => {
    await window.run('echo prisma migrate deploy');
    await window.run(`psql ${url} -c "SELECT 1"`);
    await window.run(`psql ${url} -f migrations/${MIGRATION}`);
    const [, second] = await runs(2);
    assert.equal(second?.data.migration, '0002_orders');
    assert.equal((await runs(2)).length, 2);
  });

  await step('a prediction made on save is joined by the outcome of the terminal, and counts', async () => {
    await window.openFile(MIGRATION);
    await window.append('ALTER TABLE orders ADD COLUMN note text;\n');
    const predictions = () =>
      ask((client) => client.call('predictions.list', { file: `migrations/${MIGRATION}` }));
    await until(async () => (await predictions()).items.some(({ state }) => state === 'awaiting'));
    const before = await ask((client) => client.call('accuracy.get', {}));
    // The table is there already: it fails, which nobody predicted of these statements.
    await window.run(`psql ${url} -v ON_ERROR_STOP=1 -f migrations/${MIGRATION}`);
    const failed = (await runs(3)).at(-1);
    assert.equal(failed?.data.outcome, 'failed');
    assert.equal(failed?.data.exitCode, 3);
    assert.match(failed?.data.error?.message ?? '', /already exists/);
    await until(async () => (await predictions()).items.some(({ outcome }) => outcome?.outcome === 'failed'));
    const after = await ask((client) => client.call('accuracy.get', {}));
    assert.ok(
      after.resolved > before.resolved,
      `${before.resolved} resolved before, ${after.resolved} after`,
    );
    assert.ok(after.failure.resolved > before.failure.resolved);
  });

  await step('what went otherwise than predicted is asked about, once', async () => {
    const question = window.notification('What was the reason?');
    await window.showNotifications();
    await question.first().waitFor();
    assert.equal(await question.count(), 1);
    await picture('surprise');
    await question.getByRole('button', { name: 'Other Data' }).click();
    await window.showNotifications();
    await window
      .notification(/accuracy|learn/)
      .first()
      .waitFor();
    await picture('effect');
    const { items } = await ask((client) => client.call('feedback.list', {}));
    assert.equal(items[0]?.feedback, 'Other Data');
    await page.keyboard.press('Escape');
  });

  await step(
    'the hover has what the engine knows: reasons, basis, similar runs, how good it has been',
    async () => {
      await window.openFile(NEXT);
      await window.append('CREATE INDEX by_customer ON orders (customer_id);\n');
      const lens = page.locator('.codelens-decoration a', {
        hasText: /^SHARE on orders · no prediction yet/,
      });
      await lens.click();
      const hover = page.locator('.monaco-hover', { hasText: 'Rests on' });
      await hover.waitFor();
      const text = ((await hover.textContent()) ?? '').replace(/\s+/g, ' ');
      assert.match(text, /No prediction yet: nobody knows the size of orders\. With table statistics/);
      assert.match(text, /The models that learn here know \d+ of \d+ outcomes/);
      assert.match(text, /Locks ?SHARE on public\.orders: others can read, not write/);
      assert.match(text, /Rests on ?what the statement does to the schema before it/);
      assert.match(text, /Similar runs ?0002_orders: failed/);
      assert.match(text, /So far 1 prediction here has a known outcome; [\d.]+ % were right about failing/);
      await picture('hover');
      await page.keyboard.press('Escape');
    },
  );

  await step('a task runs a migration without a terminal of its own: it is recorded too, once', async () => {
    const before = (await runs(3)).length;
    await window.runTask('migrate');
    const all = await runs(before + 1);
    const run = all.at(-1);
    assert.equal(run?.data.migration, '0001_customers');
    // The table is there already.
    assert.equal(run?.data.outcome, 'failed');
    assert.equal(run?.data.exitCode, 3);
    assert.ok((run?.data.durationMs ?? 0) > 1, `took ${run?.data.durationMs} ms`);
    assert.ok(!JSON.stringify(run).includes('only-for-this-test'), JSON.stringify(run));
    await delay(2_000);
    assert.equal((await runs(before + 1)).length, before + 1);
    await picture('task');
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 120; !(await isSo()); left--) {
    assert.ok(left > 0, 'it did not come to be');
    await delay(500);
  }
}
