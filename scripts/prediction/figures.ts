/** Figures by which predictions are judged. */
import { auc, brier } from '../../core/learn/metrics.ts';
import { median } from '../../core/numbers.ts';

export interface FailureFigures {
  cases: number;
  failed: number;
  auroc: number;
  brier: number;
  ece: number;
}

export function failureFigures(said: readonly number[], failed: readonly boolean[]): FailureFigures {
  return {
    cases: said.length,
    failed: failed.filter(Boolean).length,
    auroc: auc(said, failed),
    brier: brier(said, failed),
    ece: calibrationError(said, failed),
  };
}

/** Expected calibration error over ten bins of equal width (Naeini et al. 2015). */
export function calibrationError(said: readonly number[], failed: readonly boolean[]): number {
  const bins = Array.from({ length: 10 }, () => ({ count: 0, said: 0, failed: 0 }));
  said.forEach((p, i) => {
    const bin = bins[Math.min(9, Math.floor(p * 10))];
    if (!bin) return;
    bin.count++;
    bin.said += p;
    bin.failed += Number(failed[i] ?? false);
  });
  return bins.reduce((sum, bin) => sum + Math.abs(bin.said - bin.failed), 0) / Math.max(1, said.length);
}

export interface DurationFigures {
  cases: number;
  /** Median of |log₁₀(actual / predicted)|, and of the regression on row count. */
  error: number;
  rowsOnly: number;
  /** Share inside the 80 % interval, and its width as a factor. */
  coverage: number;
  width: number;
}

export function durationFigures(
  cases: readonly { p10: number; p50: number; p90: number; ms: number; rows: number }[],
  rowsOnly: (rows: number) => number,
): DurationFigures {
  return {
    cases: cases.length,
    error: median(cases.map(({ p50, ms }) => Math.abs(Math.log10(ms / p50)))),
    rowsOnly: median(cases.map(({ rows, ms }) => Math.abs(Math.log10(ms / rowsOnly(rows))))),
    coverage: cases.filter(({ p10, p90, ms }) => ms >= p10 && ms <= p90).length / cases.length,
    width: median(cases.map(({ p10, p90 }) => p90 / p10)),
  };
}

/** Least squares of the logarithm of the duration on that of the rows: what a row count alone tells. */
export function rowRegression(cases: readonly { rows: number; ms: number }[]): (rows: number) => number {
  const points = cases.map(({ rows, ms }) => ({ x: Math.log10(1 + rows), y: Math.log10(ms) }));
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const slope = mean(({ x, y }) => (x - mx) * (y - my)) / mean(({ x }) => (x - mx) ** 2);
  return (rows) => 10 ** (my + slope * (Math.log10(1 + rows) - mx));
}
