/**
 * Alerts in a real VS Code, by keyboard: each kind that can be provoked, its evidence, snoozed, muted and heard again. Before
 * them what must not be recorded: excluded folders, and secrets, which are an alert and nowhere in the store.
 */
import assert from 'node:assert/strict';
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import type { EventInput } from '../../core/contract/event.ts';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import { MIGRATION } from './editor-home.ts';
import { openEditor } from './editor-window.ts';

const PRIVATE = '0001_payroll.sql';
const SECRET = 'correct-horse-battery';
/** The first bytes of what is compressed. */
const ZSTANDARD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const MINUTE = 60_000;

/** Runs, checks and judgements that are each worth an alert of another kind, told by another program in this workspace. */
function troubles(workspace: string, now: number): EventInput[] {
  const at = (minutes: number) => new Date(now - minutes * MINUTE).toISOString();
  const common = (minutes: number) => ({ source: 'ci', timestamp: at(minutes), metadata: { workspace } });
  const run = (minutes: number, durationMs: number, outcome: 'succeeded' | 'failed', name = 'nightly') => ({
    ...common(minutes),
    type: 'migration_execution' as const,
    data: { migration: name, outcome, durationMs },
  });
  const usual = Array.from({ length: 60 }, (_, i) => run(600 - i, 1_000 + (i % 7) * 20, 'succeeded'));
  const slow = run(500, 90_000, 'succeeded');
  const failures = [3, 2, 1].map((minutes) => run(400 + minutes, 30, 'failed', `m${minutes}`));
  const right = (i: number) => Number(i < 60 || i % 2);
  const judged = Array.from({ length: 80 }, (_, i) => ({
    ...common(300 - i),
    type: 'ai_accuracy' as const,
    data: {
      predictionId: `01890000-0000-7000-8000-${String(i).padStart(12, '0')}`,
      modelId: 'error-prediction',
      accuracy: right(i),
    },
  }));
  const drift = {
    ...common(5),
    type: 'compliance_check' as const,
    data: { rule: 'schema-drift', result: 'fail' as const, subject: 'shop on 127.0.0.1' },
  };
  return [...usual, slow, ...failures, ...judged, drift];
}

/** States of the embedded database are kept compressed. */
function plain(bytes: Buffer): Buffer {
  return bytes.subarray(0, 4).equals(ZSTANDARD) ? zstdDecompressSync(bytes) : bytes;
}

test('alerts, and what is not recorded', needs(chromium(), codeServer()), async (t) => {
  const { window, page, ask, step, picture, home } = await openEditor(
    t,
    (project) => {
      mkdirSync(join(project, 'private', 'migrations'), { recursive: true });
      writeFileSync(join(project, 'private', 'migrations', PRIVATE), '');
    },
    { settings: { 'aibos.record.exclude': ['private'] } },
  );
  const files = () =>
    ask(async (client) => {
      const { items } = await client.call('events.list', { limit: 500 });
      return [...new Set(items.map(({ data }) => data.file).filter((file) => file !== undefined))];
    });
  const openAlerts = () =>
    ask(async (client) => (await client.call('alerts.list', { state: ['open'] })).items);
  const isAlarmed = page.locator('.statusbar-item.error-kind', { hasText: 'AI-BOS' });
  /** Chooses in the menu of the row that has the focus. */
  const menu = async (words: string) => {
    await page.keyboard.press('Shift+F10');
    await page.locator('.monaco-menu .action-item', { hasText: words }).first().waitFor();
    const focused = page.locator('.monaco-menu .action-item.focused', { hasText: words });
    for (let steps = 0; steps < 12 && (await focused.count()) === 0; steps++)
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
  };
  /** Moves the focus of the view to a row. A page of the dashboard that has just been loaded may take it away again. */
  const focus = async (words: RegExp) => {
    const list = page.locator('.pane-body .monaco-list:focus');
    for (let tries = 0; tries === 0 || (tries < 4 && (await list.count()) === 0); tries++) {
      await window.command('AI-BOS: Show Alerts');
      await list.waitFor({ timeout: 10_000 }).catch(() => undefined);
    }
    await page.keyboard.press('Home');
    const row = page.locator('.pane-body .monaco-list-row.focused', { hasText: words });
    for (let steps = 0; steps < 12 && (await row.count()) === 0; steps++)
      await page.keyboard.press('ArrowDown');
    await row.waitFor();
  };

  // Rows are drawn where there is room for them.
  await page.setViewportSize({ width: 1280, height: 1_200 });

  await step(
    'nothing is recorded of an excluded folder; its predictions are shown all the same',
    async () => {
      await window.status('AI-BOS: not recording');
      await window.answer('Record');
      await window.status('AI-BOS: recording');
      await window.openFile(PRIVATE);
      await window.append('CREATE TABLE payroll (id bigint PRIMARY KEY);\nDROP TABLE payrol;\n');
      await page.locator('.codelens-decoration a', { hasText: 'what happened?' }).first().waitFor();
      await window.openFile(MIGRATION);
      await window.append('ALTER TABLE orders ADD COLUMN note text;\n');
      await window.status('AI-BOS: 1 today');
      assert.deepEqual(await files(), [`migrations/${MIGRATION}`]);
      await picture('alerts-excluded');
    },
  );

  await step('a password in a migration is an alert, and in no file of the store and no view', async () => {
    await window.append(`CREATE ROLE app LOGIN PASSWORD '${SECRET}';\n`);
    await window.openViews();
    await window.row('A password stands in the migration in clear text').waitFor();
    await isAlarmed.waitFor();
    const said = window.notification('A password stands in the migration');
    await said.waitFor();
    await picture('alerts-secret');
    await said.getByRole('button', { name: 'Show Evidence' }).click();
    await window.dashboard.getByRole('heading', { name: 'Password in clear' }).waitFor();
    await picture('alerts-evidence');
    const shown = (await window.dashboard.locator('body').textContent()) ?? '';
    assert.ok(shown.includes(MIGRATION) && !shown.includes(SECRET), 'the evidence names the file only');
    assert.equal(await page.locator('.pane-body', { hasText: SECRET }).count(), 0);
    const holding = globSync('**/*', { cwd: join(home, 'data') })
      .map((path) => join(home, 'data', path))
      .filter((path) => statSync(path).isFile() && plain(readFileSync(path)).includes(SECRET));
    assert.deepEqual(holding, []);
  });

  await step(
    'snoozed by keyboard it is quiet, and the item in the status bar is not red any more',
    async () => {
      await focus(/A password stands/);
      await menu('Snooze…');
      await window.pick('For an hour');
      await isAlarmed.waitFor({ state: 'detached' });
      const [alert] = await ask(
        async (client) => (await client.call('alerts.list', { state: ['snoozed'] })).items,
      );
      assert.match(alert?.title ?? '', /A password stands/);
      await picture('alerts-snoozed');
    },
  );

  await step(
    'a slow run, a burst of failures, drift and a drop in accuracy: an alert each, none of them red',
    async () => {
      const workspace = await ask(async (client) => {
        const { items } = await client.call('events.list', { source: 'vscode', limit: 1 });
        return items[0]?.metadata.workspace ?? assert.fail();
      });
      await ask((client) => client.call('events.record', { events: troubles(workspace, Date.now()) }));
      for (const title of [
        /nightly took 1 min 30 s, \d+ times the usual/,
        /3 of the last \d+ migration runs failed/,
        /shop on 127\.0\.0\.1 differs from what its migrations say/,
        /Error prediction was right to \d+ % over its last 20 outcomes/,
      ])
        await window.row(title).waitFor();
      await window.status(/AI-BOS: .*/);
      assert.equal(await isAlarmed.count(), 0);
      const tooltip = await window.tooltip();
      assert.match(tooltip, /\d+ open alerts/);
      const kinds = new Set((await openAlerts()).map(({ kind }) => kind));
      for (const kind of [
        'slow-run',
        'failure-burst',
        'failed-migration',
        'schema-drift',
        'accuracy-dropped',
      ])
        assert.ok(kinds.has(kind as never), `${kind} in ${[...kinds]}`);
      await picture('alerts-each-kind');
    },
  );

  await step('Enter shows the evidence of the one with the focus', async () => {
    await focus(/took 1 min 30 s/);
    await page.keyboard.press('Enter');
    await window.dashboard.getByRole('heading', { name: /^Duration of migra/ }).waitFor();
    await picture('alerts-series');
  });

  await step('a kind that is muted is gone, and heard again when asked for', async () => {
    await focus(/migration runs failed/);
    await menu('Mute This Kind');
    await window.row(/migration runs failed/).waitFor({ state: 'detached' });
    await window.showNotifications();
    await window.notification('Muted: Bursts of failures. They are still recorded.').waitFor();
    await picture('alerts-muted');
    await page.keyboard.press('Escape');
    await window.command('AI-BOS: Hear a Muted Kind Again');
    await window.pick('Bursts of failures');
    await window.row(/migration runs failed/).waitFor();
    await window.command('AI-BOS: Hear a Muted Kind Again');
    await window.notification('No kind of alert is muted.').waitFor();
  });
});
