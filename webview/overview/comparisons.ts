/** The scoreboard in three lines: what the figure is, ours, the baseline's, and what follows. */
import type { AccuracyReport } from '../../core/contract/accuracy.ts';
import { figure, percent } from '../format/numbers.ts';

export interface Comparison {
  name: string;
  /** What the figure means. */
  about: string;
  ours: string;
  baseline: string | undefined;
  /** Undefined where there is nothing to compare with. */
  better: boolean | undefined;
  verdict: string;
}

/** An interval of 80 % may miss by this much before it is called wrong. */
const COVERAGE_SLACK = 0.1;

/** Only what is known: a figure without outcomes has no line. */
export function comparisons({ failure, duration }: AccuracyReport): Comparison[] {
  return [
    ...lower(
      'Chance of failure, Brier score',
      'mean squared error of the probability; 0 is perfect',
      failure.brier,
      failure.baselineBrier,
      figure,
    ),
    ...lower(
      'Duration, typically off by',
      'median factor between predicted and actual; ×1 is perfect',
      factor(duration.medianAbsoluteLogRatio),
      factor(duration.baselineMedianAbsoluteLogRatio),
      (value) => `×${figure(value)}`,
    ),
    ...coverage(duration.coverage80),
  ];
}

/** A figure that is better the lower it is; what it saves is measured from `perfect`. */
function lower(
  name: string,
  about: string,
  ours: number | undefined,
  baseline: number | undefined,
  format: (value: number) => string,
): Comparison[] {
  if (ours === undefined) return [];
  if (baseline === undefined)
    return [
      { name, about, ours: format(ours), baseline: undefined, better: undefined, verdict: 'no baseline yet' },
    ];
  const better = ours < baseline;
  const share = baseline === 0 ? 0 : Math.abs(1 - ours / baseline);
  return [
    {
      name,
      about,
      ours: format(ours),
      baseline: format(baseline),
      better: ours === baseline ? undefined : better,
      verdict: ours === baseline ? 'the same' : `${percent(share)} ${better ? 'better' : 'worse'}`,
    },
  ];
}

function coverage(share: number | undefined): Comparison[] {
  if (share === undefined) return [];
  const off = share - 0.8;
  const right = Math.abs(off) <= COVERAGE_SLACK;
  return [
    {
      name: 'Duration inside the 80 % interval',
      about: 'share of the outcomes between the 10th and the 90th percentile; 80 % is right',
      ours: percent(share),
      baseline: `goal ${percent(0.8)}`,
      better: right,
      verdict: right ? 'as it should be' : off < 0 ? 'intervals are too narrow' : 'intervals are too wide',
    },
  ];
}

function factor(logRatio: number | undefined): number | undefined {
  return logRatio === undefined ? undefined : Math.exp(logRatio);
}
