/** When a page is complete, and whether it fits its window. */
import type { Page } from 'playwright-core';

/** Nothing has changed for so long. */
const QUIET_MS = 250;

/** Until nothing loads any more, the fonts are there, and nothing has changed for a quarter of a second. */
export async function settled(page: Page): Promise<void> {
  await page.locator('.page .loading').first().waitFor({ state: 'detached' });
  await page.evaluate(async (quiet) => {
    await document.fonts.ready;
    await new Promise<void>((resolve) => {
      let timer = setTimeout(done, quiet);
      const observer = new MutationObserver(() => {
        clearTimeout(timer);
        timer = setTimeout(done, quiet);
      });
      function done() {
        if (document.querySelector('.page .loading')) {
          timer = setTimeout(done, quiet);
          return;
        }
        observer.disconnect();
        requestAnimationFrame(() => resolve());
      }
      observer.observe(document.body, { childList: true, subtree: true, attributes: true });
    });
  }, QUIET_MS);
}

/** By how many pixels the document is wider than its window. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
