/** An anomaly as a sentence with its figures. */
import type { SeriesPoint } from '../contract/series.ts';
import type { DeviationKind } from '../detect/kind.ts';
import { significant } from '../numbers.ts';
import { count, duration, percent } from '../report/format.ts';
import { type SeriesSubject, seriesTitle, seriesUnit, spoken } from './samples.ts';

const WORDS: Record<DeviationKind, string> = {
  spike: '',
  'level-shift': ' It has moved to a new level.',
  'slow-drift': ' It has been drifting for a while.',
  'flat-line': ' It does not change any more.',
  'changed-spread': ' How much it varies has changed.',
  silence: ' It was silent for longer than ever before.',
};

export function anomalyTitle(
  subject: SeriesSubject,
  { value, low, median, high }: SeriesPoint,
  kind: DeviationKind | undefined,
  { failures, outcomes }: { failures: number; outcomes: number },
): string {
  const figure = figureOf(subject);
  const usual =
    low === undefined || high === undefined
      ? ''
      : `; ${figure(Math.max(low, 0))} to ${figure(Math.max(high, 0))} is usual`;
  const more = kind ? WORDS[kind] : '';
  if (subject.kind === 'duration') {
    const times = median && value > median ? ` (${significant(value / median, 2)} times the median)` : '';
    return `${sentence(spoken(subject))} took ${figure(value)}${usual}${times}.${more}`;
  }
  if (subject.kind === 'failure-rate')
    return `${failures} of the last ${outcomes} runs of ${spoken(subject)} failed${usual}.${more}`;
  return `${seriesTitle(subject)}: ${figure(value)}${usual}.${more}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function figureOf(subject: SeriesSubject): (value: number) => string {
  const unit = seriesUnit(subject);
  if (unit === 'ms') return duration;
  if (subject.kind === 'failure-rate') return percent;
  if (unit.startsWith('bytes')) {
    const per = unit === 'bytes' ? '' : '/s';
    return (value) =>
      value >= 1e9
        ? `${significant(value / 1e9)} GB${per}`
        : value >= 1e6
          ? `${significant(value / 1e6)} MB${per}`
          : `${significant(value / 1e3)} kB${per}`;
  }
  if (unit === '%') return (value) => `${significant(value)} %`;
  return (value) => count(significant(value));
}
