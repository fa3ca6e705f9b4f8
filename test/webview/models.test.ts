import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startServer, type TestServer } from '../support/engine.ts';
import { chromium, needs } from '../support/requirements.ts';
import { recordHistory, withoutRetraining } from './data.ts';
import { openPages, suiteScope, textOf } from './pages.ts';

describe('models', needs(chromium()), () => {
  const scope = suiteScope();
  let server: TestServer;
  before(async () => {
    server = await startServer(scope);
    await withoutRetraining(server.client);
    await recordHistory(server.client, 100);
  });

  test('an untrained model says so; it is trained from here, and then has its figures', async () => {
    const { page, errors } = await openPages(server, '#/models');
    const card = page.getByRole('article', { name: 'Performance prediction' });
    await card.waitFor();
    assert.match(
      await textOf(card),
      /Never trained[\s\S]*90 \(40 needed\)|Never trained[\s\S]*100 \(40 needed\)/,
    );
    await card.getByRole('button', { name: 'Train Performance prediction' }).click();
    await page.getByText(/^Training done/).waitFor({ timeout: 60_000 });
    assert.match(await textOf(page.locator('.training')), /Performance prediction: Version 1/);
    await page.reload();
    await card.getByText(/(Beats|Does not beat|Same as) the baseline|Not clearly better/).waitFor();
    assert.match(await textOf(card), /Typical factor off/);
    assert.deepEqual(errors, []);
  });

  test('the details have every figure beside its baseline, the data, the settings and the scoreboard', async () => {
    await server.client.call('models.train', { models: ['performance-prediction'] });
    const { page, errors } = await openPages(server, '#/models/performance-prediction');
    const holdOut = page.getByRole('region', { name: 'On data it had not seen' });
    for (const name of ['Typical factor off', 'Mean absolute log10 error', 'Coverage of the 80 % interval'])
      await holdOut.getByText(name).first().waitFor();
    const data = await textOf(page.getByRole('region', { name: 'Training data' }));
    assert.match(data, /Fingerprint of the data\s+[0-9a-f]{16} /);
    assert.match(data, /Period \(UTC\)\s+\d{4}-\d{2}-\d{2} to \d{4}-\d{2}-\d{2}/);
    assert.match(
      await textOf(page.getByRole('region', { name: 'Features and settings' })),
      /SQL length[\s\S]*Learning rate\s+0\.2/,
    );
    const recent = page.getByRole('region', { name: 'Recent predictions' });
    assert.equal(await recent.locator('tbody tr:visible').count(), 12);
    await recent.getByRole('button', { name: 'Show 38 more' }).click();
    assert.equal(await recent.locator('tbody tr:visible').count(), 50);
    await page.getByRole('img', { name: /^Predicted against actual durations/ }).waitFor();
    const versions = page.getByRole('table', { name: 'Versions', exact: true });
    await versions.getByRole('button', { name: '1', exact: true }).click();
    assert.match(await textOf(page.getByRole('region', { name: 'Version 1' })), /Candidate/);
    const rests = page.getByRole('region', { name: 'What it rests on' });
    assert.ok((await rests.locator('tbody tr').count()) > 3);
    assert.deepEqual(errors, []);
  });

  test('a model that is not there says so', async () => {
    const { page } = await openPages(server, '#/models/nothing');
    await page.getByText('There is no model nothing').waitFor();
    await page.getByRole('link', { name: 'Show the models' }).click();
    await page.getByRole('article', { name: 'Usage pattern' }).waitFor();
  });

  test('the queue asks what the engine would learn most from; an answer is recorded and taken back', async () => {
    const { page, errors } = await openPages(server, '#/feedback');
    const heading = page.locator('.answer h2');
    await heading.waitFor();
    const first = await textOf(heading);
    await page.keyboard.press('w');
    await page.getByText(/^Recorded\./).waitFor();
    assert.notEqual(await textOf(page.locator('.queue-row').first()), first);
    const given = await server.client.call('feedback.list', {});
    assert.equal(given.items[0]?.accuracy, 0);
    await page.keyboard.press('u');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByText('Taken back', { exact: true }).waitFor();
    assert.deepEqual(errors, []);
  });
});
