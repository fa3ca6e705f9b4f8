/** Opens the built pages of a test's server in Chromium. */
import { after } from 'node:test';
import type { BrowserContextOptions, Locator } from 'playwright-core';
import { browser, type OpenedPage, openPage } from '../support/browser.ts';
import type { TestServer } from '../support/engine.ts';
import { chromium } from '../support/requirements.ts';
import type { TestScope } from '../support/temp.ts';

// A browser that a test starts ends with that test; this one is started for the whole file.
if (chromium().found) await browser();

/** A scope that ends after the suite in whose body this is called. */
export function suiteScope(): TestScope {
  const works: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const work of works.reverse()) await work();
  });
  return { after: (work) => void works.push(work) };
}

/** Signs in by the address that the terminal prints, then goes to a route such as `#/events`. */
export async function openPages(
  server: Pick<TestServer, 'url'>,
  route = '',
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const opened = await openPage({ viewport: { width: 1440, height: 900 }, ...options });
  opened.page.setDefaultTimeout(10_000);
  await opened.page.goto(server.url);
  await opened.page.locator('#main').waitFor();
  if (route) await opened.page.evaluate((to) => location.assign(to), route);
  return opened;
}

/** What a reader sees, in one line. */
export async function textOf(locator: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not seen
  return (await locator.innerText()).replace(/\s+/g, ' ').trim();
}
