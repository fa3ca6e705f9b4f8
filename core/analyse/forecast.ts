/**
 * What comes next in a weekly series: simple exponential smoothing (Brown 1956). The interval is taken from how far
 * earlier forecasts were off; both are tried on the past, beside “as last week”.
 */
import { median, quantile } from '../numbers.ts';

export interface Forecast {
  /** For each week ahead: the value and the interval that eight of ten should lie in. */
  ahead: { value: number; low: number; high: number }[];
  /** How well it would have done, one week ahead. */
  backtest: { forecasts: number; error: number; naiveError: number; coverage: number };
}

const WEIGHTS = [0.1, 0.2, 0.35, 0.5, 0.8] as const;
const AHEAD = 4;
/** Values before the first forecast that counts, and forecasts before the first interval. */
const WARM_UP = 6;
const FEWEST_ERRORS = 8;
const FEWEST = WARM_UP + FEWEST_ERRORS + 4;

/** Undefined where there are fewer than eighteen weeks. */
export function forecast(values: readonly number[]): Forecast | undefined {
  if (values.length < FEWEST) return undefined;
  const tried = WEIGHTS.map((weight) => ({ weight, errors: errorsOf(values, weight, 1) }));
  const chosen = tried.reduce((best, one) =>
    meanAbsolute(one.errors) < meanAbsolute(best.errors) ? one : best,
  );
  const level = levels(values, chosen.weight).at(-1) ?? 0;
  const ahead = Array.from({ length: AHEAD }, (_, i) => {
    const errors = errorsOf(values, chosen.weight, i + 1);
    return { value: level, low: level + quantile(errors, 0.1), high: level + quantile(errors, 0.9) };
  });
  return { ahead, backtest: backtest(values) };
}

/** Each week is forecast with the weight and the interval that the weeks before it would have chosen. */
function backtest(values: readonly number[]): Forecast['backtest'] {
  const of = WEIGHTS.map((weight) => errorsOf(values, weight, 1));
  const errors: number[] = [];
  const naive: number[] = [];
  let covered = 0;
  const count = of[0]?.length ?? 0;
  for (let t = FEWEST_ERRORS; t < count; t++) {
    const before = of.map((all) => all.slice(0, t));
    const best = before.reduce(
      (chosen, all, i) => (meanAbsolute(all) < meanAbsolute(before[chosen] ?? []) ? i : chosen),
      0,
    );
    const error = of[best]?.[t] ?? 0;
    errors.push(Math.abs(error));
    const at = WARM_UP + t;
    naive.push(Math.abs((values[at] ?? 0) - (values[at - 1] ?? 0)));
    const earlier = before[best] ?? [];
    if (error >= quantile(earlier, 0.1) && error <= quantile(earlier, 0.9)) covered++;
  }
  return {
    forecasts: errors.length,
    error: median(errors),
    naiveError: median(naive),
    coverage: covered / Math.max(1, errors.length),
  };
}

/** What was seen less what had been forecast `ahead` weeks before. */
function errorsOf(values: readonly number[], weight: number, ahead: number): number[] {
  const smooth = levels(values, weight);
  const errors: number[] = [];
  for (let t = WARM_UP - 1; t + ahead < values.length; t++)
    errors.push((values[t + ahead] as number) - (smooth[t] as number));
  return errors;
}

function levels(values: readonly number[], weight: number): number[] {
  let level = values[0] ?? 0;
  return values.map((value, i) => {
    // The first values weigh as in a plain mean, so that the first one does not rule.
    level += Math.max(weight, 1 / (i + 1)) * (value - level);
    return level;
  });
}

function meanAbsolute(errors: readonly number[]): number {
  return errors.reduce((sum, error) => sum + Math.abs(error), 0) / Math.max(1, errors.length);
}
