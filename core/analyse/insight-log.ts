/**
 * When an insight was first and last seen. The same one found again and again is one insight: its id says what it is
 * about, not when. Kept between runs; bounded, and what was not seen for long is forgotten.
 */
import type { Insight } from '../contract/analysis.ts';
import type { Kept } from '../kept.ts';

interface Seen {
  first: number;
  last: number;
}

const DAY = 86_400_000;
const FORGOTTEN_AFTER = 90 * DAY;
const MOST = 1_000;
/** How old the kept time of the last sighting may be. */
const KEEP_EVERY = 3_600_000;

export class InsightLog {
  readonly #kept: Kept;
  readonly #seen: Map<string, Seen>;
  #keptAt = Number.NEGATIVE_INFINITY;

  constructor(kept: Kept) {
    this.#kept = kept;
    this.#seen = new Map(read(kept));
  }

  /** The insights of an analysis that reaches until now, each with when it was first and last seen. */
  note(insights: readonly Insight[], workspace: string | undefined, now: number): Insight[] {
    let isNew = false;
    const noted = insights.map((insight) => {
      const key = `${workspace ?? ''}\n${insight.id}`;
      const first = this.#seen.get(key)?.first ?? now;
      isNew ||= !this.#seen.has(key);
      this.#seen.delete(key);
      this.#seen.set(key, { first, last: now });
      return { ...insight, firstSeen: new Date(first).toISOString(), lastSeen: new Date(now).toISOString() };
    });
    for (const [key, { last }] of [...this.#seen])
      if (now - last > FORGOTTEN_AFTER || this.#seen.size > MOST) this.#seen.delete(key);
    if (isNew || now - this.#keptAt > KEEP_EVERY) this.#keep(now);
    return noted;
  }

  /** Events were erased: what was seen in them goes too. */
  forget(): void {
    this.#seen.clear();
    this.#keep(this.#keptAt);
  }

  #keep(now: number): void {
    this.#keptAt = now;
    this.#kept.write({ seen: [...this.#seen] });
  }
}

/** Nothing where what is kept cannot be read: then everything is seen for the first time. */
function read(kept: Kept): [string, Seen][] {
  try {
    const { seen } = (kept.read() ?? {}) as { seen?: [string, Seen][] };
    return Array.isArray(seen) ? seen.filter(([, times]) => Number.isFinite(times?.first + times?.last)) : [];
  } catch {
    return [];
  }
}
