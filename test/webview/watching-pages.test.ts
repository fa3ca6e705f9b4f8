/** Overview, events, migrations, anomalies and what is on every page, on a host that answers from a table. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { browser } from '../support/browser.ts';
import { chromium, needs } from '../support/requirements.ts';
import { violations } from './axe.ts';
import { SHOP } from './data.ts';
import { alerts, idOf, NOW, storedEvents, wholeEngine } from './fake-data.ts';
import { openFake } from './fake-host.ts';
import { textOf } from './pages.ts';
import { sidewaysScroll } from './settled.ts';

if (chromium().found) await browser();

const FAILED = '20261117_set_not_null_57';
const STORY = `#/migrations/${FAILED}?in=${SHOP}`;
/** Where each page is, and what shows that it is complete. */
const PLACES: Record<string, string> = {
  '#/overview': 'need a look',
  '#/events': 'Events over time',
  '#/migrations': '60 migrations',
  [STORY]: 'What happened',
  '#/anomalies': 'How unusual each point was',
};

describe('pages that watch', needs(chromium()), () => {
  for (const [colorScheme, width, forcedColors] of [
    ['light', 1440, 'none'],
    ['dark', 1024, 'none'],
    ['dark', 380, 'none'],
    ['dark', 1440, 'active'],
  ] as const) {
    test(`no violation, nothing wider than the window: ${colorScheme}, ${width} wide, forced colours ${forcedColors}`, async () => {
      const viewport = { width, height: 900 };
      const { page, errors, goTo } = await openFake(wholeEngine(), '#/overview', NOW, {
        colorScheme,
        forcedColors,
        viewport,
      });
      for (const [place, complete] of Object.entries(PLACES)) {
        await goTo(place);
        // A narrow window shows the list of series first.
        const ready =
          width < 600 && place === '#/anomalies' ? page.locator('.series-item') : page.getByText(complete);
        await ready.first().waitFor();
        if (width > 860) await page.locator('.page .loading').first().waitFor({ state: 'detached' });
        assert.deepEqual(await violations(page), [], place);
        const overflow = await sidewaysScroll(page);
        assert.equal(overflow, 0, `${place} is ${overflow} px too wide`);
      }
      assert.deepEqual(errors, []);
    });
  }

  test('what cannot be loaded says why, on every page', async () => {
    const { page, goTo } = await openFake({}, '#/overview', NOW);
    for (const place of Object.keys(PLACES)) {
      await goTo(place);
      await page
        .getByText(/is not built in yet/)
        .first()
        .waitFor();
    }
  });

  test('an alert is acknowledged, and that is undone by its message or by z', async () => {
    const { page, errors, calls } = await openFake(wholeEngine(), '#/overview', NOW);
    await page.getByText('3 things need a look').waitFor();
    const acknowledge = page.getByRole('button', { name: /^Acknowledge/ });
    await acknowledge.first().click();
    await page.getByText('2 things need a look').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('3 things need a look').waitFor();
    for (const left of [2, 1, 0]) {
      await acknowledge.first().click();
      await page
        .getByText(
          left === 0
            ? 'Nothing needs a look.'
            : left === 1
              ? 'One thing needs a look'
              : '2 things need a look',
        )
        .waitFor();
    }
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('z');
    await page.getByText('One thing needs a look').waitFor();
    const updates = calls.filter(({ method }) => method === 'alerts.update').map(({ params }) => params);
    assert.deepEqual(updates.slice(0, 2), [
      { id: alerts()[0]?.id, action: 'acknowledge' },
      { id: alerts()[0]?.id, action: 'reopen' },
    ]);
    assert.deepEqual(errors, []);
  });

  test('the palette finds pages, migrations, events by id and actions, by keyboard alone', async () => {
    const { page, errors } = await openFake(wholeEngine(), '#/overview', NOW);
    await page.getByText('3 things need a look').waitFor();
    const field = page.getByRole('combobox', { name: /^Search for pages/ });
    const choose = async (text: string, option: RegExp) => {
      await page.keyboard.press('Control+k');
      await field.fill(text);
      await page.getByRole('option', { name: option }).first().waitFor();
    };
    await choose('anom', /^Anomalies/);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Anomalies', level: 1 }).waitFor();

    await choose('set_not_null_57', /set_not_null_57/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: FAILED, level: 1 }).waitFor();

    const event = storedEvents().find(({ type }) => type === 'migration_execution');
    await choose(event?.id ?? '', /create_table/);
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: 'Event' }).waitFor();
    assert.match(page.url(), new RegExp(event?.id ?? 'none'));

    await choose('theme dark', /^Theme: dark/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    await page.keyboard.press('Control+k');
    await field.fill('nothing is called so');
    await page.getByRole('option', { name: /^Search events for/ }).waitFor();
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    assert.deepEqual(errors, []);
  });

  test('letters lead to pages, the help lists them, and they can be switched off', async () => {
    const { page, errors } = await openFake(wholeEngine(), '#/overview', NOW);
    await page.getByText('3 things need a look').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.getByRole('heading', { name: 'Migrations', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('go');
    assert.equal(await page.getByRole('searchbox').inputValue(), 'go', 'a field keeps its letters');
    await page.getByRole('heading', { name: 'Migrations', level: 1 }).click();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByText('Command palette').waitFor();
    assert.deepEqual(await violations(page), []);
    await help.getByLabel('Single letters are shortcuts').uncheck();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.keyboard.press('?');
    assert.equal(await help.count(), 0);
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Migrations');
    assert.deepEqual(errors, []);
  });

  test('/ waits for the field of a page that loads, and what is typed after it leads nowhere else', async () => {
    const engine = wholeEngine();
    const answers = Promise.withResolvers<void>();
    const slow: typeof engine = {
      ...engine,
      'series.list': async (params) => {
        await answers.promise;
        return (await engine['series.list']?.(params)) ?? { items: [] };
      },
    };
    const { page, errors } = await openFake(slow, '#/overview', NOW);
    await page.getByText('3 things need a look').waitFor();
    for (const key of ['g', 'a', '/', 'g', 'o', 'x', 'Backspace', '?']) await page.keyboard.press(key);
    answers.resolve();
    const field = page.getByRole('searchbox');
    await field.waitFor();
    await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
    assert.equal(await field.inputValue(), 'go?');
    assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Anomalies');
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.deepEqual(errors, []);
  });

  test('what is said of an anomaly moves the line at once, and says what that does', async () => {
    const { page, errors } = await openFake(wholeEngine(), '#/anomalies', NOW);
    await page.getByText('a point counts from a score of 60 %').waitFor();
    const notReal = page.getByRole('button', { name: /^Not real/ });
    assert.equal(await notReal.count(), 3);
    await notReal.first().click();
    await page
      .locator('.effect')
      .getByText(/The threshold moves from 60\s%\s?to 85\s%: 2\salerts fewer/)
      .waitFor();
    await page.getByText('a point counts from a score of 85 %').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.anomaly').length === 1);
    await page.getByRole('img', { name: /^Values and what was expected\. 120\spoints, 1 outside/ }).waitFor();
    await page.keyboard.press('z');
    await page.getByText(/^Taken back: the threshold goes from 85\s%\s?back to 60\s%/).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.anomaly').length === 3);
    assert.equal(await page.locator('.anomaly [aria-pressed=true]').count(), 0);
    const real = page.getByRole('button', { name: /^Real/ }).first();
    await real.click();
    await page
      .locator('.effect')
      .getByText(/^Noted as real/)
      .waitFor();
    await real.click();
    await page.getByText(/^Taken back/).waitFor();
    await notReal.first().click();
    await page.waitForFunction(() => document.querySelectorAll('.anomaly').length === 1);
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 'Failure rate in shop', level: 2 }).waitFor();
    await page.getByRole('button', { name: 'Show as table: Values and what was expected' }).click();
    assert.equal(await page.locator('.chart-table tbody tr').count(), 120);
    assert.deepEqual(errors, []);
  });

  test('an anomaly’s alert is snoozed where it is looked at', async () => {
    const { page, calls } = await openFake(wholeEngine(), '#/anomalies', NOW);
    await page.getByRole('button', { name: /^Snooze a day/ }).click();
    await page.getByText(/snoozed until 2026-11-21 12:00/).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: /^Snooze a day/ }).waitFor();
    assert.deepEqual(
      calls
        .filter(({ method }) => method === 'alerts.update')
        .map(({ params }) => (params as { action: string }).action),
      ['snooze', 'reopen'],
    );
  });

  test('migrations are narrowed by text, outcome and table; a story leads on', async () => {
    const { page, errors, calls } = await openFake(wholeEngine(), '#/migrations', NOW);
    await page.getByText('60 migrations').waitFor();
    await page.getByLabel('Outcome').selectOption({ label: 'Failed' });
    await page.getByText('6 migrations').waitFor();
    await page.getByRole('link', { name: FAILED }).click();
    await page.getByRole('heading', { name: FAILED, level: 1 }).waitFor();
    await page
      .getByRole('img', { name: /^Predicted and actual duration\. predicted .* took .*: inside$/ })
      .waitFor();
    const steps = await page.locator('.story-kind').allInnerTexts();
    assert.deepEqual(
      steps.map((text) => text.split(/\s/)[0]),
      ['Edit', 'Check', 'Prediction', 'Run', 'Problem', 'Feedback'],
    );
    assert.match(await textOf(page.locator('.statement-sql')), /SET NOT NULL/);
    await page.locator('.story-head').getByRole('link', { name: 'public.orders' }).click();
    await page.getByText('15 migrations').waitFor();
    assert.match(page.url(), /table=public\.orders/);
    assert.ok(calls.some(({ method }) => method === 'migrations.get'));
    assert.deepEqual(errors, []);
  });

  test('the timeline narrows the list: dragged, by keyboard, and widened again', async () => {
    const { page, errors } = await openFake(wholeEngine(), '#/events?type=migration_execution', NOW);
    await page.getByText('All 60 events').waitFor();
    const strip = page.locator('.histogram-strip');
    const box = (await strip.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.getByText('All 15 events').waitFor();
    assert.match(page.url(), /from=2026-10-2.*to=2026-11-0/);
    await page.reload();
    await page.getByText('All 15 events').waitFor();

    const begins = page.getByRole('slider', { name: 'Range begins' });
    await begins.focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('PageUp');
    assert.match((await begins.getAttribute('aria-valuetext')) ?? '', /UTC, Enter selects/);
    await page.keyboard.press('Enter');
    await page.getByText(/^All\s[78]\sevents$/).waitFor();
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await page.getByText(/^All\s[12]\d\sevents$/).waitFor();
    await page.getByRole('button', { name: 'Remove the filter Time' }).click();
    await page.getByText('All 60 events').waitFor();
    await page.getByRole('button', { name: 'Show as table: Events over time' }).click();
    assert.equal(await page.locator('.histogram-table tbody tr').count(), 60);
    assert.deepEqual(errors, []);
  });

  test('at a hundred events a second the list stays short, and what is new is counted', async () => {
    const { page, errors, emit } = await openFake(wholeEngine(), '#/events', NOW);
    await page.locator('.event-row').first().waitFor();
    let sequence = 10_000;
    for (let second = 0; second < 40; second++) {
      await emit(
        Array.from({ length: 100 }, () => ({
          id: idOf(`live ${++sequence}`),
          type: 'user_interaction' as const,
          source: 'test',
          timestamp: new Date(Date.parse(NOW) + sequence).toISOString(),
          data: { action: 'save_migration', target: String(sequence) },
          metadata: {},
          sequence,
        })),
      );
    }
    await page.getByText('14000').waitFor();
    const height = await page
      .locator('.event-rows')
      .evaluate((rows) => rows.getBoundingClientRect().height / 34);
    assert.ok(height <= 3_000, `${height} rows are kept`);
    assert.deepEqual(errors, []);
  });
});
