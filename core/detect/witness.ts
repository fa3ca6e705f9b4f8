/**
 * One way to look at a series. A witness knows the usual level and spread of its quantity, and how large its own alarms
 * have been so far: what cries every day weighs little, what never cried weighs much.
 */
import type { DetectorSettings } from './settings.ts';

/** Share of the level that counts as spread, so that rounding errors of a constant are no news. */
const LEVEL_NOISE = 1e-3;
const TINY = 1e-9;

export interface WitnessState {
  seen: number;
  mean: number;
  variance: number;
  quiet: number;
  alarms: number[];
}

export class Witness {
  seen = 0;
  mean = 0;
  variance = 0;
  readonly #settings: DetectorSettings;
  /** Distance that the next alarm must exceed; it fades. */
  #quiet = 0;
  #alarms: number[] = [];
  #sum = 0;

  constructor(settings: DetectorSettings) {
    this.#settings = settings;
  }

  /**
   * Judges a quantity by those before it, then learns it. `fade` (0 to 1) is what remains of the demand on repeated alarms.
   * Returns its evidence: 1 is as much as this witness's usual alarm.
   */
  hear(quantity: number, fade: number): number {
    const { warmUp, memory } = this.#settings;
    const change = quantity - this.mean;
    const spread = Math.sqrt(this.variance) + TINY + LEVEL_NOISE * Math.abs(this.mean);
    const distance = this.seen < warmUp ? 0 : Math.abs(change) / spread;
    this.seen++;
    const weight = 1 / Math.min(this.seen, memory);
    this.mean += weight * change;
    this.variance = (1 - weight) * (this.variance + weight * change * change);
    return this.weigh(distance, fade);
  }

  /** Evidence of a distance in units of the usual spread, which is 0 or more. */
  weigh(distance: number, fade: number): number {
    const { knee, priorAlarms, priorAlarmSize, repeatFactor } = this.#settings;
    this.#quiet *= fade;
    if (distance <= 0) return 0;
    const size = knee * Math.log1p(distance / knee);
    const usual = (this.#sum + priorAlarms * priorAlarmSize) / (this.#alarms.length + priorAlarms);
    if (size > this.#quiet) {
      this.#remember(size);
      this.#quiet = size * repeatFactor;
    }
    return size / usual;
  }

  /** Keeps the largest alarms. */
  #remember(size: number): void {
    const alarms = this.#alarms;
    if (alarms.length < this.#settings.alarmMemory) {
      alarms.push(size);
    } else {
      let least = 0;
      for (let i = 1; i < alarms.length; i++) if ((alarms[i] ?? 0) < (alarms[least] ?? 0)) least = i;
      if (size <= (alarms[least] ?? 0)) return;
      alarms[least] = size;
    }
    this.#sum = sum(alarms);
  }

  save(): WitnessState {
    const { seen, mean, variance } = this;
    return { seen, mean, variance, quiet: this.#quiet, alarms: [...this.#alarms] };
  }

  restore(state: WitnessState): void {
    this.seen = state.seen;
    this.mean = state.mean;
    this.variance = state.variance;
    this.#quiet = state.quiet;
    this.#alarms = [...state.alarms];
    this.#sum = sum(this.#alarms);
  }
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
