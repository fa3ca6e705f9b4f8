/**
 * The scoreboard: predicted against actual, with the baseline beside it. Of several predictions that one run judged, the
 * last one before the run counts. Baselines know only the outcomes before.
 */
import type {
  AccuracyReport,
  AccuracySlice,
  DurationAccuracy,
  FailureAccuracy,
} from '../contract/accuracy.ts';
import { groupBy, mean, median, quantileSorted, significant } from '../numbers.ts';
import { calibrationBins, calibrationError, precisionRecallCurve, rocCurve, thinned } from './curves.ts';
import type { Entry, Ledger } from './ledger.ts';
import { auc, brier, confusion, scores } from './metrics.ts';

export interface ScoreFilter {
  /** Milliseconds since 1970, of the prediction; `to` is not included. */
  from?: number | undefined;
  to?: number | undefined;
  workspace?: string | undefined;
  environment?: string | undefined;
  version?: string | undefined;
}

/** A prediction with its outcome. */
interface Failure {
  entry: Entry;
  at: number;
  probability: number;
  failed: boolean;
  /** Of always saying the rate of the outcomes before. */
  baseline: number;
}
interface Timing {
  entry: Entry;
  at: number;
  predicted: readonly [number, number, number];
  actual: number;
  /** Median of the outcomes before; undefined for the first. */
  baseline: number | undefined;
}

const MOST_POINTS = 1_000;
const DAY_MS = 86_400_000;
const ESTIMATE =
  'from the probabilities themselves: mean of p·(1 − p), and of the larger of p and 1 − p; true as far as they are calibrated';

export function accuracyReport(ledger: Ledger, filter: ScoreFilter, now: number): AccuracyReport {
  const entries = [...ledger.entries.values()].filter((entry) => matches(entry, filter));
  const states = entries.map((entry) => ledger.state(entry));
  const count = (state: string) => states.filter((one) => one === state).length;
  const awaiting = entries.filter((_, i) => states[i] === 'awaiting');
  const judged = lastBeforeRun(entries.filter((_, i) => states[i] === 'resolved'));
  const failures = failuresOf(ledger, judged);
  const timings = timingsOf(ledger, judged);
  const month = monthNames();
  const slices = (name: (entry: Entry, at: number) => string) => slicesOf(failures, timings, name);
  return {
    generatedAt: new Date(now).toISOString(),
    ...(filter.from !== undefined && filter.to !== undefined
      ? { timeframe: { from: new Date(filter.from).toISOString(), to: new Date(filter.to).toISOString() } }
      : {}),
    ...(filter.workspace === undefined ? {} : { workspace: filter.workspace }),
    predictions: entries.length,
    resolved: count('resolved'),
    awaiting: awaiting.length,
    abstained: count('abstained'),
    estimated: estimated(awaiting),
    failure: failureAccuracy(failures),
    duration: durationAccuracy(timings),
    byVersion: slices(({ modelId, modelVersion }) => `${modelId} ${modelVersion}`),
    byOperation: slices(({ group }) => group ?? 'unknown').sort((a, b) => sizeOf(b) - sizeOf(a)),
    overTime: slices((_, at) => month(at)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    scatter: scatter(failures, timings),
  };
}

function matches(entry: Entry, { from, to, workspace, environment, version }: ScoreFilter): boolean {
  return (
    (from === undefined || entry.at >= from) &&
    (to === undefined || entry.at < to) &&
    (workspace === undefined || entry.workspace === workspace) &&
    (environment === undefined ||
      (entry.run?.environment ?? entry.environment ?? 'unknown') === environment) &&
    (version === undefined || entry.modelVersion === version)
  );
}

/** Someone who edits a migration asks many times before it runs; what was said last is what counts. */
function lastBeforeRun(entries: readonly Entry[]): Entry[] {
  const last = new Map<string, Entry>();
  for (const entry of entries) {
    const { run, modelId, migration, statement, id } = entry;
    const key = run?.eventId
      ? [run.eventId, modelId, migration, statement, entry.failureProbability === undefined].join('\n')
      : id;
    last.set(key, entry);
  }
  return [...last.values()];
}

function failuresOf(ledger: Ledger, entries: readonly Entry[]): Failure[] {
  const known = entries.flatMap((entry) => {
    const { failed } = ledger.truth(entry);
    const { failureProbability: probability } = entry;
    return failed === undefined || probability === undefined
      ? []
      : [{ entry, at: timeOf(entry), probability, failed }];
  });
  known.sort(byTime);
  let failures = 0;
  return known.map((item, i) => {
    // Krichevsky and Trofimov’s estimate: half an outcome of each kind before the first.
    const baseline = (failures + 0.5) / (i + 1);
    failures += Number(item.failed);
    return { ...item, baseline };
  });
}

function timingsOf(ledger: Ledger, entries: readonly Entry[]): Timing[] {
  const known = entries.flatMap((entry) => {
    const { failed, durationMs: actual } = ledger.truth(entry);
    const { duration: predicted } = entry;
    return !predicted || failed || actual === undefined || actual <= 0
      ? []
      : [{ entry, at: timeOf(entry), predicted, actual }];
  });
  known.sort(byTime);
  const before: number[] = [];
  return known.map((item) => {
    const baseline = before.length === 0 ? undefined : quantileSorted(before, 0.5);
    before.splice(placeFor(before, item.actual), 0, item.actual);
    return { ...item, baseline };
  });
}

function failureAccuracy(items: readonly Failure[]): FailureAccuracy {
  const probabilities = items.map(({ probability }) => probability);
  const failed = items.map((item) => item.failed);
  const matrix = confusion(
    probabilities.map((p) => p >= 0.5),
    failed,
  );
  const failures = failed.filter(Boolean).length;
  const both = failures > 0 && failures < items.length;
  const { precision, recall, f1 } = scores(matrix);
  return {
    resolved: items.length,
    failed: failures,
    ...(items.length === 0
      ? {}
      : {
          brier: significant(brier(probabilities, failed)),
          baselineBrier: significant(
            brier(
              items.map(({ baseline }) => baseline),
              failed,
            ),
          ),
          calibrationError: significant(calibrationError(probabilities, failed)),
          accuracy: significant((matrix.truePositive + matrix.trueNegative) / items.length),
        }),
    ...(both
      ? {
          auroc: significant(auc(probabilities, failed), 4),
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
    roc: thinned(rocCurve(probabilities, failed)),
    precisionRecall: thinned(precisionRecallCurve(probabilities, failed)),
  };
}

function durationAccuracy(items: readonly Timing[]): DurationAccuracy {
  if (items.length === 0) return { resolved: 0 };
  const ratios = items.map(logRatio);
  return { resolved: items.length, ...durationFigures(items), bias: significant(median(ratios)) };
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

function slicesOf(
  failures: readonly Failure[],
  timings: readonly Timing[],
  name: (entry: Entry, at: number) => string,
): AccuracySlice[] {
  const ofFailures = groupBy(failures, ({ entry, at }) => name(entry, at));
  const ofTimings = groupBy(timings, ({ entry, at }) => name(entry, at));
  return [...new Set([...ofFailures.keys(), ...ofTimings.keys()])].map((key) => {
    const failed = ofFailures.get(key);
    const timed = ofTimings.get(key);
    return {
      name: key,
      ...(failed ? { failure: failureSlice(failed) } : {}),
      ...(timed ? { duration: { resolved: timed.length, ...durationFigures(timed) } } : {}),
    };
  });
}

function failureSlice(items: readonly Failure[]) {
  const failed = items.map((item) => item.failed);
  const score = (pick: (item: Failure) => number) => significant(brier(items.map(pick), failed));
  return {
    resolved: items.length,
    failed: failed.filter(Boolean).length,
    brier: score(({ probability }) => probability),
    baselineBrier: score(({ baseline }) => baseline),
  };
}

function estimated(awaiting: readonly Entry[]): AccuracyReport['estimated'] {
  const probabilities = awaiting.flatMap(({ failureProbability: p }) => (p === undefined ? [] : [p]));
  return {
    ...(probabilities.length === 0
      ? {}
      : {
          brier: significant(mean(probabilities.map((p) => p * (1 - p)))),
          accuracy: significant(mean(probabilities.map((p) => Math.max(p, 1 - p)))),
        }),
    awaiting: awaiting.length,
    method: ESTIMATE,
  };
}

function scatter(failures: readonly Failure[], timings: readonly Timing[]): AccuracyReport['scatter'] {
  const points = new Map<string, AccuracyReport['scatter'][number] & { time: number }>();
  const base = (entry: Entry, at: number) => ({
    predictionId: entry.id,
    at: new Date(at).toISOString(),
    subject: entry.subject,
    time: at,
  });
  // Both are in order of time, so the newest of all are among the newest of each.
  for (const { entry, at, probability, failed } of failures.slice(-MOST_POINTS))
    points.set(entry.id, { ...base(entry, at), failureProbability: probability, failed });
  for (const { entry, at, predicted, actual } of timings.slice(-MOST_POINTS)) {
    points.set(entry.id, {
      ...(points.get(entry.id) ?? base(entry, at)),
      predictedMs: predicted[1],
      lowMs: predicted[0],
      highMs: predicted[2],
      actualMs: actual,
    });
  }
  return [...points.values()]
    .sort((a, b) => a.time - b.time)
    .slice(-MOST_POINTS)
    .map(({ time: _, ...point }) => point);
}

/** `2026-11` of a time, each day's looked up once. */
function monthNames(): (at: number) => string {
  const known = new Map<number, string>();
  return (at) => {
    const day = Math.floor(at / DAY_MS);
    const name = known.get(day) ?? new Date(at).toISOString().slice(0, 7);
    known.set(day, name);
    return name;
  };
}

/** When it turned out. */
function timeOf(entry: Entry): number {
  return entry.run?.at ?? entry.judged?.at ?? entry.at;
}

function byTime(a: { at: number; entry: Entry }, b: { at: number; entry: Entry }): number {
  return a.at - b.at || a.entry.sequence - b.entry.sequence;
}

function sizeOf({ failure, duration }: AccuracySlice): number {
  return (failure?.resolved ?? 0) + (duration?.resolved ?? 0);
}

function placeFor(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
