/** Whether one model is better than another, by resampling the hold-out. */
import { mean, quantileSorted, seededRandom, significant } from '../numbers.ts';

const RESAMPLES = 1_000;

export interface Difference {
  low: number;
  median: number;
  high: number;
}

/** The rule in words, as it goes with every contest. */
export const WIN_RULE =
  'wins where the 90 % bootstrap interval of the improvement on the hold-out lies above 0 (1,000 resamples, seeded)';

/**
 * How much lower the mean loss of `losses` is than that of `other`, on the same rows: the median and the 90 % interval
 * of the paired bootstrap (Efron 1979), percentile method.
 */
export function improvement(other: readonly number[], losses: readonly number[], seed: number): Difference {
  const differences = losses.map((loss, i) => (other[i] ?? 0) - loss);
  return bootstrap(differences.length, seed, (places) => mean(places.map((i) => differences[i] as number)));
}

/** Median and 90 % interval of a figure over resampled rows; resamples for which it is not defined are passed over. */
export function bootstrap(rows: number, seed: number, figure: (places: number[]) => number): Difference {
  const random = seededRandom(seed);
  const figures: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const value = figure(Array.from({ length: rows }, () => Math.floor(random() * rows)));
    if (Number.isFinite(value)) figures.push(value);
  }
  const sorted = Float64Array.from(figures).sort();
  const at = (p: number) => significant(quantileSorted(sorted, p));
  return { low: at(0.05), median: at(0.5), high: at(0.95) };
}

export function wins({ low }: Difference): boolean {
  return low > 0;
}
