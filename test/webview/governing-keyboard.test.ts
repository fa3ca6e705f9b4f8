/** Reports, schema, governance and settings by keyboard alone, and in a window 320 pixels wide (WCAG 1.4.10, 2.1.1, 2.4.7). */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { browser } from '../support/browser.ts';
import { chromium, needs } from '../support/requirements.ts';
import { ANSWERS, at } from './answers.ts';
import { violations } from './axe.ts';
import { NOW, wholeEngine } from './fake-data.ts';
import { type Answers, openFake } from './fake-host.ts';
import { settled, sidewaysScroll } from './settled.ts';

if (chromium().found) await browser();

/** Where each view is, and what shows that it is complete. */
const PLACES: Readonly<Record<string, string>> = {
  '#/report?view=compare': 'What it means',
  '#/report?view=schedules': 'The folder is not there.',
  '#/schema': '0060_change_60',
  '#/schema?view=compare': 'What the statements do not do',
  '#/schema?view=tables&table=public.orders': 'Its history',
  '#/schema?view=diagram&table=public.orders': 'Referred to by',
  '#/schema?view=drift': 'Compare',
  '#/governance': 'By migration, newest first',
  '#/governance?view=audit': 'Hash of the newest entry',
  '#/settings': 'People and workspaces',
  '#/settings?view=engine': 'Retraining',
  '#/settings?view=alerts': 'Kinds of alerts',
  '#/settings?view=keys': 'Grafana',
  '#/settings?view=appearance': 'Single letters are shortcuts',
};

/** What answers, on which day, and where to go. */
const PARTS: readonly [Answers, string, Readonly<Record<string, string>>][] = [
  [{ ...ANSWERS, ...wholeEngine() }, NOW, { '#/report': 'Made 2026-11-20' }],
  [ANSWERS, at(0), PLACES],
];

describe('pages that keep things in order', needs(chromium()), () => {
  test('320 pixels are wide enough, for the page and for every table in it', async () => {
    const viewport = { width: 320, height: 640 };
    const tooWide: string[] = [];
    for await (const { page, place } of places({ viewport })) {
      assert.equal(await sidewaysScroll(page), 0, place);
      assert.deepEqual(await violations(page), [], place);
      const clipped = await page
        .locator('.table-scroll')
        .evaluateAll((boxes) =>
          boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.ariaLabel),
        );
      for (const label of clipped) tooWide.push(`${place}: ${label}`);
    }
    assert.deepEqual(tooWide, [], 'they scroll within their box');
  });

  test('Tab leads to everything that can be used, each with a mark around it, and out again', async () => {
    for await (const { page, place } of places()) {
      const { usable, reached, unmarked, left } = await walk(page);
      assert.ok(usable.length > 0, place);
      assert.deepEqual(
        usable.filter((name) => !reached.has(name)),
        [],
        `${place}: not reached`,
      );
      assert.deepEqual(unmarked, [], `${place}: reached without a mark`);
      assert.ok(left, `${place}: the focus is caught`);
    }
  });
});

/** Each view once it is complete; afterwards nothing may have been complained about. */
async function* places(options?: BrowserContextOptions): AsyncGenerator<{ page: Page; place: string }> {
  for (const [answers, now, all] of PARTS) {
    const { page, errors, goTo } = await openFake(answers, '#/settings', now, options);
    for (const [place, complete] of Object.entries(all)) {
      await goTo(place);
      await page.getByText(complete).first().waitFor();
      await settled(page);
      yield { page, place };
    }
    assert.deepEqual(errors, []);
    await page.context().close();
  }
}

/** Presses Tab from the beginning of the content until the focus leaves it. */
async function walk(page: Page) {
  const usable = await page.evaluate(() => {
    const main = document.getElementById('main');
    main?.focus();
    const all = main?.querySelectorAll<HTMLElement>(
      'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex="0"]',
    );
    return [...(all ?? [])]
      .filter((one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }))
      .filter((one) => !(one instanceof HTMLInputElement && one.type === 'radio' && !one.checked))
      .map((one, i) => {
        one.dataset.walked = `${i} ${one.ariaLabel ?? one.textContent?.trim().slice(0, 40)}`;
        return one.dataset.walked;
      });
  });
  const reached = new Set<string>();
  const marked = new Set<string>();
  let left = false;
  // A field for a day takes several steps.
  for (let steps = 0; steps < 5 * usable.length + 10 && !left; steps++) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate(() => {
      const { activeElement: active } = document;
      if (!(active instanceof HTMLElement) || !active.closest('#main')) return undefined;
      const isMarked = [active, active.nextElementSibling, active.closest('label')].some((one) => {
        if (!one) return false;
        const { outlineStyle, boxShadow } = getComputedStyle(one);
        return outlineStyle !== 'none' || boxShadow !== 'none';
      });
      return { name: active.dataset.walked ?? active.outerHTML.slice(0, 80), isMarked };
    });
    if (!here) left = true;
    else {
      reached.add(here.name);
      // The button within a field for a day has a mark of the browser's own.
      if (here.isMarked) marked.add(here.name);
    }
  }
  return { usable, reached, unmarked: [...reached].filter((name) => !marked.has(name)), left };
}
