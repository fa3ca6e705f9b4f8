/** A model's figures beside its baseline's, in words. */
import type { Metric } from '../../core/contract/model.ts';
import { percent, withUnit } from '../format/numbers.ts';

/** Figures that are shares are said as such. */
const SHARES = /^(?:accuracy|precision|recall|f1|coverage|share|calibration error)/i;

export function metricValue({ name, unit }: Metric, value: number): string {
  return SHARES.test(name) && unit === undefined ? percent(value) : withUnit(value, unit);
}

/** What a figure means, for the figures that these models have. */
const MEANINGS: Record<string, string> = {
  'typical factor off': 'Half of the predictions are within this factor of the actual duration.',
  'mean absolute log10 error': 'Mean distance in powers of ten; 0.3 is a factor of two.',
  'coverage of the 80 % interval': 'Share of durations inside of the interval that should hold 80 % of them.',
  'AUC on durations made ten times as long':
    'Chance that such a migration scores as more unusual than an unaltered one; 0.5 is guessing.',
  'Brier score in repositories it had not seen':
    'The same algorithm trained without a repository and tested on it, over the largest ones.',
  'typical factor off in repositories it had not seen':
    'The same algorithm trained without a repository and tested on it, over the largest ones.',
  silhouette: 'How much nearer migrations are to their own group than to the next, from -1 to 1.',
  'Brier score': 'Mean squared distance between the probability and what happened; 0 is perfect.',
  AUC: 'Chance that a migration that failed has a higher probability than one that did not; 0.5 is guessing.',
  'calibration error': 'Mean distance between the probability said and the share that failed, over ten bins.',
  accuracy: 'Share of migrations that were called right, with a failure called at 50 %.',
  precision: 'Share of the called failures that did fail.',
  recall: 'Share of the failures that were called.',
  F1: 'Harmonic mean of precision and recall.',
};

export function meaningOf({ name }: Metric): string | undefined {
  return MEANINGS[name];
}

export type Verdict = 'better' | 'unclear' | 'worse' | 'same';

/**
 * Whether the model does better than its baseline by this figure; undefined where there is nothing to compare. Where the
 * engine did not find that the model beats its baseline, a lead may be chance and is unclear.
 */
export function verdictOf({ value, baseline, better }: Metric, clear = true): Verdict | undefined {
  if (baseline === undefined || better === 'near') return undefined;
  if (value === baseline) return 'same';
  if (value < baseline !== (better === 'lower')) return 'worse';
  return clear ? 'better' : 'unclear';
}

/** What a good value is: `lower is better`. */
export function aim({ better, baseline }: Metric): string {
  if (better === 'near') return baseline === undefined ? 'no target' : 'near the target is better';
  return `${better} is better`;
}

/**
 * Where the bars of model and baseline begin and end, as shares of the width: both on one scale that holds zero, and one
 * where the figure is a share.
 */
export function barSpans({ name, value, baseline }: Metric): {
  zero: number;
  model: number;
  baseline: number;
} {
  const values = [0, value, baseline ?? 0, ...(SHARES.test(name) ? [1] : [])];
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  const at = (x: number) => (x - low) / span;
  return { zero: at(0), model: at(value), baseline: at(baseline ?? 0) };
}
