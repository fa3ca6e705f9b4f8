/** Trains the shipped prior from measurements, and prints what it is worth on schemas that it was not trained on. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  type BoostingLoss,
  loadBoostedTrees,
  trainBoostedTrees,
} from '../../core/learn/algorithms/boosted-trees.ts';
import { calibrated, fitPlatt } from '../../core/learn/algorithms/calibration.ts';
import { conformalQuantile } from '../../core/learn/algorithms/conformal.ts';
import { loadParsers } from '../../core/node/parsers.ts';
import { DANGER_KINDS, type Danger, type DangerKind } from '../../core/predict/dangers.ts';
import { costOf, type DurationArtifact } from '../../core/predict/duration-model.ts';
import { dangerRow, type FailureArtifact, isWeighed } from '../../core/predict/failure-model.ts';
import { FEATURES, KINDS } from '../../core/predict/features.ts';
import type { PriorArtifact } from '../../core/predict/prior.ts';
import { WORK_NAMES, type Work } from '../../core/predict/work.ts';
import { fitCosts } from './costs.ts';
import { durationFigures, failureFigures, rowRegression } from './figures.ts';
import { readMeasurements } from './measurements.ts';
import { type Replayed, replay } from './replay.ts';

const FOLDS = 6;
/** Of each side of an 80 % interval; a little more than nine tenths, as another hour on this machine is another machine. */
const SIDE = 0.925;

export async function trainPrior(text: string, path: string): Promise<void> {
  await loadParsers();
  const measurements = readMeasurements(text);
  const replayed = replay(measurements);
  const failure = trainFailure(replayed);
  const duration = trainDuration(replayed);
  const { machine } = measurements;
  const body = { failure, duration };
  const artifact: PriorArtifact = {
    version: createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 12),
    trainedOn: {
      outcomes: replayed.length,
      schemas: measurements.schemas.length,
      date: String(machine.date),
      machine: `${machine.cpu}, ${machine.cores} cores, PostgreSQL ${(machine.settings as Record<string, string>).server_version}`,
    },
    ...body,
  };
  writeFileSync(path, `${JSON.stringify(artifact)}\n`);
}

interface Labelled {
  danger: Danger;
  failed: boolean;
  fold: number;
  kind: string;
}

/** SQLSTATEs by which a danger comes true. */
const STATES: Partial<Record<DangerKind, RegExp>> = {
  nulls: /^23502$/,
  'any-row': /^23502$/,
  duplicates: /^23505$/,
  orphans: /^23503$/,
  referenced: /^23503$/,
  check: /^23514$/,
  cast: /^22/,
};

function trainFailure(replayed: readonly Replayed[]): FailureArtifact {
  const cases = replayed.flatMap(({ outcome, plain, exact }) =>
    [plain, exact].flatMap((facts) =>
      facts.flatMap(({ dangers }) =>
        dangers.map(
          (danger): Labelled => ({
            danger,
            failed: STATES[danger.kind]?.test(outcome.code) ?? outcome.code !== '',
            fold: outcome.schema % FOLDS,
            kind: outcome.kind,
          }),
        ),
      ),
    ),
  );
  const weighed = cases.filter(({ danger }) => isWeighed(danger));
  const fit = (rows: readonly Labelled[]) =>
    trainBoostedTrees(
      rows.map(({ danger }) => dangerRow(danger)),
      rows.map(({ failed }) => Number(failed)),
      { loss: 'log', rounds: 50, depth: 3, learningRate: 0.06, minLeaf: 25, l2: 10, monotone: MONOTONE },
    );
  const held = weighed.map((): number => 0.5);
  for (let fold = 0; fold < FOLDS; fold++) {
    const run = loadBoostedTrees(fit(weighed.filter((one) => one.fold !== fold)));
    weighed.forEach(({ danger, fold: own }, i) => {
      if (own === fold) held[i] = run(dangerRow(danger));
    });
  }
  const odds = held.map((p) =>
    Math.log(Math.min(1 - 1e-6, Math.max(1e-6, p)) / (1 - Math.min(1 - 1e-6, Math.max(1e-6, p)))),
  );
  const actual = weighed.map(({ failed }) => failed);
  const calibration = fitPlatt(odds, actual);
  const said = odds.map((score) => calibrated(calibration, score));
  console.log('failure, held-out schemas, weighed by the model (counts aside):');
  console.table({
    all: failureFigures(said, actual),
    ...Object.fromEntries(
      DANGER_KINDS.flatMap((kind) => {
        const of = weighed.flatMap(({ danger }, i) => (danger.kind === kind ? [i] : []));
        return of.length === 0
          ? []
          : [
              [
                kind,
                failureFigures(
                  of.map((i) => said[i] ?? 0),
                  of.map((i) => actual[i] ?? false),
                ),
              ],
            ];
      }),
    ),
  });
  const counted = cases.filter(({ danger }) => !isWeighed(danger));
  const wrong = counted.filter(({ danger, failed }) => danger.p > 0.5 !== failed);
  console.log(`decided by counts: ${counted.length}, of which ${wrong.length} went the other way`);
  for (const { danger, failed, kind } of wrong.slice(0, 8))
    console.log(`  ${kind}: ${danger.because}; failed: ${failed}`);
  return { trees: fit(weighed), calibration };
}

/** The model may not turn round what the statistics say. */
const MONOTONE = [...DANGER_KINDS.map(() => 0), 1];

interface TimedCase {
  work: Work;
  features: number[];
  ms: number;
  rows: number;
  fold: number;
  kind: string;
}

function trainDuration(replayed: readonly Replayed[]): DurationArtifact {
  const cases = replayed.flatMap(({ outcome, plain }): TimedCase[] => {
    const [facts] = plain;
    if (!facts || plain.length !== 1 || outcome.code !== '') return [];
    const rows = 10 ** (facts.features[ROWS_AT] ?? Number.NaN) - 1;
    const { work, features } = facts;
    return [{ work, features, ms: outcome.ms, rows, fold: outcome.schema % FOLDS, kind: facts.kind }];
  });
  const held: ({ p10: number; p50: number; p90: number } & TimedCase)[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const run = fitDuration(cases.filter((one) => one.fold !== fold));
    for (const one of cases.filter(({ fold: own }) => own === fold))
      held.push({ ...one, ...run.predict(one) });
  }
  const margins = {
    low: conformalQuantile(
      held.map(({ p10, ms }) => p10 - Math.log10(ms)),
      SIDE,
    ),
    high: conformalQuantile(
      held.map(({ p90, ms }) => Math.log10(ms) - p90),
      SIDE,
    ),
  };
  const ranged = held.map((one) => ({
    ...one,
    p10: 10 ** Math.min(one.p50, one.p10 - margins.low),
    p90: 10 ** Math.max(one.p50, one.p90 + margins.high),
    p50: 10 ** one.p50,
    rows: Number.isFinite(one.rows) ? one.rows : 0,
  }));
  const rowsOnly = rowRegression(ranged);
  console.log('duration, held-out schemas (the row-count regression is fitted on these very cases):');
  console.table({
    all: durationFigures(ranged, rowsOnly),
    'up to 10,000 rows': durationFigures(
      ranged.filter(({ rows }) => rows <= 10_000),
      rowsOnly,
    ),
    'from 10,000 rows': durationFigures(
      ranged.filter(({ rows }) => rows > 10_000),
      rowsOnly,
    ),
    ...Object.fromEntries(
      KINDS.flatMap((kind) => {
        const own = ranged.filter((one) => one.kind === kind);
        return own.length === 0 ? [] : [[kind, durationFigures(own, rowsOnly)]];
      }),
    ),
  });
  const final = fitDuration(cases);
  const largest = Object.fromEntries(
    WORK_NAMES.map((name) => [
      name,
      Number(cases.reduce((most, { work }) => Math.max(most, work[name]), 0).toPrecision(4)),
    ]),
  ) as Record<keyof Work, number>;
  return { ...final.model, margins: { low: round(margins.low), high: round(margins.high) }, largest };
}

const ROWS_AT = FEATURES.findIndex(({ name }) => name === 'rows');

function fitDuration(cases: readonly TimedCase[]) {
  const { base, costs } = fitCosts(cases);
  const left = cases.map(({ work, ms }) => Math.log10(ms) - Math.log10(costOf({ base, costs }, work)));
  const rows = cases.map(({ features }) => features);
  // Few and shallow: on schemas that were not trained on, larger trees were worse than the costs alone.
  const options = { rounds: 30, depth: 2, learningRate: 0.06, minLeaf: 40, l2: 20 };
  const at = (loss: BoostingLoss) => trainBoostedTrees(rows, left, { ...options, loss });
  const [middle, low, high] = [at('squared'), at({ quantile: 0.1 }), at({ quantile: 0.9 })];
  const [runMiddle, runLow, runHigh] = [middle, low, high].map(loadBoostedTrees);
  return {
    model: { base, costs, middle, low, high },
    predict: ({ work, features }: TimedCase) => {
      const cost = Math.log10(costOf({ base, costs }, work));
      return {
        p10: cost + (runLow?.(features) ?? 0),
        p50: cost + (runMiddle?.(features) ?? 0),
        p90: cost + (runHigh?.(features) ?? 0),
      };
    },
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
