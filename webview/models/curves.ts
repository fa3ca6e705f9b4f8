/** Curves of the scoreboard as charts: what failure probabilities and durations were worth. */
import type { AccuracyReport, AccuracySlice, FailureAccuracy } from '../../core/contract/accuracy.ts';
import type { Axis, ChartSpec } from '../charts/spec.ts';
import { count, duration, figure, percent } from '../format/numbers.ts';

const SHARE = { min: 0, max: 1, format: percent };

/** Failures found against false alarms, for every threshold; the diagonal is guessing. */
export function rocCurve({ roc }: FailureAccuracy): ChartSpec {
  const points = roc.map(({ falsePositiveRate: x, truePositiveRate: y }) => ({ x, y, label: 'A threshold' }));
  return {
    kind: 'scatter',
    groups: [{ name: 'Model', colour: 'accent', points, joined: true }],
    x: { title: 'False alarms among successes', ...SHARE },
    y: { title: 'Failures found', ...SHARE },
    diagonal: 'Guessing',
  };
}

/** How many of the called failures did fail, against how many of the failures were called. */
export function precisionRecallCurve({ precisionRecall, resolved, failed }: FailureAccuracy): ChartSpec {
  const points = precisionRecall.map(({ recall: x, precision: y }) => ({ x, y, label: 'A threshold' }));
  const rate = resolved === 0 ? 0 : failed / resolved;
  const ends = [0, 1].map((x) => ({ x, y: rate, label: 'Calling everything a failure' }));
  return {
    kind: 'scatter',
    groups: [
      { name: 'Model', colour: 'accent', points, joined: true },
      { name: 'Calling everything', colour: 'quiet', points: ends, joined: true },
    ],
    x: { title: 'Recall: failures called', ...SHARE },
    y: { title: 'Precision: calls that failed', ...SHARE },
  };
}

/** Said against observed share of failures, by bins of probability. */
export function calibrationCurve({ calibration }: FailureAccuracy): ChartSpec {
  const points = calibration
    .filter((bin) => bin.count > 0)
    .map(({ predicted: x, observed: y, count: n }) => ({ x, y, label: `${count(n)} outcomes` }));
  return {
    kind: 'scatter',
    groups: [{ name: 'Model', colour: 'accent', points, joined: true }],
    x: { title: 'Said to fail', ...SHARE },
    y: { title: 'Did fail', ...SHARE },
    diagonal: 'What is said happens',
  };
}

/** Brier score by month beside the baseline’s. */
export function failureErrorOverTime(months: readonly AccuracySlice[]): ChartSpec {
  return overTime(
    months,
    (month) => month.failure?.brier,
    (month) => month.failure?.baselineBrier,
    { title: 'Brier score (lower is better)', min: 0, format: figure },
  );
}

/** Factor that durations were off by, by month, beside the baseline’s. */
export function durationErrorOverTime(months: readonly AccuracySlice[]): ChartSpec {
  return overTime(
    months,
    (month) => factorOff(month.duration?.medianAbsoluteLogRatio),
    (month) => factorOff(month.duration?.baselineMedianAbsoluteLogRatio),
    { title: 'Typical factor off (log scale)', log: true, min: 1, format: factor },
  );
}

/** Predicted against actual durations with their intervals, one point an outcome; undefined where there is none. */
export function durationScatter(outcomes: AccuracyReport['scatter']): ChartSpec | undefined {
  const points = outcomes.flatMap(({ predictedMs = 0, actualMs = 0, lowMs, highMs, subject }) =>
    predictedMs > 0 && actualMs > 0
      ? [
          {
            x: actualMs,
            y: predictedMs,
            label: subject,
            ...(lowMs !== undefined && highMs !== undefined && lowMs > 0 ? { low: lowMs, high: highMs } : {}),
          },
        ]
      : [],
  );
  if (points.length === 0) return undefined;
  const all = points.flatMap(({ x, y }) => [x, y]);
  const scale = { log: true, min: Math.min(...all) * 0.5, max: Math.max(...all) * 2, format: duration };
  return {
    kind: 'scatter',
    groups: [{ name: 'Outcomes', colour: 'accent', points }],
    x: { title: 'Actual', ...scale },
    y: { title: 'Predicted', ...scale },
    diagonal: true,
  };
}

/** A median of |ln(predicted / actual)| as a factor: 0.69 is 2. */
export function factorOff(medianAbsoluteLogRatio: number | undefined): number | undefined {
  return medianAbsoluteLogRatio === undefined ? undefined : Math.exp(medianAbsoluteLogRatio);
}

/** `1.32×`. */
export function factor(value: number): string {
  return `${figure(value)}×`;
}

function overTime(
  months: readonly AccuracySlice[],
  model: (month: AccuracySlice) => number | undefined,
  baseline: (month: AccuracySlice) => number | undefined,
  y: Axis,
): ChartSpec {
  const names = months.map(({ name }) => name);
  return {
    kind: 'lines',
    labels: names,
    names,
    series: [
      { name: 'Baseline', colour: 'quiet', values: months.map(baseline), dashed: true },
      { name: 'Model', colour: 'accent', values: months.map(model) },
    ],
    y,
  };
}
