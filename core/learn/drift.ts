/** How far what is seen now is from what a model was trained on. */
import type { FeatureDrift } from '../contract/accuracy.ts';
import { median, quantileSorted, significant } from '../numbers.ts';

/** A feature as it was in training: its bins and the share of rows in each. JSON. */
export interface Reference {
  feature: string;
  unit: string;
  /** Upper bounds of all bins but the last. */
  bounds: number[];
  shares: number[];
  rows: number;
  median: number;
}

const BINS = 10;
const DRIFTED = 0.2;
const MOVING = 0.1;
/** A share of nothing has no logarithm. */
const LEAST_SHARE = 1e-3;
/** Fewer recent rows say nothing about drift. */
export const FEWEST_RECENT = 30;

/** @param column of the rows that were trained on; NaN is missing */
export function referenceOf(feature: string, unit: string, column: readonly number[]): Reference {
  const known = Float64Array.from(column.filter((value) => !Number.isNaN(value))).sort();
  const bounds = new Set<number>();
  for (let i = 1; i < BINS; i++) {
    const bound = quantileSorted(known, i / BINS);
    if (Number.isFinite(bound)) bounds.add(bound);
  }
  // What lies above everything seen has a bin of its own, which a column of one value needs most.
  if (known.length > 0) bounds.add(known.at(-1) as number);
  const sorted = [...bounds];
  return {
    feature,
    unit,
    bounds: sorted,
    shares: sharesOf(known, sorted),
    rows: known.length,
    median: significant(median(known)),
  };
}

/**
 * The population stability index, Σ (q − p)·ln(q / p) over the bins of training, less what chance alone gives with so
 * few rows: (bins − 1)·(1/n + 1/m) is its expectation without drift (Yurdakul 2018). Values below 0 count as 0.
 */
export function driftOf(
  { feature, unit, bounds, shares, rows, median: before }: Reference,
  recent: readonly number[],
): FeatureDrift {
  const known = recent.filter((value) => !Number.isNaN(value));
  const now = sharesOf(known, bounds);
  const raw = now.reduce((sum, share, i) => {
    const q = Math.max(share, LEAST_SHARE);
    const p = Math.max(shares[i] ?? 0, LEAST_SHARE);
    return sum + (q - p) * Math.log(q / p);
  }, 0);
  const chance = bounds.length * (1 / Math.max(1, known.length) + 1 / Math.max(1, rows));
  const psi = known.length < FEWEST_RECENT || rows === 0 ? 0 : significant(Math.max(0, raw - chance));
  return {
    feature,
    unit,
    psi,
    state: psi > DRIFTED ? 'drifted' : psi > MOVING ? 'moving' : 'steady',
    ...(Number.isFinite(before) ? { trainedMedian: before } : {}),
    ...(known.length > 0 ? { recentMedian: significant(median(known)) } : {}),
  };
}

/**
 * Whether recent losses are higher than those on the hold-out: by more than two standard errors of their mean. Losses of
 * both are of the same kind.
 */
export function errorDrift(recent: readonly number[], onHoldOut: number): boolean {
  if (recent.length < FEWEST_RECENT) return false;
  const mean = recent.reduce((a, b) => a + b, 0) / recent.length;
  const variance = recent.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (recent.length - 1);
  return mean - onHoldOut > 2 * Math.sqrt(variance / recent.length);
}

function sharesOf(values: ArrayLike<number>, bounds: readonly number[]): number[] {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    let bin = 0;
    while (bin < bounds.length && value > (bounds[bin] as number)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((count) => count / Math.max(1, values.length));
}
