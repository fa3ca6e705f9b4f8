/** Predicted against actual values as points. */

import type { ModelId, RealisedAccuracy } from '../../core/contract/model.ts';
import type { ChartSpec, ScatterPoint } from '../charts/spec.ts';
import { count, duration, percent } from '../format/numbers.ts';

type Recent = RealisedAccuracy['recent'];

/** The chart of the latest predictions of a model; undefined where its values are no numbers or there are none. */
export function predictedAgainstActual(id: ModelId, recent: Recent): ChartSpec | undefined {
  if (id === 'error-prediction') return probabilities(recent);
  if (id === 'performance-prediction') return durations(recent);
  return undefined;
}

function durations(recent: Recent): ChartSpec | undefined {
  const points = recent.flatMap(({ subject, predicted, actual }): ScatterPoint[] => {
    const x = durationIn(predicted);
    const y = durationIn(actual);
    return x > 0 && y > 0 ? [{ x, y, label: subject }] : [];
  });
  if (points.length === 0) return undefined;
  const all = points.flatMap(({ x, y }) => [x, y]);
  const scale = { log: true, min: Math.min(...all) * 0.8, max: Math.max(...all) * 1.25, format: duration };
  return {
    kind: 'scatter',
    groups: [{ name: 'Migrations', colour: 'accent', points }],
    x: { title: 'Predicted', ...scale },
    y: { title: 'Actual', ...scale },
    diagonal: true,
  };
}

/** From the oldest to the latest, apart by what happened. */
function probabilities(recent: Recent): ChartSpec | undefined {
  const points = [...recent].reverse().flatMap(({ subject, predicted, actual }, i) => {
    const y = probabilityIn(predicted);
    return y === undefined ? [] : [{ x: i + 1, y, label: subject, failed: hasFailed(actual) }];
  });
  if (points.length === 0) return undefined;
  return {
    kind: 'scatter',
    groups: [
      { name: 'Succeeded', colour: 'accent', points: points.filter(({ failed }) => !failed) },
      { name: 'Failed', colour: 'error', points: points.filter(({ failed }) => failed) },
    ],
    x: { title: 'Prediction, oldest first', whole: true, format: count },
    y: { title: 'Probability of failure', min: 0, max: 1, format: percent },
  };
}

function durationIn(value: unknown): number {
  if (typeof value === 'number') return value;
  const { durationMs } = (value ?? {}) as { durationMs?: unknown };
  if (typeof durationMs === 'number') return durationMs;
  const { p50 } = (durationMs ?? {}) as { p50?: unknown };
  return typeof p50 === 'number' ? p50 : Number.NaN;
}

function probabilityIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const { failureProbability } = (value ?? {}) as { failureProbability?: unknown };
  return typeof failureProbability === 'number' ? failureProbability : undefined;
}

function hasFailed(actual: unknown): boolean {
  if (typeof actual === 'number') return actual >= 0.5;
  const outcome = typeof actual === 'object' ? (actual as { outcome?: unknown } | null)?.outcome : actual;
  return String(outcome) === 'failed';
}
