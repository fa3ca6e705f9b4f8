/** A headless Chromium for one test file. */
import { after } from 'node:test';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import { chromium } from './requirements.ts';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let launched: Promise<Browser> | undefined;

/** The file's browser; started on first use, closed after its last test. */
export function browser(): Promise<Browser> {
  if (!launched) {
    const { found, missing } = chromium();
    if (!found) throw new Error(missing);
    launched = playwright.launch({ executablePath: found, args: ARGUMENTS });
    after(async () => (await launched)?.close());
  }
  return launched;
}

export interface OpenedPage {
  page: Page;
  /** What the page said on its console as an error, and what it threw. */
  errors: string[];
}

/** A page in a profile of its own. */
export async function openPage(options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await (await browser()).newContext(options);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, errors };
}
