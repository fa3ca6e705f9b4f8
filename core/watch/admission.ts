/**
 * Which newcomer is worth the place of one that is there: who was seen more often lately (TinyLFU: Einziger, Friedman,
 * Manes 2017). Thousands of subjects that are seen once must not drive out the few that recur, nor cost a detector each.
 */
import { hashText } from '../store/hash.ts';

/** Counters; a power of two. */
const COUNTERS = 4_096;
const MOST = 15;
/** Subjects seen before all counts are halved, so that the past fades. */
const HALVE_EVERY = 8_192;

/** How often each subject was seen lately: an estimate that is never too low, in a few kilobytes whatever the number. */
export class Popularity {
  readonly #counts = new Uint8Array(COUNTERS);
  #seen = 0;

  see(id: string): void {
    const [first, second] = placesOf(id);
    const least = Math.min(this.#counts[first] as number, this.#counts[second] as number);
    if (least < MOST)
      for (const place of [first, second]) if (this.#counts[place] === least) this.#counts[place] = least + 1;
    if (++this.#seen < HALVE_EVERY) return;
    this.#seen = 0;
    for (let place = 0; place < COUNTERS; place++) this.#counts[place] = (this.#counts[place] as number) >> 1;
  }

  of(id: string): number {
    const [first, second] = placesOf(id);
    return Math.min(this.#counts[first] as number, this.#counts[second] as number);
  }
}

function placesOf(id: string): [number, number] {
  const hash = hashText(id);
  return [hash & (COUNTERS - 1), (hash >>> 16) & (COUNTERS - 1)];
}
