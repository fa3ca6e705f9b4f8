/** A walk through a page with the Tab key, as somebody without a mouse makes it. */
import type { Page } from 'playwright-core';

export interface Walk {
  /** How many things had the focus. */
  stops: number;
  /** What went wrong at which stop, or could not be reached. */
  faults: string[];
}

/** More stops than any page has: whoever walks longer is trapped. */
const MOST_STOPS = 600;

/**
 * Tabs from the beginning of the document to its end. At each stop the focus must be drawn, be in the window and not be
 * covered (WCAG 2.4.7, 2.4.11). What could have the focus and never had it is a fault, too. How large a target is axe
 * looks at.
 */
export async function walk(page: Page): Promise<Walk> {
  await page.evaluate(() => {
    // The next Tab goes on from where this was.
    const start = document.createElement('span');
    start.tabIndex = -1;
    document.body.prepend(start);
    start.focus();
    start.remove();
    scrollTo(0, 0);
    for (const one of document.querySelectorAll('[data-walked]')) one.removeAttribute('data-walked');
  });
  const faults: string[] = [];
  for (let stops = 0; stops < MOST_STOPS; stops++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(lookAtFocus);
    if (stop.ended) return { stops, faults: [...faults, ...(await page.evaluate(neverReached))] };
    faults.push(...stop.faults);
  }
  return { stops: MOST_STOPS, faults: [...faults, 'The walk does not end: the focus is trapped.'] };
}

/** Runs in the page. */
function lookAtFocus(): { ended: boolean; faults: string[] } {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body || at.hasAttribute('data-walked'))
    return { ended: true, faults: [] };
  at.setAttribute('data-walked', '');
  const name = `${at.tagName.toLowerCase()} “${(at.getAttribute('aria-label') ?? at.textContent ?? at.id).trim().slice(0, 50)}”`;
  const faults: string[] = [];
  // A hidden input draws its focus on the label beside it.
  const drawn = at.matches('input:is([type="radio"], [type="checkbox"])')
    ? ((at.nextElementSibling as HTMLElement | null) ?? at)
    : at;
  const styles = [at, drawn, at.parentElement ?? at].map((one) => getComputedStyle(one));
  const seen = styles.some(
    ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1,
  );
  if (!seen) faults.push(`${name}: the focus is not drawn`);
  const box = drawn.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 60)];
  if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) faults.push(`${name}: outside of the window`);
  else {
    const top = document.elementFromPoint(x, y);
    const own = top && (drawn.contains(top) || top.contains(drawn));
    // What the pointer goes through is not found by it.
    if (!own && getComputedStyle(drawn).pointerEvents !== 'none')
      faults.push(`${name}: covered by ${top?.tagName.toLowerCase()}.${top?.className}`);
  }
  return { ended: false, faults };
}

/** Runs in the page: what can be pressed and never had the focus. One of a group of radios or of a roving list is enough. */
function neverReached(): string[] {
  const tabbable = document.querySelectorAll<HTMLElement>(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]',
  );
  return [...tabbable]
    .filter((one) => {
      if (one.hasAttribute('data-walked') || one.tabIndex < 0 || one.matches(':disabled')) return false;
      if (!one.checkVisibility({ visibilityProperty: true })) return false;
      if (one instanceof HTMLInputElement && one.type === 'radio') {
        const group = document.querySelectorAll<HTMLInputElement>(`input[name="${one.name}"]`);
        return ![...group].some((other) => other.hasAttribute('data-walked'));
      }
      return true;
    })
    .map(
      (one) => `never reached: ${one.tagName.toLowerCase()} “${(one.textContent ?? '').trim().slice(0, 50)}”`,
    );
}
