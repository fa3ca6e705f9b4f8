/** Predicted against actual as points. */

import type { ModelId, RealisedAccuracy } from '../../core/contract/model.ts';
import type { ChartSpec } from '../charts/spec.ts';
import { count, percent } from '../format/numbers.ts';

type Recent = RealisedAccuracy['recent'];

/** The chart of the latest probabilities of failure; undefined for other models, and where there are none. Durations are on the scoreboard. */
export function predictedAgainstActual(id: ModelId, recent: Recent): ChartSpec | undefined {
  return id === 'error-prediction' ? probabilities(recent) : undefined;
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
