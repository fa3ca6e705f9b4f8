/** Predicted durations with what they were: their figures, with those of a baseline that knows only what was before. */
import type { DurationAccuracy } from '../contract/accuracy.ts';
import { median, significant } from '../numbers.ts';
import { inTurns, type Steps, sorted } from '../steps.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';
import { byTime, timeOf } from './resolved.ts';
import { RunningMedian } from './running-median.ts';

/** A prediction with its outcome; milliseconds. */
export interface Timing {
  entry: Entry;
  at: number;
  /** p10, p50, p90. */
  predicted: readonly [number, number, number];
  actual: number;
  /** Median of the outcomes before; undefined for the first. */
  baseline: number | undefined;
}

/** In order of time. */
export function* timingsOf(ledger: Ledger, entries: readonly Entry[]): Steps<Timing[]> {
  const known: Timing[] = [];
  yield* inTurns(entries, (entry) => {
    const { failed, durationMs: actual } = ledger.truth(entry);
    const { duration: predicted } = entry;
    if (!predicted || failed || actual === undefined || actual <= 0) return;
    known.push({ entry, at: timeOf(entry), predicted, actual, baseline: undefined });
  });
  const timings = yield* sorted(known, byTime);
  const before = new RunningMedian();
  yield* inTurns(timings, (item) => {
    item.baseline = before.value;
    before.push(item.actual);
  });
  return timings;
}

export function durationAccuracy(items: readonly Timing[]): DurationAccuracy {
  if (items.length === 0) return { resolved: 0 };
  const ratios = items.map(logRatio);
  return { resolved: items.length, ...durationFigures(items), bias: significant(median(ratios)) };
}

/** The same of a part of them, in short. */
export function durationSlice(items: readonly Timing[]) {
  return { resolved: items.length, ...durationFigures(items) };
}

function durationFigures(items: readonly Timing[]) {
  const baselines = items.flatMap(({ baseline, actual }) =>
    baseline === undefined ? [] : [Math.abs(Math.log(baseline / actual))],
  );
  const covered = items.filter(
    ({ predicted, actual }) => actual >= predicted[0] && actual <= predicted[2],
  ).length;
  return {
    medianAbsoluteLogRatio: significant(median(items.map((item) => Math.abs(logRatio(item))))),
    ...(baselines.length === 0 ? {} : { baselineMedianAbsoluteLogRatio: significant(median(baselines)) }),
    coverage80: significant(covered / items.length),
  };
}

function logRatio({ predicted, actual }: Timing): number {
  return Math.log(Math.max(predicted[1], 1e-3) / Math.max(actual, 1e-3));
}
