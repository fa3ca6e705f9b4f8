/** The four views in a real VS Code: what stands in them, feedback and what it changes, schemas, training, going back. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { migrations } from '../support/learning.ts';
import { chromium, codeServer, needs } from '../support/requirements.ts';
import { openEditor } from './editor-window.ts';

const MORE_MIGRATIONS = {
  '0003_email.sql': 'ALTER TABLE customers ADD COLUMN email text;\n',
  '0004_total.sql': 'ALTER TABLE orders ADD COLUMN total numeric;\n',
  '0005_by_customer.sql': 'CREATE INDEX by_customer ON orders (customer_id);\n',
  '0006_reporting.sql': 'CREATE ROLE reporting;\n',
};
const COLUMN = 'ALTER TABLE orders ADD COLUMN note text;\n';
/** On a machine that does much else at the same time. */
const PATIENCE = { timeout: 240_000 };

test('views, feedback and models', needs(chromium(), codeServer()), async (t) => {
  const { window, page, ask, step, picture } = await openEditor(t, (project) => {
    for (const [name, sql] of Object.entries(MORE_MIGRATIONS))
      writeFileSync(join(project, 'migrations', name), sql);
  });
  const feedback = async () => (await ask((client) => client.call('feedback.list', {}))).items;

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
    await window.row('0006_reporting').waitFor(PATIENCE);
    await window.row('0003_email').click();
    await page.locator('.tab.active', { hasText: '0003_email' }).waitFor();
    await page.locator('.editor.modified .view-line', { hasText: 'email' }).first().waitFor();
    await picture('views-diff');
  });

  await step('a grant to everybody in a saved migration is an alert', async () => {
    await window.openFile('0006_reporting.sql');
    await window.append('GRANT SELECT ON orders TO PUBLIC;\n');
    await until(async () => (await ask((client) => client.call('alerts.list', {}))).open > 0);
    await window.row('Everybody who can connect').waitFor();
    await picture('views-alert');
  });

  await step('a saved migration awaits feedback; one click gives it, and says what it changed', async () => {
    await window.openFile('0005_by_customer.sql');
    await window.append(COLUMN);
    await window
      .row(/0005_by_customer.*may fail/)
      .first()
      .waitFor();
    await picture('views-predictions');
    const before = (await feedback()).length;
    await window.pressInRow(/0005_by_customer.*may fail/, 'The Prediction Was Right');
    await until(async () => (await feedback()).length === before + 1);
    await window.showNotifications();
    await window
      .notification(/until it trains/)
      .first()
      .waitFor();
    await picture('views-effect');
    await page.keyboard.press('Escape');
    await window.openFile('0004_total.sql');
    await window.append('ALTER TABLE orders ALTER COLUMN total SET NOT NULL;\n');
    await window
      .row(/0004_total.*may fail/)
      .first()
      .waitFor();
    await window.pressInRow(/0004_total.*may fail/, 'The Prediction Was Wrong');
    await until(async () => (await feedback()).length === before + 2);
    assert.deepEqual((await feedback()).map(({ actualOutcome }) => actualOutcome).sort(), ['right', 'wrong']);
  });

  await step('what happened: outcome, duration, correction, rating and words, by keyboard', async () => {
    await window.openFile('0003_email.sql');
    await window.append('ALTER TABLE customers ALTER COLUMN email SET NOT NULL;\n');
    await window
      .row(/0003_email.*may fail/)
      .first()
      .waitFor();
    await window.command('AI-BOS: Give Feedback on a Prediction');
    await window.pick('0003_email');
    await window.pick('It failed');
    await window.answerWith('1.5 min', 'How long did it take');
    await window.pick('How long it takes');
    await picture('feedback-rating');
    await window.pick('★★★★☆');
    await window.answerWith('the table was larger', 'Anything else');
    await until(async () => (await feedback()).some(({ userRating }) => userRating === 4));
    const given = (await feedback()).find(({ userRating }) => userRating === 4);
    assert.equal(given?.feedback, 'the table was larger');
    assert.deepEqual(given?.actualOutcome, { outcome: 'failed', durationMs: 90_000 });
    assert.equal(given?.corrections[0]?.field, 'durationMs');
    await window.showNotifications();
    await window
      .notification(/until it trains/)
      .first()
      .waitFor();
    await picture('feedback-effect');
    await page.keyboard.press('Escape');
  });

  await step('a model trains with progress, and again; then it goes back', async () => {
    await window.unfold('Models');
    await window.row('Error prediction').waitFor();
    await ask((client) => client.call('events.record', { events: migrations(120) }));
    const progress = window.notification('Training Error prediction').waitFor();
    await window.pressInRow('Error prediction', 'Train Now');
    await progress;
    await window.row(/Error prediction.*version 1/).waitFor(PATIENCE);
    await picture('views-models');
    await ask((client) => client.call('events.record', { events: migrations(200, { from: 120 }) }));
    await window.pressInRow('Error prediction', 'Train Now');
    await window.row(/Error prediction.*version 2/).waitFor(PATIENCE);
    await window.pressInRow(/Error prediction/, 'Roll Back');
    await page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Roll Back' }).click();
    await window.row(/Error prediction.*version 1/).waitFor();
    await window.showNotifications();
    await window.notification('Error prediction is at version 1 again').waitFor();
    // What was said of the training stays true.
    await window.notification('Error prediction: version 2 took over from version 1.').waitFor();
    assert.equal(await window.notification('is active').count(), 0);
    await picture('views-rolled-back');
    await page.keyboard.press('Escape');
  });

  await step('lenses and views are there in dark and in high contrast too', async () => {
    await window.openFile('0003_email.sql');
    for (const [theme, mark] of [
      ['Dark Modern', 'vs-dark'],
      ['Dark High Contrast', 'hc-black'],
      ['Light High Contrast', 'hc-light'],
    ] as const) {
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+T');
      await window.answerWith(theme, 'Color Theme');
      const themed = page.locator(`.monaco-workbench.${mark}`);
      await themed.locator('.codelens-decoration', { hasText: 'what happened?' }).first().waitFor();
      await themed.locator('.pane-body .monaco-list-row', { hasText: 'Error prediction' }).waitFor();
      await picture(`views-${mark}`);
    }
  });

  await step('in a narrow window nothing that matters is cut off', async () => {
    await page.setViewportSize({ width: 900, height: 700 });
    await page
      .locator('.codelens-decoration a', { hasText: /may fail|blocks/ })
      .first()
      .waitFor();
    await picture('views-narrow');
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 120; !(await isSo()); left--) {
    assert.ok(left > 0, 'it did not come to be');
    await delay(500);
  }
}
