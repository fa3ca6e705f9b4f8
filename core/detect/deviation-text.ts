/** A deviation as a sentence for people. */
import { significant } from '../numbers.ts';
import type { Explanation } from './detector.ts';
import type { DeviationKind } from './kind.ts';

const NAMES: Record<DeviationKind, string> = {
  spike: 'spike',
  'level-shift': 'level shift',
  'slow-drift': 'slow drift',
  'flat-line': 'flat line',
  'changed-spread': 'changed spread',
  silence: 'silence before it',
};

/** `spike: 812, expected 90 to 130 (median 104); score 0.74, error` */
export function deviationText(value: number, { score, kind, expected, severity }: Explanation): string {
  const figure = (number: number) => String(significant(number, 4));
  const range = expected
    ? `, expected ${figure(expected.low)} to ${figure(expected.high)} (median ${figure(expected.median)})`
    : '';
  return `${kind ? NAMES[kind] : 'unusual'}: ${figure(value)}${range}; score ${score.toFixed(2)}${severity ? `, ${severity}` : ''}`;
}
