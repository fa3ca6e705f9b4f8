/** What is measured of the pages, each on a page that is signed in. Times in milliseconds, of the page's own clock. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';

import type { UiServer } from './server.ts';

/** What stands on a page once it shows what it is for. */
const CONTENT: Record<string, string> = {
  overview: '.tile-value',
  events: '.event-row',
  migrations: '.migration-name, .state',
  anomalies: '.series-item, .state',
};

/** From the navigation to the first figures, and to the first paint of anything. */
export async function firstPaint(page: Page, base: string): Promise<{ first: number; meaningful: number }> {
  await page.goto('about:blank');
  await page.goto(base, { waitUntil: 'commit' });
  await page.waitForSelector(CONTENT.overview ?? '');
  return page.evaluate(async () => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    // Marked by the script below when the figures were drawn.
    const meaningful = (globalThis as { aibosDrawn?: number }).aibosDrawn ?? performance.now();
    return { first: paint?.startTime ?? Number.NaN, meaningful };
  });
}

/** Notes when an element first stands on the page and was painted. */
export async function noteFirst(page: Page, selector = CONTENT.overview ?? ''): Promise<void> {
  await page.addInitScript((wanted) => {
    const look = () => {
      if (!document.querySelector(wanted)) return;
      observer.disconnect();
      requestAnimationFrame(() => {
        (globalThis as { aibosDrawn?: number }).aibosDrawn = performance.now();
      });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
  }, selector);
}

/** From the press on a link of the navigation until the page is drawn, and until it shows what it is for. */
export async function pageChange(page: Page, id: string): Promise<{ drawn: number; content: number }> {
  return page.evaluate(
    async ([target, selector]) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const link = document.querySelector<HTMLElement>(`nav a[href^="#/${target}"]`);
      const began = performance.now();
      link?.click();
      await frame();
      const drawn = performance.now() - began;
      const loading = () =>
        selector
          ? !document.querySelector(`.page :is(${selector})`)
          : document.querySelector('.page .loading');
      while (loading() && performance.now() - began < 30_000) await frame();
      await frame();
      return { drawn, content: performance.now() - began };
    },
    [id, CONTENT[id] ?? ''] as const,
  );
}

/**
 * Tasks of the page's thread while the list is scrolled down and up again, the time between frames, and how far it came.
 * `longTasks` are those over 50 ms by the clock, as a reader meets them; `working` what each such task kept the processor
 * busy, which other programs on the machine do not change.
 */
export async function scrolling(
  page: Page,
  seconds: number,
): Promise<{ longTasks: number[]; working: number[]; rows: number; frames: number[] }> {
  await page.waitForSelector('.event-row');
  const working = await tracedTasks(page);
  const seen = await scrolled(page, seconds);
  return { ...seen, working: await working() };
}

/** Notes the processor's time of every task of the page's thread, in milliseconds, until asked for them. */
async function tracedTasks(page: Page): Promise<() => Promise<number[]>> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    events.push(...(value as unknown as TraceEvent[]));
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'disabled-by-default-devtools.timeline'] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
    await session.send('Tracing.end');
    await complete;
    await session.detach();
    const main = events.find(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
    return events
      .filter(({ name, pid, tid }) => name === 'RunTask' && pid === main?.pid && tid === main?.tid)
      .map(({ tdur }) => (tdur ?? 0) / 1_000);
  };
}

/** A part of a trace of Chromium; times in microseconds. */
interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Time of the processor. */
  tdur?: number;
  args?: { name?: string };
}

function scrolled(
  page: Page,
  seconds: number,
): Promise<{ longTasks: number[]; rows: number; frames: number[] }> {
  return page.evaluate(async (length) => {
    const longTasks: number[] = [];
    const frames: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasks.push(duration);
    });
    observer.observe({ entryTypes: ['longtask'] });
    const box = document.querySelector('.event-scroll');
    const began = performance.now();
    let last = began;
    let pixels = 0;
    // Two thirds of the time down, as fast as a hard flick; then up again.
    while (performance.now() - began < length * 1_000) {
      const down = performance.now() - began < (length * 2_000) / 3;
      const before = box?.scrollTop ?? 0;
      box?.scrollBy(0, down ? 120 : -120);
      pixels += Math.abs((box?.scrollTop ?? 0) - before);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = performance.now();
      frames.push(now - last);
      last = now;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    observer.disconnect();
    return { longTasks, frames, rows: Math.round(pixels / 34) };
  }, seconds);
}

/** Live tail at `perSecond` events for so many minutes; the page's memory after a collection, in bytes. */
export async function liveTail(
  page: Page,
  server: UiServer,
  {
    minutes,
    perSecond,
    onMinute,
  }: { minutes: number; perSecond: number; onMinute: (minute: number) => void },
): Promise<{ heap: number; resident: number | undefined; events: number }> {
  const session = await page.context().newCDPSession(page);
  const end = Date.now() + minutes * 60_000;
  let sent = 0;
  let said = 0;
  const began = Date.now();
  while (Date.now() < end) {
    const due = Math.floor(((Date.now() - began) / 1_000) * perSecond) - sent;
    if (due > 0) {
      await server.call('/api/telemetry/events', {
        events: Array.from({ length: due }, (_, i) => liveEvent(sent + i)),
      });
      sent += due;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    const minute = Math.floor((Date.now() - began) / 60_000);
    if (minute > said) {
      said = minute;
      onMinute(minute);
    }
  }
  return { ...(await memory(session, page)), events: sent };
}

function liveEvent(n: number) {
  return {
    type: 'user_interaction',
    source: 'bench:ui',
    data: { action: 'save_migration', target: `migrations/${n}.sql` },
  };
}

async function memory(
  session: CDPSession,
  page: Page,
): Promise<{ heap: number; resident: number | undefined }> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
  return { heap, resident: await rendererMemory(page) };
}

/** Private memory of the page's process, where the system says it: the largest renderer of this browser. */
async function rendererMemory(page: Page): Promise<number | undefined> {
  const browser = page.context().browser() as Browser;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .flatMap(({ id }) => privateBytes(id) ?? []);
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}

/** From `/proc`; undefined on other systems. */
function privateBytes(processId: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${processId}/smaps_rollup`, 'utf8');
    const kilobytes = [...text.matchAll(/^Private_\w+:\s+(\d+) kB$/gm)].map(([, size]) => Number(size));
    return kilobytes.reduce((sum, size) => sum + size, 0) * 1_024;
  } catch {
    return undefined;
  }
}

/** Script and style of the pages, compressed as a server would. */
export function bundle(folder: string): { gzip: number; brotli: number } {
  const files = ['app.js', 'app.css'].map((name) => readFileSync(join(folder, name)));
  const sum = (compress: (file: Buffer) => Buffer) =>
    files.reduce((total, file) => total + compress(file).length, 0);
  return {
    gzip: sum((file) => gzipSync(file, { level: 9 })),
    brotli: sum((file) => brotliCompressSync(file)),
  };
}
