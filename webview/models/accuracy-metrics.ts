/** The figures of the scoreboard as metrics, each beside its baseline, and what they say in a sentence. */
import type { AccuracyReport, DurationAccuracy, FailureAccuracy } from '../../core/contract/accuracy.ts';
import type { Metric } from '../../core/contract/model.ts';
import { count, figure, percent, plural } from '../format/numbers.ts';
import { factor, factorOff } from './curves.ts';

/** Fewer outcomes than this say little, whatever the figures are. */
export const ENOUGH = 30;

/** What is known of the probabilities of failure; only figures that the outcomes allow. */
export function failureMetrics(accuracy: FailureAccuracy): Metric[] {
  return known([
    {
      name: 'Brier score',
      value: accuracy.brier,
      baseline: accuracy.baselineBrier,
      better: 'lower',
    },
    { name: 'AUC', value: accuracy.auroc, baseline: 0.5, better: 'higher' },
    { name: 'calibration error', value: accuracy.calibrationError, better: 'lower' },
    { name: 'accuracy', value: accuracy.accuracy, baseline: neverFails(accuracy), better: 'higher' },
    { name: 'precision', value: accuracy.precision, better: 'higher' },
    { name: 'recall', value: accuracy.recall, better: 'higher' },
    { name: 'F1', value: accuracy.f1, better: 'higher' },
  ]);
}

/** What is known of the durations. */
export function durationMetrics(accuracy: DurationAccuracy): Metric[] {
  return known([
    {
      name: 'typical factor off',
      value: factorOff(accuracy.medianAbsoluteLogRatio),
      baseline: factorOff(accuracy.baselineMedianAbsoluteLogRatio),
      better: 'lower',
      unit: '×',
    },
    {
      name: 'coverage of the 80 % interval',
      value: accuracy.coverage80,
      baseline: 0.8,
      better: 'near',
    },
  ]);
}

/** Whether failures are told better than by always saying how many fail, in a sentence that claims no more than that. */
export function failureVerdict({ resolved, failed, brier, baselineBrier, auroc }: FailureAccuracy): Verdict {
  if (resolved === 0) return none('No outcome of a failure prediction is known yet.');
  const from = `${plural(resolved, 'outcome')}, ${count(failed)} of them failed`;
  if (brier === undefined || baselineBrier === undefined)
    return none(`Too few outcomes of one kind to say more: ${from}.`);
  const verdict = compared(brier, baselineBrier, figure, 'Brier score', from, resolved);
  if (auroc === undefined || auroc > 0.5) return verdict;
  return {
    tone: 'warning',
    text: `${verdict.text} But it tells failures from successes no better than guessing: AUC ${figure(auroc)}.`,
  };
}

/** The same of durations, beside always saying the median so far. */
export function durationVerdict(accuracy: DurationAccuracy): Verdict {
  const { resolved } = accuracy;
  const off = factorOff(accuracy.medianAbsoluteLogRatio);
  const baseline = factorOff(accuracy.baselineMedianAbsoluteLogRatio);
  if (resolved === 0) return none('No outcome of a duration prediction is known yet.');
  const from = plural(resolved, 'outcome');
  if (off === undefined || baseline === undefined) return none(`Too few outcomes to say more: ${from}.`);
  return compared(off, baseline, factor, 'typical factor off', from, resolved);
}

/** Longer or shorter than it was, in words; nothing where it is even. */
export function biasText(bias: number | undefined): string | undefined {
  if (bias === undefined) return undefined;
  const off = Math.exp(Math.abs(bias)) - 1;
  if (off < 0.02) return 'Neither too long nor too short on the whole.';
  return `On the whole ${percent(off)} too ${bias > 0 ? 'long' : 'short'}.`;
}

/** What is expected of predictions whose outcome is not known, beside what the known ones reached. */
export function estimateText({ estimated, failure }: AccuracyReport): string {
  const { awaiting, brier, accuracy } = estimated;
  if (awaiting === 0) return 'No prediction awaits its outcome.';
  if (brier === undefined && accuracy === undefined)
    return `${plural(awaiting, 'prediction')} await their outcome; nothing can be expected of them yet.`;
  const expected = [
    brier === undefined ? undefined : `Brier score ${figure(brier)}`,
    accuracy === undefined ? undefined : `accuracy ${percent(accuracy)}`,
  ].filter(Boolean);
  const reached = [
    failure.brier === undefined ? undefined : `Brier score ${figure(failure.brier)}`,
    failure.accuracy === undefined ? undefined : `accuracy ${percent(failure.accuracy)}`,
  ].filter(Boolean);
  const since =
    reached.length === 0 ? 'nothing to compare with yet' : `reached so far: ${reached.join(', ')}`;
  return `${plural(awaiting, 'prediction')} await their outcome. Expected of them: ${expected.join(', ')}; ${since}.`;
}

export interface Verdict {
  tone: 'ok' | 'warning' | 'unknown';
  text: string;
}

function none(text: string): Verdict {
  return { tone: 'unknown', text };
}

function compared(
  model: number,
  baseline: number,
  format: (value: number) => string,
  name: string,
  from: string,
  resolved: number,
): Verdict {
  const few = resolved < ENOUGH ? ` Fewer than ${ENOUGH} outcomes: this may still be chance.` : '';
  const figures = `${name} ${format(model)} against ${format(baseline)} of the baseline, from ${from}.`;
  const better = model < baseline;
  return {
    tone: few ? 'unknown' : better ? 'ok' : 'warning',
    text: `${better ? 'Beats' : 'Does not beat'} the baseline: ${figures}${few}`,
  };
}

/** Accuracy of always saying that it works. */
function neverFails({ resolved, failed }: FailureAccuracy): number | undefined {
  return resolved === 0 ? undefined : 1 - failed / resolved;
}

type Possible = Omit<Metric, 'value' | 'baseline'> & {
  value: number | undefined;
  baseline?: number | undefined;
};

function known(metrics: Possible[]): Metric[] {
  return metrics.flatMap(({ value, baseline, ...rest }) =>
    value === undefined ? [] : [{ ...rest, value, ...(baseline === undefined ? {} : { baseline }) }],
  );
}
