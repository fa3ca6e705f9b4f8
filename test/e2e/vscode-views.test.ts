/** The views, alerts and feedback in a real VS Code, by what stands on the screen. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import { openEditor } from './editor-window.ts';

test('views, alerts and feedback', needs(chromium(), codeServer()), async (t) => {
  const { window, page, ask, step, picture } = await openEditor(t, (project) => {
    writeFileSync(
      join(project, 'migrations', '0003_rights.sql'),
      "CREATE ROLE reporting LOGIN PASSWORD 'hunter2';\n",
    );
  });

  await step('empty views say what would stand there, and how to get it', async () => {
    await window.status('AI-BOS: not recording');
    await window.openViews();
    await page.getByText('Nothing needs your attention.').waitFor();
    await page.getByText('No version of a schema is known here.').waitFor();
    await picture('views-empty');
    await window.answer('Record');
    await window.status('AI-BOS: recording');
  });

  await step('after an import the timeline shows each version, and what it changed', async () => {
    await page.locator('.pane-body a.monaco-button', { hasText: 'Import This Workspace' }).click();
    await window.notification('imported from shop').waitFor();
    await window.row('0001_customers').waitFor();
    await window.row('0001_customers').click();
    await page.locator('.tab.active', { hasText: '0001_customers' }).waitFor();
    await page.locator('.editor.modified .view-line', { hasText: 'customers' }).first().waitFor();
    await picture('views-diff');
  });

  await step('the models are there with what they lack', async () => {
    await page.locator('.pane-header', { hasText: 'Models' }).click();
    await window.row('Error prediction').waitFor();
  });

  await step(
    'a saved migration: a prediction awaits feedback; one click gives it, and says what changed',
    async () => {
      await window.openFile('0002_orders.sql');
      await window.append('ALTER TABLE orders ADD COLUMN note text;\n');
      await page.locator('.pane-body .monaco-list-row', { hasText: '0002_orders' }).first().waitFor();
      await picture('views-predictions');
      const before = (await ask((client) => client.call('feedback.list', {}))).items.length;
      await window.pressInRow(/^.*0002_orders.*may fail|0002_orders/, 'The Prediction Was Right');
      await until(
        async () => (await ask((client) => client.call('feedback.list', {}))).items.length === before + 1,
      );
      await window.showNotifications();
      await window
        .notification(/learn|accuracy/)
        .first()
        .waitFor();
      await picture('views-effect');
      await page.keyboard.press('Escape');
    },
  );

  await step('what happened: outcome, duration, correction, rating and words, by keyboard', async () => {
    await window.openFile('0002_orders.sql');
    await window.append('ALTER TABLE orders ADD COLUMN paid_at timestamptz;\n');
    await until(
      async () =>
        (await ask((client) => client.call('predictions.list', { state: ['awaiting'] }))).items.length > 0,
    );
    await delay(1_500);
    await window.command('AI-BOS: Give Feedback on a Prediction');
    await window.pick('0002_orders');
    await window.pick('It failed');
    await window.answerWith('1.5 min');
    await window.pick('How long it takes');
    await picture('feedback-rating');
    await window.pick('★★★★☆');
    await window.answerWith('the table was larger');
    await until(async () => {
      const [latest] = (await ask((client) => client.call('feedback.list', {}))).items;
      return latest?.userRating === 4 && latest.feedback === 'the table was larger';
    });
    const [latest] = (await ask((client) => client.call('feedback.list', {}))).items;
    assert.deepEqual(latest?.actualOutcome, { outcome: 'failed', durationMs: 90_000 });
    assert.equal(latest?.corrections[0]?.field, 'durationMs');
  });

  await step(
    'a password in a migration is an alert with its evidence; the status item counts it',
    async () => {
      await window.openFile('0003_rights.sql');
      await window.append('GRANT SELECT ON orders TO PUBLIC;\n');
      await until(async () => (await ask((client) => client.call('alerts.list', {}))).open > 0);
      await window.openViews();
      const row = page
        .locator('[id*="aibos.alerts"] .monaco-list-row, .pane-body .monaco-list-row')
        .filter({ hasText: /Everybody|rights|security/i })
        .first();
      await row.waitFor();
      await picture('views-alert');
      const tooltip = await window.tooltip();
      assert.match(tooltip, /open alert/);
    },
  );

  await step('light and high contrast', async () => {
    for (const theme of ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern']) {
      await window.command('Preferences: Color Theme');
      await window.answerWith(theme);
      await delay(800);
      await picture(`views-${theme.replaceAll(' ', '-').toLowerCase()}`);
    }
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 60; !(await isSo()); left--) {
    assert.ok(left > 0, 'it did not come to be');
    await delay(500);
  }
}
