/**
 * `npm run pictures`: every page as a reader sees it, for review. Opens the built pages on the real engine, wide, middling
 * and narrow, in light, dark and high contrast, and writes one PNG each; says what is wider than its window, what the
 * console said and what axe finds, on the terminal and in `findings.txt`. Build first.
 *
 *     npm run pictures -- OUT [--sample | --empty | --million | --repo PATH | --data FOLDER]
 *                             [--pages NAME,…] [--widths N,…] [--schemes light,dark,contrast]
 *
 * A page is a name of `pictures/places.ts`, the beginning of several, or a route such as `#/events?text=orders`.
 * `--data` is a data folder that is there already; it is not changed by looking at it, beyond what the pages do.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Page, chromium as playwright } from 'playwright-core';
import { startUiServer } from '../test/bench/ui/server.ts';
import { chromium } from '../test/support/requirements.ts';
import { violations } from '../test/webview/axe.ts';
import { settled, sidewaysScroll } from '../test/webview/settled.ts';
import { inRoot } from './lib.mjs';
import { type Place, placesOf } from './pictures/places.ts';
import { benchStore, type PictureStore, projectStore } from './pictures/store.ts';

const SCHEMES = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  contrast: { colorScheme: 'dark', forcedColors: 'active' },
} as const;
type Scheme = keyof typeof SCHEMES;

const HEIGHTS: Readonly<Record<number, number>> = { 1440: 900, 1024: 768, 380: 800 };
/** A picture ends here: what is longer says no more. */
const LONGEST = 3_000;
const MILLION = 1_000_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'boolean' },
    empty: { type: 'boolean' },
    million: { type: 'boolean' },
    repo: { type: 'string' },
    data: { type: 'string' },
    pages: { type: 'string', default: '' },
    widths: { type: 'string', default: '1440,1024,380' },
    schemes: { type: 'string', default: 'light,dark,contrast' },
  },
});
const [out] = positionals;
const { found, missing } = chromium();
if (!found || !existsSync(inRoot('dist', 'webview', 'app.js'))) {
  console.error(missing ?? 'Run npm run build first.');
  process.exit(3);
}
if (!out) {
  console.error('Say where the pictures go: npm run pictures -- OUT');
  process.exit(2);
}
const places = placesOf(parts(values.pages));
const widths = parts(values.widths).map(Number);
const schemes = parts(values.schemes).filter((name): name is Scheme => name in SCHEMES);
const findings: string[] = [];

mkdirSync(out, { recursive: true });
const store = storeAsked();
const server = await startUiServer(store.folder);
const browser = await playwright.launch({ executablePath: found, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  let where = 'signing in';
  const said = (text: string) => note(where, `console: ${text}`);
  page.on('console', (message) => message.type() === 'error' && said(message.text()));
  page.on('pageerror', (error) => said(String(error)));
  await page.goto(server.url);
  await page.locator('#main').waitFor();
  for (const width of widths) {
    await page.setViewportSize({ width, height: HEIGHTS[width] ?? 900 });
    for (const scheme of schemes) {
      await page.emulateMedia({ ...SCHEMES[scheme], reducedMotion: 'reduce' });
      for (const place of places) {
        where = `${place.name}-${width}-${scheme}`;
        await goTo(page, server.base, place);
        await picture(page, join(out, `${where}.png`));
        const beyond = await sidewaysScroll(page);
        if (beyond > 0) note(where, `${beyond} px wider than the window`);
        for (const one of await violations(page)) note(where, one);
      }
    }
  }
} finally {
  await browser.close();
  await server.close();
  store.remove();
}
writeFileSync(join(out, 'findings.txt'), findings.map((line) => `${line}\n`).join(''));
console.log(
  `${places.length * widths.length * schemes.length} pictures in ${out}, ${findings.length} findings`,
);

function parts(list: string): string[] {
  return list.split(',').filter(Boolean);
}

function storeAsked(): PictureStore {
  if (values.data) return { folder: resolve(values.data), remove: () => undefined };
  if (values.million) return benchStore(MILLION);
  if (values.empty) return projectStore();
  return projectStore(values.repo ? resolve(values.repo) : inRoot('docs', 'sample-project'));
}

function note(where: string, what: string): void {
  findings.push(`${where}: ${what}`);
  console.log(`${where}: ${what}`);
}

/** Opens a place anew, so that nothing of the one before is left, and does its steps. */
async function goTo(page: Page, base: string, { route, steps = [] }: Place): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${base}/${route}`);
  await page.locator('#main').waitFor();
  await settled(page);
  for (const step of steps) {
    if ('press' in step) await page.keyboard.press(step.press);
    else {
      const target = page.locator(step.click).first();
      if ((await target.count()) > 0) await target.click();
    }
    await settled(page);
  }
}

/** The whole page, down to {@link LONGEST} pixels. */
async function picture(page: Page, path: string): Promise<void> {
  const size = page.viewportSize() ?? { width: 1440, height: 900 };
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.screenshot({
    path,
    fullPage: true,
    animations: 'disabled',
    caret: 'hide',
    clip: { x: 0, y: 0, width: size.width, height: Math.min(LONGEST, Math.max(size.height, height)) },
  });
}
