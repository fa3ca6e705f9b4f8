/**
 * Opens the built pages without an engine: the preload bridge of the desktop app, its content security policy, and
 * answers from a table. What a page shows is then the same on every machine and at every time.
 */
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import type { SavedFile } from '../../core/contract/bridge.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { MethodName, Params, Result } from '../../core/contract/methods.ts';
import { pageHandler } from '../../desktop/main/app-pages.ts';
import { type OpenedPage, openPage } from '../support/browser.ts';

/** What the engine would say. A method that is not here is refused as not built in. */
export type Answers = { [M in MethodName]?: (params: Params<M>) => Result<M> | Promise<Result<M>> };

export interface FakePage extends OpenedPage {
  /** What was called, in order. */
  calls: { method: MethodName; params: unknown }[];
  /** The files that the page had the host save. */
  saved: SavedFile[];
  /** Goes to a route such as `#/events`. */
  goTo(route: string): Promise<void>;
  /** Sends live events to every subscription. */
  emit(events: readonly TelemetryEvent[]): Promise<void>;
}

const ORIGIN = 'https://pages.test';
const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'webview');

/** `now` is what the page's clock says. */
export async function openFake(
  answers: Answers,
  route: string,
  now: string,
  options: BrowserContextOptions = {},
): Promise<FakePage> {
  const opened = await openPage({ viewport: { width: 1440, height: 900 }, ...options });
  const { page } = opened;
  const calls: FakePage['calls'] = [];
  page.setDefaultTimeout(10_000);
  const files = pageHandler(BUILT);
  await page.route(`${ORIGIN}/**`, async (asked) => {
    const path = new URL(asked.request().url()).pathname;
    const answer = await files({ url: `aibos-app://app${path}`, method: 'GET' });
    await asked.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  });
  await page.exposeFunction('fakeCall', async (method: MethodName, params: unknown) => {
    calls.push({ method, params });
    try {
      const answer = answers[method] as ((given: unknown) => unknown) | undefined;
      if (!answer) throw new TelemetryError('unavailable', `${method} is not built in yet.`);
      return { result: await answer(params) };
    } catch (error) {
      return { problem: TelemetryError.from(error).toProblem() };
    }
  });
  const saved: SavedFile[] = [];
  await page.exposeFunction('fakeSave', (file: SavedFile) => void saved.push(file));
  await page.clock.setFixedTime(now);
  await page.addInitScript(installBridge);
  await page.goto(`${ORIGIN}/${route}`);
  await page.locator('#main').waitFor();
  return {
    ...opened,
    calls,
    saved,
    goTo: (to) => page.evaluate((target) => location.assign(target), to),
    emit: (events) =>
      page.evaluate((sent) => (globalThis as unknown as FakeWindow).fakeEmit(sent), [...events]),
  };
}

interface FakeWindow {
  fakeCall(method: string, params: unknown): Promise<object>;
  fakeSave(file: object): void;
  fakeEmit(events: unknown[]): void;
  aibos: { post(message: FakeMessage): void; listen(listener: (message: object) => void): () => void };
}

interface FakeMessage {
  kind: string;
  id?: number;
  method?: string;
  params?: unknown;
}

/** Runs in the page, before its own script. */
function installBridge(): void {
  const here = globalThis as unknown as FakeWindow;
  const listeners = new Set<(message: object) => void>();
  const subscriptions = new Set<number>();
  const say = (message: object) => {
    for (const listener of listeners) listener(message);
  };
  here.fakeEmit = (events) => {
    for (const id of subscriptions) say({ kind: 'events', id, events });
  };
  here.aibos = {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    post(message) {
      const { kind, id, method, params } = message;
      if (kind === 'ready') queueMicrotask(() => say({ kind: 'start' }));
      else if (kind === 'subscribe') subscriptions.add(Number(id));
      else if (kind === 'unsubscribe') subscriptions.delete(Number(id));
      else if (kind === 'save') here.fakeSave(message);
      else if (kind === 'request') {
        here.fakeCall(String(method), params).then((answer) => say({ kind: 'response', id, ...answer }));
      }
    },
  };
}
