import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startServer, type TestServer } from '../support/engine.ts';
import { chromium, needs } from '../support/requirements.ts';
import { type History, recordHistory } from './data.ts';
import { openPages, suiteScope } from './pages.ts';
import { settled, sidewaysScroll } from './settled.ts';
import { walk } from './walk.ts';

describe('pages without a mouse', needs(chromium()), () => {
  const scope = suiteScope();
  let server: TestServer;
  let recorded: History;
  before(async () => {
    server = await startServer(scope);
    recorded = await recordHistory(server.client, 60);
    await server.client.call('models.train', { models: ['performance-prediction', 'usage-pattern'] });
  });

  const places = () => [
    '#/overview',
    '#/events?type=migration_execution',
    `#/events?event=${recorded.predictions[20]}`,
    '#/migrations',
    `#/migrations/${recorded.failed[0]}`,
    '#/anomalies',
    '#/models',
    '#/models?view=scoreboard',
    '#/models/performance-prediction',
    '#/feedback',
    '#/feedback?view=history',
    '#/feedback?view=agreement',
  ];

  for (const width of [1440, 380]) {
    test(`everything is reached, seen and left again, ${width} wide`, async () => {
      const { page, errors } = await openPages(server, '', {
        viewport: { width, height: 800 },
        reducedMotion: 'reduce',
      });
      for (const place of places()) {
        await page.evaluate((to) => location.assign(to), place);
        await settled(page);
        const { stops, faults } = await walk(page);
        assert.deepEqual(faults, [], place);
        assert.ok(stops > 4, `${place} has ${stops} stops`);
      }
      assert.deepEqual(errors, []);
    });
  }

  test('Escape closes what a key opened, and the focus is back where it was', async () => {
    const { page, errors } = await openPages(server, '#/events', { viewport: { width: 1440, height: 800 } });
    await page.locator('.event-row').first().waitFor();
    const focused = () =>
      page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
      );
    const types = page.getByRole('button', { name: /^Types:/ });
    await types.focus();
    const before = await focused();
    for (const [key, opened] of [
      ['Enter', page.getByRole('checkbox', { name: 'Migration' })],
      ['Control+k', page.getByRole('combobox', { expanded: true })],
      ['?', page.getByRole('heading', { name: 'Keyboard shortcuts' })],
    ] as const) {
      await page.keyboard.press(key);
      await opened.first().waitFor();
      await page.keyboard.press('Escape');
      await opened.first().waitFor({ state: 'hidden' });
      assert.equal(await focused(), before, `after ${key}`);
    }
    assert.deepEqual(errors, []);
  });

  for (const [width, text] of [
    [320, 16],
    [1280, 32],
  ] as const) {
    test(`nothing is wider than a window of ${width} pixels, where the reader’s text is ${text}`, async () => {
      const { page, errors } = await openPages(server, '', { viewport: { width, height: 800 } });
      const session = await page.context().newCDPSession(page);
      await session.send('Page.setFontSizes', { fontSizes: { standard: text } });
      await page.reload();
      const size = await page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
      assert.equal(size, (13 * text) / 16);
      for (const place of places()) {
        await page.evaluate((to) => location.assign(to), place);
        await settled(page);
        const beyond = await sidewaysScroll(page);
        assert.equal(beyond, 0, `${place} is ${beyond} px too wide`);
      }
      assert.deepEqual(errors, []);
    });
  }
});
