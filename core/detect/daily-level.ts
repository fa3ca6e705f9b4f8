/** What a series usually is at a time of day (UTC), half an hour at a time. */
import type { DetectorSettings } from './settings.ts';

const DAY = 86_400_000;
const SLOT = 1_800_000;
const SLOTS = DAY / SLOT;

export class DailyLevel {
  readonly #settings: DetectorSettings;
  readonly #levels = new Float64Array(SLOTS);
  readonly #seen = new Float64Array(SLOTS);

  constructor(settings: DetectorSettings) {
    this.#settings = settings;
  }

  /** The usual value at a time in milliseconds; `undefined` where too little was seen. */
  expect(time: number): number | undefined {
    const slot = slotOf(time);
    return (this.#seen[slot] ?? 0) < this.#settings.seasonDays ? undefined : this.#levels[slot];
  }

  learn(time: number, value: number): void {
    const slot = slotOf(time);
    const seen = (this.#seen[slot] ?? 0) + 1;
    const level = this.#levels[slot] ?? 0;
    this.#seen[slot] = seen;
    this.#levels[slot] = level + (value - level) * Math.max(this.#settings.seasonWeight, 1 / seen);
  }

  save(): { levels: number[]; seen: number[] } {
    return { levels: [...this.#levels], seen: [...this.#seen] };
  }

  restore(state: { levels: number[]; seen: number[] }): void {
    this.#levels.set(state.levels);
    this.#seen.set(state.seen);
  }
}

function slotOf(time: number): number {
  return Math.floor((((time % DAY) + DAY) % DAY) / SLOT);
}
