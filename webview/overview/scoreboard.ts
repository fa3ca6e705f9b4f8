/** How right the predictions were, in a figure each for failures and durations. */
import type { AccuracyReport } from '../../core/contract/accuracy.ts';
import { figure, percent, plural } from '../format/numbers.ts';

export interface Score {
  value: string;
  note: string;
}

const NONE: Score = { value: '–', note: 'no outcomes yet' };

/** How often what was said more likely came. */
export function failureScore(report: AccuracyReport | undefined): Score {
  if (report?.failure.accuracy === undefined) return NONE;
  return {
    value: percent(report.failure.accuracy),
    note: `right, of ${plural(report.failure.resolved, 'outcome')}`,
  };
}

/** By which factor a predicted duration is typically off. */
export function durationScore(report: AccuracyReport | undefined): Score {
  const { medianAbsoluteLogRatio: ratio, coverage80, resolved = 0 } = report?.duration ?? {};
  if (ratio === undefined) return NONE;
  return {
    value: `×${figure(Math.exp(ratio))}`,
    note:
      coverage80 === undefined
        ? `typically off, ${plural(resolved, 'outcome')}`
        : `typically off; ${percent(coverage80)} inside the 80 % interval`,
  };
}
