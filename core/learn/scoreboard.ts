/**
 * The scoreboard: predicted against actual, with the baseline beside it. Of several predictions that one run judged, the
 * last one before the run counts. Baselines know only the outcomes before. Made in steps: there may be 100,000 of them.
 */
import type { AccuracyReport, AccuracySlice } from '../contract/accuracy.ts';
import { mean, significant } from '../numbers.ts';
import { inTurns, type Steps } from '../steps.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';
import { lastBeforeRun } from './resolved.ts';
import { durationAccuracy, durationSlice, type Timing, timingsOf } from './scored-durations.ts';
import { type Failure, failureAccuracy, failureSlice, failuresOf } from './scored-failures.ts';

export interface ScoreFilter {
  /** Milliseconds since 1970, of the prediction; `to` is not included. */
  from?: number | undefined;
  to?: number | undefined;
  workspace?: string | undefined;
  environment?: string | undefined;
  version?: string | undefined;
}

const MOST_POINTS = 1_000;
const DAY_MS = 86_400_000;
const ESTIMATE =
  'from the probabilities themselves: mean of p·(1 − p), and of the larger of p and 1 − p; true as far as they are calibrated';

export function* accuracyReport(ledger: Ledger, filter: ScoreFilter, now: number): Steps<AccuracyReport> {
  const states: Record<ReturnType<Ledger['state']>, Entry[]> = { awaiting: [], resolved: [], abstained: [] };
  yield* inTurns([...ledger.entries.values()], (entry) => {
    if (matches(entry, filter)) states[ledger.state(entry)].push(entry);
  });
  const { awaiting, resolved, abstained } = states;
  const judged = yield* lastBeforeRun(resolved);
  const failures = yield* failuresOf(ledger, judged);
  const timings = yield* timingsOf(ledger, judged);
  const failure = yield* failureAccuracy(failures);
  const duration = durationAccuracy(timings);
  yield;
  const month = monthNames();
  const slices = (name: (entry: Entry, at: number) => string) => slicesOf(failures, timings, name);
  const byVersion = yield* slices(({ modelId, modelVersion }) => `${modelId} ${modelVersion}`);
  const byOperation = yield* slices(({ group }) => group ?? 'unknown');
  const overTime = yield* slices((_, at) => month(at));
  return {
    generatedAt: new Date(now).toISOString(),
    ...(filter.from !== undefined && filter.to !== undefined
      ? { timeframe: { from: new Date(filter.from).toISOString(), to: new Date(filter.to).toISOString() } }
      : {}),
    ...(filter.workspace === undefined ? {} : { workspace: filter.workspace }),
    predictions: awaiting.length + resolved.length + abstained.length,
    resolved: resolved.length,
    awaiting: awaiting.length,
    abstained: abstained.length,
    estimated: estimated(awaiting),
    failure,
    duration,
    byVersion,
    byOperation: byOperation.sort((a, b) => sizeOf(b) - sizeOf(a)),
    overTime: overTime.sort((a, b) => (a.name < b.name ? -1 : 1)),
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

function* slicesOf(
  failures: readonly Failure[],
  timings: readonly Timing[],
  name: (entry: Entry, at: number) => string,
): Steps<AccuracySlice[]> {
  const parts = new Map<string, { failed: Failure[]; timed: Timing[] }>();
  const partOf = ({ entry, at }: Failure | Timing) => {
    const key = name(entry, at);
    const known = parts.get(key) ?? { failed: [], timed: [] };
    parts.set(key, known);
    return known;
  };
  yield* inTurns(failures, (item) => void partOf(item).failed.push(item));
  yield* inTurns(timings, (item) => void partOf(item).timed.push(item));
  const slices: AccuracySlice[] = [];
  for (const [key, { failed, timed }] of parts) {
    slices.push({
      name: key,
      ...(failed.length > 0 ? { failure: failureSlice(failed) } : {}),
      ...(timed.length > 0 ? { duration: durationSlice(timed) } : {}),
    });
    yield;
  }
  return slices;
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

function sizeOf({ failure, duration }: AccuracySlice): number {
  return (failure?.resolved ?? 0) + (duration?.resolved ?? 0);
}
