import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { EventInput } from '../../core/contract/event.ts';
import { startServer, type TestServer } from '../support/engine.ts';
import { chromium, needs } from '../support/requirements.ts';
import { FAILURE, type History, recordHistory, withoutRetraining } from './data.ts';
import { openPages, suiteScope, textOf } from './pages.ts';

const rowsOf = (page: Page) => page.getByRole('list', { name: 'Events' }).getByRole('link');
const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Event' });

const action = (target: string): EventInput => ({
  type: 'user_interaction',
  source: 'test',
  data: { action: 'save_migration', target },
});

describe('events', needs(chromium()), () => {
  const scope = suiteScope();
  let server: TestServer;
  let recorded: History;
  before(async () => {
    server = await startServer(scope);
    await withoutRetraining(server.client);
    recorded = await recordHistory(server.client, 60);
  });

  test('filters by type, status, source and text, all of it in the address', async () => {
    const { page, errors } = await openPages(server, '#/events');
    await rowsOf(page).first().waitFor();
    await page.getByRole('button', { name: /^Types:/ }).click();
    assert.equal(await page.getByRole('checkbox', { name: 'Metric' }).isChecked(), false);
    await page.getByRole('button', { name: 'Migrations', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.getByText('All 60 events').waitFor();
    await page.getByRole('button', { name: 'Error', exact: true }).click();
    await page.getByText('All 6 events').waitFor();
    await page.getByRole('searchbox').fill(recorded.failed[0] ?? '');
    await page.getByText('All 1 event').waitFor();
    assert.match(page.url(), /type=migration_execution&status=error&text=/);
    await page.reload();
    await page.getByText('All 1 event').waitFor();
    assert.equal(await page.getByRole('searchbox').inputValue(), recorded.failed[0]);
    await page.getByLabel('Source').selectOption('engine:schema-comparator');
    await page.getByText('No event fits these filters').waitFor();
    await page.getByRole('button', { name: 'Clear all filters' }).click();
    await page.getByText(/^[\d,]+\sevents so far$|^All \d+\sevents$/).waitFor();
    assert.match(page.url(), /#\/events$/);
    assert.deepEqual(errors, []);
  });

  test('a failed migration shows its error, the statement with the place, its run in order, and all fields', async () => {
    const { page, errors } = await openPages(server, '#/events?type=migration_execution&status=error');
    await rowsOf(page).first().click();
    const panel = panelOf(page);
    await panel.getByText('The statement that failed').waitFor();
    assert.match(
      await textOf(panel.getByRole('region', { name: 'Error' })),
      new RegExp(`${FAILURE}[\\s\\S]*SQLSTATE 23502 · line 2, column 16`),
    );
    assert.equal(await textOf(panel.locator('.sql-wrong mark')), 'phone');
    const steps = await panel.locator('.step-head').allInnerTexts();
    assert.deepEqual(
      steps.map((text) => text.split(':')[0]),
      ['Prediction', 'Prediction', 'Set not null public.reviews', 'Migration', 'Accuracy'].map((text, i) =>
        i === 2 ? (steps[2] ?? '') : text,
      ),
    );
    const predicted = panel.getByRole('region', { name: 'Predicted and what came' });
    await predicted.locator('.compared').waitFor();
    assert.match(
      await textOf(predicted),
      /Performance prediction Predicted 7 ms, 8 of 10 between .*; took .*Error prediction .* likely to fail; it failed\./,
    );
    assert.match(await textOf(panel.getByRole('region', { name: 'Fields' })), /Environment\s+shadow/);
    assert.match(await textOf(panel.getByRole('region', { name: 'Metadata' })), /User\s+dev-a1b2c3/);
    await panel.getByRole('link', { name: /^Prediction: Error prediction/ }).click();
    const reason = predicted.getByText('2 of 20 earlier migrations here failed', { exact: true });
    await reason.waitFor();
    await page.reload();
    await reason.waitFor();
    await panel.getByRole('link', { name: /^The story of / }).click();
    await page.getByRole('heading', { name: 'Predicted and actual duration' }).waitFor();
    await page.goBack();
    await reason.waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    assert.deepEqual(errors, []);
  });

  test('the part of the timeline that is chosen and the text that is searched for hold together', async () => {
    const { page, errors } = await openPages(server, '#/events?type=migration_execution');
    await page.getByText('All 60 events').waitFor();
    const strip = page.locator('.histogram-strip');
    const box = (await strip.boundingBox()) ?? assert.fail('no timeline');
    await page.mouse.move(box.x + box.width / 2, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + 20, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/from=.*to=/);
    const shown = async () => Number(/(\d+)/.exec(await textOf(page.locator('.event-footer')))?.[1]);
    const rows = async (count: number) =>
      page.waitForFunction(
        (wanted) => document.querySelector('.event-footer')?.textContent?.startsWith(`All ${wanted}\u00a0`),
        count,
      );
    await page.waitForFunction(
      () => !document.querySelector('.event-footer')?.textContent?.startsWith('All 60'),
    );
    const brushed = await shown();
    assert.ok(brushed > 5 && brushed < 60, `${brushed} events are in the half that was chosen`);
    await page.keyboard.press('/');
    await page.keyboard.type(recorded.failed.at(-1) ?? '');
    await rows(1);
    assert.match(page.url(), /from=.*to=.*text=|text=.*from=.*to=/);
    await page
      .locator('.histogram')
      .getByText(/1\u00a0event, each bar .*, the highest 1, UTC/)
      .waitFor();
    await page.getByRole('searchbox').fill('');
    await rows(brushed);
    await page.getByRole('button', { name: 'Remove the filter Time' }).click();
    await rows(60);
    assert.deepEqual(errors, []);
  });

  test('an event that is not there says so', async () => {
    const { page } = await openPages(server, '#/events?event=01a20a1f-5874-7061-9af8-43bdd5b3b502');
    await panelOf(page)
      .getByText(/There is no event/)
      .waitFor();
  });

  test('live events arrive; while somebody reads they do not move what is in sight', async () => {
    const { page, errors } = await openPages(server, '#/events');
    await rowsOf(page).first().waitFor();
    await server.client.call('events.record', action('first of all'));
    await page.getByRole('link', { name: /first of all/ }).waitFor();

    const list = page.locator('.event-scroll');
    await list.evaluate((box) => box.scrollTo(0, 1_700));
    await page.waitForTimeout(100);
    const inSight = () =>
      page.evaluate(() => {
        const top = document.querySelector('.event-scroll')?.getBoundingClientRect().top ?? 0;
        const row = document.elementFromPoint(600, top + 60)?.closest('.event-row');
        return `${row?.textContent} at ${Math.round(row?.getBoundingClientRect().top ?? 0)}`;
      });
    const before = await inSight();
    await server.client.call('events.record', { events: [action('second'), action('third')] });
    const button = page.getByRole('button', { name: '2 new events' });
    await button.waitFor();
    assert.equal(await inSight(), before);
    await button.click();
    await page.getByRole('link', { name: /third/ }).waitFor();
    assert.equal(await button.count(), 0);

    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await server.client.call('events.record', action('while it was off'));
    await page.waitForTimeout(300);
    assert.equal(await page.getByRole('link', { name: /while it was off/ }).count(), 0);
    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await page.getByRole('link', { name: /while it was off/ }).waitFor();

    const look = (state: string) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await look('hidden');
    await server.client.call('events.record', action('while nobody looked'));
    await look('visible');
    await page.getByRole('link', { name: /while nobody looked/ }).waitFor();
    assert.deepEqual(errors, []);
  });

  test('feedback changes what is shown: on the event, in its run, and on the model', async () => {
    const { page, errors } = await openPages(server, '#/events');
    const { ids } = await server.client.call('events.record', {
      type: 'ai_prediction',
      source: 'test',
      metadata: { correlationId: 'feedback-run' },
      data: {
        modelId: 'performance-prediction',
        modelVersion: '7',
        subject: 'the next one',
        confidence: 1,
        durationMs: { p10: 50, p50: 100, p90: 200 },
      },
    });
    await page.evaluate((id) => location.assign(`#/events?event=${id}`), ids[0]);
    const panel = panelOf(page);
    await panel.getByText('Nobody has said how this really went').waitFor();
    await panel.getByRole('button', { name: 'Send feedback' }).click();
    await panel.getByRole('alert').getByText('Say what really happened').waitFor();
    await panel.getByLabel('What really happened').selectOption('succeeded');
    await panel.getByLabel('Took (ms)').fill('200');
    await panel.getByRole('radio', { name: '4' }).check();
    await panel.getByLabel('Comment').fill('Twice as long: a large table.');
    await panel.getByRole('button', { name: 'Send feedback' }).click();
    await panel.getByText('Recorded. Thank you.').waitFor();
    await panel.getByText('Twice as long: a large table.').first().waitFor();
    assert.match(
      await textOf(panel.locator('.feedback-list')),
      /succeeded, 200\sms, 50\s% right, rated 4 of 5/,
    );
    await page.evaluate(() => location.assign('#/models/performance-prediction'));
    const byVersion = page.getByRole('region', { name: 'Right so far, by version' });
    assert.match(await textOf(byVersion.getByRole('row', { name: /^7 / })), /7\s+1\s+50\s%/);
    assert.deepEqual(errors, []);
  });

  test('tens of thousands of rows: a window of them is kept, scrolled both ways without a gap', async (t) => {
    const many = await startServer(t);
    for (let batch = 0; batch < 2; batch++) {
      const events = Array.from({ length: 10_000 }, (_, i) => action(`${batch * 10_000 + i}`));
      await many.client.call('events.record', { events });
    }
    const { page, errors } = await openPages(many, '#/events');
    await rowsOf(page).first().waitFor();
    /** Scrolls by a screen; the number of the event that is then at the top, and how many rows are drawn. */
    const scrollBy = (screens: number) =>
      page.evaluate(async (by) => {
        const box = document.querySelector('.event-scroll');
        box?.scrollBy(0, by * (box?.clientHeight ?? 0));
        // Until what was scrolled to is drawn.
        for (let frame = 0; frame < 3; frame++)
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        const top = box?.getBoundingClientRect().top ?? 0;
        const row = document.elementFromPoint(600, top + 20)?.closest('.event-row');
        return {
          number: Number(row?.querySelector('.cell-detail')?.textContent),
          rows: document.querySelectorAll('.event-row').length,
          height: box?.scrollHeight ?? 0,
        };
      }, screens);
    let at = await scrollBy(0);
    assert.equal(at.number, 19_999);
    for (let turn = 0; turn < 400 && at.number > 14_000; turn++) at = await scrollBy(5);
    assert.ok(at.number <= 14_000, `only down to ${at.number}`);
    assert.ok(at.rows < 80, `${at.rows} rows are drawn`);
    assert.ok(at.height < 3_100 * 34, `${at.height} px are kept`);

    let before = at.number;
    for (let turn = 0; turn < 400 && at.number < 19_999; turn++) {
      at = await scrollBy(-1);
      const seen = at.number - before;
      assert.ok(seen >= 0 && seen <= 40, `from ${before} to ${at.number}`);
      before = at.number;
    }
    assert.equal(at.number, 19_999);
    assert.deepEqual(errors, []);
  });

  test('the list goes to a time; what is before and after it is a scroll away', async () => {
    const { page, errors } = await openPages(server, '#/events?type=migration_execution');
    await rowsOf(page).first().waitFor();
    const time = new Date(Date.now() - 30 * 86_400_000).toISOString();
    await page.getByRole('button', { name: /^Go to a time/ }).click();
    await page.getByLabel('Go to (UTC)').fill(time.slice(0, 19));
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    const there = () =>
      page.waitForFunction((wanted) => {
        const top = document.querySelector('.event-scroll')?.getBoundingClientRect().top ?? 0;
        const row = document.elementFromPoint(600, top + 20)?.closest('.event-row');
        const at = Date.parse(`${row?.querySelector('.cell-time')?.textContent ?? ''}Z`);
        return Math.abs(at - wanted) < 2 * 86_400_000;
      }, Date.parse(time));
    await there();
    await page.getByText('All 60 events').waitFor();
    await page.reload();
    await there();
    assert.deepEqual(errors, []);
  });
});
