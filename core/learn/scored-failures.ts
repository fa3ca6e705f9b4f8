/** Predictions of failure with their outcome: their figures, with those of a baseline that knows only what was before. */
import type { FailureAccuracy } from '../contract/accuracy.ts';
import { significant } from '../numbers.ts';
import { inTurns, type Steps, sorted } from '../steps.ts';
import {
  areaUnder,
  calibrationBins,
  calibrationError,
  cutsOf,
  precisionRecallCurve,
  rocCurve,
  type Said,
} from './curves.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';
import { brier, confusion, scores } from './metrics.ts';
import { byTime, timeOf } from './resolved.ts';

/** A prediction with its outcome. */
export interface Failure extends Said {
  entry: Entry;
  at: number;
  /** Of always saying the rate of the outcomes before. */
  baseline: number;
}

/** In order of time. */
export function* failuresOf(ledger: Ledger, entries: readonly Entry[]): Steps<Failure[]> {
  const known: Failure[] = [];
  yield* inTurns(entries, (entry) => {
    const { failed } = ledger.truth(entry);
    const { failureProbability: probability } = entry;
    if (failed === undefined || probability === undefined) return;
    known.push({ entry, at: timeOf(entry), probability, failed, baseline: Number.NaN });
  });
  const failures = yield* sorted(known, byTime);
  let failed = 0;
  failures.forEach((item, i) => {
    // Krichevsky and Trofimov’s estimate: half an outcome of each kind before the first.
    item.baseline = (failed + 0.5) / (i + 1);
    failed += Number(item.failed);
  });
  return failures;
}

export function* failureAccuracy(items: readonly Failure[]): Steps<FailureAccuracy> {
  const probabilities = items.map(({ probability }) => probability);
  const failed = items.map((item) => item.failed);
  const matrix = confusion(
    probabilities.map((p) => p >= 0.5),
    failed,
  );
  yield;
  const ranked = yield* sorted(items, (a, b) => b.probability - a.probability);
  const cuts = cutsOf(ranked);
  yield;
  const both = cuts.positives > 0 && cuts.negatives > 0;
  const { precision, recall, f1 } = scores(matrix);
  const figures = items.length === 0 ? {} : yield* meanFigures(items, probabilities, failed);
  return {
    resolved: items.length,
    failed: cuts.positives,
    ...figures,
    ...(items.length === 0
      ? {}
      : { accuracy: significant((matrix.truePositive + matrix.trueNegative) / items.length) }),
    ...(both
      ? {
          auroc: significant(areaUnder(cuts), 4),
          precision: significant(precision),
          recall: significant(recall),
          f1: significant(f1),
        }
      : {}),
    confusion: matrix,
    calibration: calibrationBins(probabilities, failed).map(({ predicted, observed, count }) => ({
      predicted: significant(predicted),
      observed: significant(observed),
      count,
    })),
    roc: rocCurve(cuts),
    precisionRecall: precisionRecallCurve(cuts),
  };
}

function* meanFigures(
  items: readonly Failure[],
  probabilities: readonly number[],
  failed: readonly boolean[],
): Steps<Pick<FailureAccuracy, 'brier' | 'baselineBrier' | 'calibrationError'>> {
  const own = significant(brier(probabilities, failed));
  yield;
  const baselines = items.map(({ baseline }) => baseline);
  const baselineBrier = significant(brier(baselines, failed));
  yield;
  return {
    brier: own,
    baselineBrier,
    calibrationError: significant(calibrationError(probabilities, failed)),
  };
}

/** The same of a part of them, in short. */
export function failureSlice(items: readonly Failure[]) {
  const failed = items.map((item) => item.failed);
  const score = (pick: (item: Failure) => number) => significant(brier(items.map(pick), failed));
  return {
    resolved: items.length,
    failed: failed.filter(Boolean).length,
    brier: score(({ probability }) => probability),
    baselineBrier: score(({ baseline }) => baseline),
  };
}
