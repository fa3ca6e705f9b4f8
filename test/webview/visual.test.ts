/**
 * Each page in light and dark against the picture that was accepted, with a tolerance. Pictures depend on the browser and
 * on the fonts of a machine: with others than those the pictures were made with it is skipped, and says so.
 * `AIBOS_ACCEPT_PICTURES=1` makes them anew; look at them before they are committed.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { browser } from '../support/browser.ts';
import { chromium, needs } from '../support/requirements.ts';
import { ANSWERS } from './answers.ts';
import { SHOP } from './data.ts';
import { NOW, wholeEngine } from './fake-data.ts';
import { type Answers, openFake } from './fake-host.ts';
import { schemaOf } from './schema-data.ts';
import { settled } from './settled.ts';

if (chromium().found) await browser();

const PICTURES = join(import.meta.dirname, 'visual');
const MADE_WITH = join(PICTURES, 'made-with.json');
const accept = process.env.AIBOS_ACCEPT_PICTURES === '1';
/** Share of the pixels that may differ, and by how much of a channel one must differ to count. */
const TOLERANCE = 0.002;
const CHANNEL = 24;

const MANY_TABLES: Answers = { ...ANSWERS, 'schema.get': () => ({ schema: schemaOf(200) }) };

/** Name of the picture, where it is, what shows that it is complete, and who answers. */
const PLACES: readonly [name: string, route: string, complete: string, answers?: Answers][] = [
  ['overview', '#/overview', 'All six failures say so.'],
  ['events', '#/events?type=migration_execution', '2026-09-21 12:00'],
  ['migrations', '#/migrations', '60 migrations'],
  ['story', `#/migrations/20261117_set_not_null_57?in=${SHOP}`, 'Similar migrations'],
  ['anomalies', '#/anomalies', 'How unusual each point was'],
  ['models', '#/models', 'Training done', ANSWERS],
  ['scoreboard', '#/models?view=scoreboard', 'By version', ANSWERS],
  ['feedback', '#/feedback', 'What really happened?', ANSWERS],
  ['report', '#/report', 'Made 2026-11-20', { ...ANSWERS, ...wholeEngine() }],
  ['report-compare', '#/report?view=compare', 'What it means', ANSWERS],
  ['schema', '#/schema', '0060_change_60', ANSWERS],
  ['schema-compare', '#/schema?view=compare', '1 difference loses data.', ANSWERS],
  ['schema-tables', '#/schema?view=tables&table=public.orders', 'Its history', ANSWERS],
  ['schema-diagram', '#/schema?view=diagram', '24 tables', ANSWERS],
  ['schema-groups', '#/schema?view=diagram', '200 tables', MANY_TABLES],
  ['schema-neighbours', '#/schema?view=diagram&table=public.orders&near=1', 'Referred to by', MANY_TABLES],
  ['schema-drift', '#/schema?view=drift', 'Live database', ANSWERS],
  ['governance', '#/governance', 'Findings', ANSWERS],
  ['settings', '#/settings', 'People and workspaces', ANSWERS],
  ['settings-engine', '#/settings?view=engine', 'Retraining', ANSWERS],
];

describe('pages as they were accepted', needs(chromium()), () => {
  let reason: string | undefined;
  before(async () => {
    const { page } = await openFake(wholeEngine(), '#/overview', NOW);
    const here = await madeWith(page);
    await page.context().close();
    mkdirSync(PICTURES, { recursive: true });
    if (accept) writeFileSync(MADE_WITH, `${JSON.stringify(here, undefined, 2)}\n`);
    const there = JSON.parse(readFileSync(MADE_WITH, 'utf8')) as typeof here;
    if (there.chromium !== here.chromium)
      reason = `the pictures are of Chromium ${there.chromium}, this is ${here.chromium}`;
    else if (there.fonts.join() !== here.fonts.join())
      reason = 'the fonts are others than those of the pictures';
  });

  for (const [name, route, complete, answers] of PLACES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`${name}, ${colorScheme}`, async (t) => {
        if (reason) return t.skip(reason);
        const { page, errors } = await openFake(answers ?? wholeEngine(), route, NOW, {
          colorScheme,
          viewport: { width: 1000, height: 660 },
          reducedMotion: 'reduce',
        });
        await page.getByText(complete).first().waitFor();
        await settled(page);
        const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
        assert.deepEqual(errors, []);
        await compare(t, page, `${name}-${colorScheme}.png`, picture);
        await page.context().close();
      });
    }
  }
});

/** What a picture depends on: the browser, and how wide the fonts draw. */
async function madeWith(page: Page): Promise<{ chromium: string; fonts: number[] }> {
  const fonts = await page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d');
    const { fontFamily } = getComputedStyle(document.body);
    const mono = getComputedStyle(document.documentElement).getPropertyValue('--mono');
    return [fontFamily, mono].map((family) => {
      if (context) context.font = `100px ${family}`;
      return Math.round(context?.measureText('Migrations fail 0123456789 mw').width ?? 0);
    });
  });
  return { chromium: (await browser()).version().split('.')[0] ?? '', fonts };
}

async function compare(t: TestContext, page: Page, name: string, picture: Buffer): Promise<void> {
  const path = join(PICTURES, name);
  if (accept) {
    writeFileSync(path, picture);
    t.diagnostic(`accepted ${name}`);
    return;
  }
  assert.ok(existsSync(path), `${name} was never accepted`);
  const share = await difference(page, readFileSync(path), picture);
  if (share > TOLERANCE) writeFileSync(join(PICTURES, name.replace('.png', '.actual.png')), picture);
  assert.ok(
    share <= TOLERANCE,
    `${(share * 100).toFixed(2)} % of ${name} is drawn otherwise; see ${name} beside .actual.png`,
  );
}

/** Share of the pixels that differ; 1 where the sizes do. The browser reads the pictures, so that no library must. */
function difference(page: Page, expected: Buffer, actual: Buffer): Promise<number> {
  return page.evaluate(
    async ([first, second, channel]) => {
      const pixels = async (base64: string) => {
        const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context?.drawImage(bitmap, 0, 0);
        return context?.getImageData(0, 0, bitmap.width, bitmap.height);
      };
      const [a, b] = await Promise.all([pixels(first), pixels(second)]);
      if (!a || !b || a.width !== b.width || a.height !== b.height) return 1;
      let different = 0;
      for (let i = 0; i < a.data.length; i += 4) {
        const off = [0, 1, 2].some(
          (part) => Math.abs((a.data[i + part] ?? 0) - (b.data[i + part] ?? 0)) > channel,
        );
        if (off) different++;
      }
      return different / (a.data.length / 4);
    },
    [expected.toString('base64'), actual.toString('base64'), CHANNEL] as const,
  );
}
