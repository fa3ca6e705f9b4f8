/** The detector and what it is compared with. */
import { StreamDetector } from '../../../core/detect/detector.ts';
import { type DetectorSettings, SETTINGS } from '../../../core/detect/settings.ts';
import type { LabelledSeries } from './series.ts';

export interface Scorer {
  push(time: number, value: number): number;
}

export const DETECTOR = 'this detector';

export const CONTENDERS: Readonly<Record<string, () => Scorer>> = {
  [DETECTOR]: () => new StreamDetector(),
  'rolling z-score': () => new RollingZ(300),
  'new minimum or maximum': () => new NewExtreme(),
  'alarm every 400 values': () => new FixedInterval(400),
};

/** The frozen settings, and those one step to either side of each that matters. */
export function neighbours(): DetectorSettings[] {
  const steps: Partial<DetectorSettings>[] = [
    {},
    { calmHours: 10 },
    { calmHours: 14 },
    { knee: 1.5 },
    { knee: 3 },
    { alarmMemory: 20 },
    { alarmMemory: 30 },
    { priorAlarms: 3 },
    { priorAlarms: 6 },
    { memory: 3000 },
    { memory: 8000 },
    { warmUp: 30 },
    { rangeUnit: 0.0025 },
    { rangeUnit: 0.01 },
  ];
  return steps.map((step) => ({ ...SETTINGS, ...step }));
}

export function scoresOf(series: LabelledSeries, scorer: Scorer): Float64Array {
  const { times, values } = series;
  const scores = new Float64Array(values.length);
  for (let i = 0; i < scores.length; i++)
    scores[i] = scorer.push(times[i] ?? Number.NaN, values[i] ?? Number.NaN);
  return scores;
}

/** Distance from the mean of the last `length` values in their standard deviations. */
class RollingZ implements Scorer {
  readonly #values: Float64Array;
  #count = 0;
  #sum = 0;
  #squares = 0;

  constructor(length: number) {
    this.#values = new Float64Array(length);
  }

  push(_time: number, value: number): number {
    const { length } = this.#values;
    const count = Math.min(this.#count, length);
    const mean = this.#sum / count;
    const deviation = Math.sqrt(Math.max(0, this.#squares / count - mean * mean));
    const score = count < 10 ? 0 : Math.abs(value - mean) / (deviation + 1e-3 * Math.abs(mean) + 1e-9);
    const place = this.#count++ % length;
    if (count === length) {
      const oldest = this.#values[place] ?? 0;
      this.#sum -= oldest;
      this.#squares -= oldest * oldest;
    }
    this.#values[place] = value;
    this.#sum += value;
    this.#squares += value * value;
    return score;
  }
}

class NewExtreme implements Scorer {
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  push(_time: number, value: number): number {
    const news = value < this.#low || value > this.#high;
    this.#low = Math.min(this.#low, value);
    this.#high = Math.max(this.#high, value);
    return news ? 1 : 0;
  }
}

class FixedInterval implements Scorer {
  readonly #every: number;
  #count = 0;

  constructor(every: number) {
    this.#every = every;
  }

  push(): number {
    return ++this.#count % this.#every === 0 ? 1 : 0;
  }
}
