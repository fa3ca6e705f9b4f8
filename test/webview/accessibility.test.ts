import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openPage } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/engine.ts';
import { chromium, needs } from '../support/requirements.ts';
import { violations } from './axe.ts';
import { recordHistory } from './data.ts';
import { openPages, suiteScope } from './pages.ts';
import { sidewaysScroll } from './settled.ts';

/** Where each page is, and what shows that it is complete. */
const PLACES: Record<string, string> = {
  '#/overview': 'text=Most changed tables',
  '#/events?type=migration_execution&status=error': '.event-row',
  '#/report': 'h2:has-text("System health")',
  '#/models': 'article',
  '#/models/performance-prediction': 'text=Recent predictions',
};

describe('accessibility', needs(chromium()), () => {
  const scope = suiteScope();
  let server: TestServer;
  before(async () => {
    server = await startServer(scope);
    await recordHistory(server.client, 60);
    await server.client.call('models.train', { models: ['performance-prediction', 'usage-pattern'] });
  });

  // Colours do not depend on the width: the narrow window is looked at in one scheme.
  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 1440],
    ['dark', 380],
  ] as const) {
    test(`no violation on any page, ${colorScheme}, ${width} wide; nothing wider than the window`, async () => {
      const { page, errors } = await openPages(server, '', {
        colorScheme,
        viewport: { width, height: 900 },
      });
      for (const [place, complete] of Object.entries(PLACES)) {
        await page.evaluate((to) => location.assign(to), place);
        await page.locator(complete).first().waitFor();
        if (place.includes('status=error')) {
          await page.locator('.event-row').first().click();
          await page.getByRole('button', { name: 'Send feedback' }).waitFor();
        }
        assert.deepEqual(await violations(page), [], place);
        const overflow = await sidewaysScroll(page);
        assert.equal(overflow, 0, `${place} is ${overflow} px too wide`);
      }
      assert.deepEqual(errors, []);
    });
  }

  test('no violation on the sign-in page, in open menus and tables, with forced colours', async () => {
    const signIn = await openPage();
    await signIn.page.goto(server.base);
    await signIn.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.deepEqual(await violations(signIn.page), []);

    const { page, errors } = await openPages(server, '#/events', { forcedColors: 'active' });
    await page.getByRole('button', { name: /^Types:/ }).click();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Escape');
    await page.locator('.event-row').first().click();
    await page.getByRole('button', { name: 'Send feedback' }).waitFor();
    assert.deepEqual(await violations(page), [], 'what is chosen can be read');
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByRole('button', { name: 'Train all models' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.getByRole('link', { name: 'Overview', exact: true }).click();
    await page.getByRole('button', { name: /^Show as table: Migrations/ }).click();
    await page.getByRole('button', { name: /^Show as table: Duration/ }).click();
    await page
      .getByRole('button', { name: /^Show as chart/ })
      .first()
      .waitFor();
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(errors, []);
  });

  test('everything can be done by keyboard alone, and the focus can be seen', async () => {
    const { page, errors } = await openPages(server);
    await page.getByRole('heading', { name: 'Most changed tables' }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 60) ?? '');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Skip to the content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');

    await page.reload();
    await page.getByRole('heading', { name: 'Most changed tables' }).waitFor();
    for (let i = 0; i < 4; i++) await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Events');
    const outline = await page.evaluate(
      () => getComputedStyle(document.activeElement ?? document.body).outlineStyle,
    );
    assert.equal(outline, 'solid');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor();
    assert.equal(await focused(), 'Events');

    const row = page.locator('.event-row[tabindex="0"]');
    await row.waitFor();
    for (let i = 0; i < 30 && !(await row.evaluate((one) => one === document.activeElement)); i++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    assert.equal(
      await page.evaluate(() => document.activeElement?.parentElement?.getAttribute('aria-posinset')),
      '2',
    );
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Event' });
    await panel.waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H2');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement?.classList.contains('event-row'));
    assert.equal(
      await page.evaluate(() => document.activeElement?.parentElement?.getAttribute('aria-posinset')),
      '2',
    );
    assert.deepEqual(errors, []);
  });

  test('nothing flashes: the ground has its colour before the script runs', async () => {
    const grounds = { light: 'rgb(247, 248, 250)', dark: 'rgb(14, 16, 20)' };
    const ground = (page: Page) =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await openPage({ colorScheme });
      await page.route('**/app.js', (route) => route.abort());
      await page.goto(server.base);
      assert.equal(await ground(page), grounds[colorScheme]);
      assert.equal(
        await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme),
        colorScheme,
      );

      await page.evaluate(() =>
        document.documentElement.style.setProperty('--vscode-editor-background', 'rgb(1, 2, 3)'),
      );
      assert.equal(await ground(page), 'rgb(1, 2, 3)', 'in the editor its own');
      await page.unroute('**/app.js');
      await page.goto('about:blank');
      await page.goto(server.url);
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      assert.equal(await ground(page), grounds[colorScheme], 'the same when it has run');
      await page.close();
    }
  });

  test('the theme that is chosen is kept', async () => {
    const { page } = await openPages(server, '', { colorScheme: 'light' });
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    assert.equal(await theme(), 'light');
    await page.getByTitle('Dark').click();
    assert.equal(await theme(), 'dark');
    await page.reload();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(await theme(), 'dark');
  });
});
