/**
 * `npm run bench:ui`: the pages on one million events, in Chromium with the built bundle, beside what they are allowed.
 *
 *     npm run bench:ui -- [--json FILE] [--minutes N] [--events N] [--rounds N]
 *
 * The store is made once and kept in `.cache/bench-ui`; the live tail adds to it. Build first. Medians of several rounds;
 * on a busy machine every figure is worse than it is.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium as playwright } from 'playwright-core';
import { median } from '../../../core/numbers.ts';
import { chromium } from '../../support/requirements.ts';
import { bundle, firstPaint, liveTail, noteFirst, pageChange, scrolling } from './measures.ts';
import { startUiServer, storeFolder } from './server.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const PAGES_FOLDER = join(ROOT, 'dist', 'webview');
const PER_SECOND = 100;
const SCROLL_SECONDS = 15;
/** What the engine answers late is a figure too, not a reason to give up. */
const PATIENCE_MS = 600_000;

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
  },
});
const [minutes, events, rounds] = [values.minutes, values.events, values.rounds].map(Number) as [
  number,
  number,
  number,
];

interface Line {
  name: string;
  value: number;
  unit: string;
  /** At most; undefined where nothing was promised. */
  budget?: number;
  note?: string;
}
const lines: Line[] = [];

/** Keeps figures, and says each as soon as it is known: a run that is ended early has shown what it found. */
function measured(...found: Line[]): void {
  for (const line of found) console.error(`${line.name}: ${figure(line)}`);
  lines.push(...found);
}

const { found, missing } = chromium();
if (!found || !existsSync(join(PAGES_FOLDER, 'app.js'))) {
  console.error(missing ?? 'Run npm run build first.');
  process.exit(3);
}
const folder = join(ROOT, '.cache', 'bench-ui');
mkdirSync(folder, { recursive: true });
const server = await startUiServer(storeFolder(folder, events));
const browser = await playwright.launch({
  executablePath: found,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--enable-precise-memory-info'],
});
try {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  const { store } = await server.call<{ store: { events: number } }>('/api/telemetry/health');
  page.setDefaultTimeout(PATIENCE_MS);
  await noteFirst(page);
  // Signs in, and warms the engine: until nothing is awaited any more.
  await page.goto(server.url);
  await page.waitForSelector('.tile-value');
  await page.waitForFunction(() => !document.querySelector('.page .loading'));

  const size = bundle(PAGES_FOLDER);
  measured(
    { name: 'Bundle, gzip', value: size.gzip / 1_000, unit: 'kB', budget: 400 },
    { name: 'Bundle, brotli', value: size.brotli / 1_000, unit: 'kB' },
  );

  const paints = [];
  for (let i = 0; i < rounds; i++) paints.push(await firstPaint(page, server.base));
  measured(
    { name: 'First contentful paint', value: median(paints.map(({ first }) => first)), unit: 'ms' },
    {
      name: 'First meaningful paint, figures of the overview',
      value: median(paints.map(({ meaningful }) => meaningful)),
      unit: 'ms',
      budget: 1_000,
    },
  );

  const ids = await page.$$eval('nav a', (links) =>
    links.map((link) => link.getAttribute('href')?.replace(/^#\/|\?.*$/g, '') ?? ''),
  );
  for (const id of ids) {
    const changes = [];
    for (let i = 0; i < rounds; i++) {
      await pageChange(page, id === 'overview' ? 'events' : 'overview');
      changes.push(await pageChange(page, id));
    }
    measured(
      {
        name: `Change to ${id}, drawn`,
        value: median(changes.map(({ drawn }) => drawn)),
        unit: 'ms',
        budget: 200,
      },
      {
        name: `Change to ${id}, with content`,
        value: median(changes.map(({ content }) => content)),
        unit: 'ms',
      },
    );
  }

  await pageChange(page, 'events');
  const scrolled = await scrolling(page, SCROLL_SECONDS);
  measured(
    {
      name: 'Long tasks while scrolling',
      value: scrolled.longTasks.length,
      unit: '',
      budget: 0,
      note: `${scrolled.rows} rows in ${SCROLL_SECONDS} s`,
    },
    { name: 'Longest task over 50 ms', value: Math.max(0, ...scrolled.longTasks), unit: 'ms', budget: 50 },
    {
      name: 'Longest task, processor’s time',
      value: Math.max(0, ...scrolled.working),
      unit: 'ms',
      budget: 50,
      note: 'whatever else runs on the machine',
    },
    { name: 'Frame while scrolling, median', value: median(scrolled.frames), unit: 'ms' },
  );

  await page.goto('about:blank');
  await page.goto(`${server.base}/#/events?type=all`);
  await page.waitForSelector('.event-row');
  const tail = await liveTail(page, server, {
    minutes,
    perSecond: PER_SECOND,
    onMinute: (minute) => console.error(`live tail: ${minute} of ${minutes} minutes`),
  });
  const note = `${tail.events} events in ${minutes} minutes`;
  measured({
    name: 'JavaScript heap after live tail',
    value: tail.heap / 1e6,
    unit: 'MB',
    budget: 200,
    note,
  });
  if (tail.resident !== undefined)
    measured({
      name: 'Private memory of the page’s process',
      value: tail.resident / 1e6,
      unit: 'MB',
      budget: 200,
      note: 'Chromium’s own part included',
    });

  console.log(table(store.events));
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ events: store.events, minutes, lines }, undefined, 2)}\n`);
} finally {
  await browser.close();
  await server.close();
}

function figure({ value, unit }: Pick<Line, 'value' | 'unit'>): string {
  return `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })} ${unit}`.trim();
}

function table(stored: number): string {
  const rows = lines.map(({ name, value, unit, budget, note }) => [
    name,
    figure({ value, unit }),
    budget === undefined ? '' : `${budget.toLocaleString('en-US')} ${unit}`.trim(),
    budget === undefined ? '' : value <= budget ? 'kept' : 'MISSED',
    note ?? '',
  ]);
  const head = [`On ${stored.toLocaleString('en-US')} events`, 'measured', 'at most', '', ''];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => (row[i] ?? '').length)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => (i === 1 || i === 2 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
