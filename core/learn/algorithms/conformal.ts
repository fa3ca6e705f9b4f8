/**
 * Intervals that hold what they promise, whatever the model: widened, or narrowed, by what it took on cases that it was
 * not trained on (Vovk et al. 2005; for quantiles Romano, Patterson & Candès 2019, “CQR”).
 */

export interface Interval {
  low: number;
  high: number;
}

/**
 * How far each interval has to be moved outwards (inwards where negative) so that a new case lies inside with the
 * `coverage` asked for. With too few cases the furthest miss is what there is; 0 without any.
 */
export function conformalMargin(
  intervals: readonly Interval[],
  actual: readonly number[],
  coverage: number,
): number {
  const misses = intervals.map(({ low, high }, i) => {
    const value = actual[i] ?? Number.NaN;
    return Math.max(low - value, value - high);
  });
  return conformalQuantile(misses, coverage);
}

/** The `ceil((n + 1) coverage)`-th smallest: the finite-sample quantile of split conformal prediction. */
export function conformalQuantile(values: readonly number[], coverage: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.min(sorted.length, Math.ceil((sorted.length + 1) * coverage));
  return sorted[rank - 1] ?? 0;
}
