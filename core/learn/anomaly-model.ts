/**
 * Anomaly detection: how unlike the earlier ones a migration and its duration are. An autoencoder: a network that has
 * to reproduce its input through a narrow middle, and does so badly for what it has not seen.
 *
 * There are no labels, so the test makes some: in a fifth of the held-out migrations, chosen by the seed, the duration
 * is made ten times as long, and a good score puts those above the others.
 */
import { median, seededRandom, significant } from '../numbers.ts';
import { bootstrap, wins } from './bootstrap.ts';
import { referenceOf } from './drift.ts';
import type { Example } from './examples.ts';
import { FEATURE_NAMES, FEATURES, featureRows, fitScaling, type Scaling, scale } from './features.ts';
import { auc } from './metrics.ts';
import { loadNetwork, type NetworkWeights, trainNetwork } from './network.ts';
import {
  ARTIFACT_FORMAT,
  type Artifact,
  type Rivalry,
  spanOf,
  splitExamples,
  type TrainableModel,
  unseen,
} from './trainable.ts';

interface AnomalyArtifact {
  format: number;
  trainedUntil: number;
  scaling: Scaling;
  weights: NetworkWeights;
  /** Reconstruction errors of the training part, sorted; a score is a place among them. */
  errors: number[];
}

const NEEDED = 60;
const PLAN = { hidden: [6], iterations: 400, learningRate: 0.2 };
const SLOWER = 10;
const SHARE = 0.2;
const METRIC = 'AUC on durations made ten times as long';

interface Row {
  example: Example;
  row: number[];
}

export const anomalyModel: TrainableModel = {
  id: 'anomaly-detection',
  name: 'Anomaly detection',
  type: 'anomaly_detection',
  algorithm: 'autoencoder (brain.js)',
  baseline: 'distance of the duration from the median of all, in median absolute deviations',
  features: [...FEATURE_NAMES, 'duration'],
  needed: NEEDED,
  shortage(examples) {
    const have = examples.filter(isTimed).length;
    return have < NEEDED ? { have, need: NEEDED, of: 'migrations with a known duration' } : undefined;
  },
  train(examples, { seed, champion, clock, onProgress }) {
    const known = rowsOf(examples);
    const { train, test } = splitExamples(known);
    const rows = train.map(({ row }) => row);
    onProgress('training the autoencoder', 0);
    const started = clock();
    const artifact: AnomalyArtifact = { ...fit(rows, seed), trainedUntil: spanOf(train).to };
    const trainMs = Math.round(clock() - started);
    onProgress('comparing', 1);
    const { tested, altered } = alter(test, seed);
    const score = scoreAnomaly(artifact);
    const own = tested.map((row) => score(row).error);
    const baseline = tested.map(distanceFromMedian(rows));
    const headline = {
      name: METRIC,
      value: significant(auc(own, altered)),
      baseline: significant(auc(baseline, altered)),
      better: 'higher',
    } as const;
    const flagged = test.filter(({ row }) => score(row).score >= 0.99).length / test.length;
    const rivalry = champion && rivalryOn(known, champion, artifact as unknown as Artifact, seed);
    return {
      artifact: artifact as unknown as Artifact,
      algorithm: anomalyModel.algorithm,
      metrics: [
        headline,
        {
          name: 'share of unaltered migrations scored above 0.99',
          value: significant(flagged),
          baseline: 0.01,
          better: 'near',
        },
      ],
      headline,
      beatsBaseline: wins(gainOf(baseline, own, altered, seed)),
      hyperparameters: {
        hidden: PLAN.hidden.join('-'),
        iterations: PLAN.iterations,
        learningRate: PLAN.learningRate,
        seed,
      },
      trained: train.length,
      tested: test.length,
      holdOut: spanOf(test),
      candidates: [
        { algorithm: anomalyModel.algorithm, metrics: { AUC: headline.value }, trainMs, chosen: true },
      ],
      importance: [],
      leaks: [],
      ...(rivalry ? { rivalry } : {}),
      reference: FEATURES.map(({ name, unit }, i) =>
        referenceOf(
          name,
          unit,
          rows.map((row) => row[i] ?? Number.NaN),
        ),
      ),
    };
  },
  compare: (examples, champion, challenger, seed) => rivalryOn(rowsOf(examples), champion, challenger, seed),
};

function isTimed(example: Example): example is Example & { durationMs: number } {
  return example.durationMs !== undefined && example.durationMs > 0;
}

function rowsOf(examples: readonly Example[]): Row[] {
  const features = featureRows(examples);
  return examples.flatMap((example, i): Row[] =>
    isTimed(example) ? [{ example, row: [...(features[i] ?? []), Math.log10(example.durationMs)] }] : [],
  );
}

function fit(rows: number[][], seed: number): Omit<AnomalyArtifact, 'trainedUntil'> {
  const scaling = fitScaling(rows);
  const scaled = rows.map((row) => scale(scaling, row));
  const weights = trainNetwork(scaled, scaled, { ...PLAN, seed });
  const run = loadNetwork(weights);
  const errors = scaled.map((row) => errorOf(row, run(row))).sort((a, b) => a - b);
  return { format: ARTIFACT_FORMAT, scaling, weights, errors };
}

/** The rows with some durations made longer, and which. */
function alter(rows: readonly Row[], seed: number): { tested: number[][]; altered: boolean[] } {
  const random = seededRandom(seed);
  const altered = rows.map(() => random() < SHARE);
  if (!altered.includes(true) || !altered.includes(false)) altered[0] = !altered[0];
  const tested = rows.map(({ row }, i) =>
    altered[i] ? [...row.slice(0, -1), (row.at(-1) ?? 0) + Math.log10(SLOWER)] : row,
  );
  return { tested, altered };
}

function gainOf(
  before: readonly number[],
  after: readonly number[],
  altered: readonly boolean[],
  seed: number,
) {
  const areaOf = (scores: readonly number[], places: readonly number[]) =>
    auc(
      places.map((i) => scores[i] as number),
      places.map((i) => altered[i] as boolean),
    );
  return bootstrap(altered.length, seed, (places) => areaOf(after, places) - areaOf(before, places));
}

function rivalryOn(
  known: readonly Row[],
  champion: Artifact,
  challenger: Artifact,
  seed: number,
): Rivalry | undefined {
  if (champion.format !== ARTIFACT_FORMAT || challenger.format !== ARTIFACT_FORMAT) return undefined;
  const rows = unseen(splitExamples(known).test, [champion, challenger]);
  if (rows.length < 2) {
    const difference = { low: 0, median: 0, high: 0 };
    return {
      metric: METRIC,
      rows: rows.length,
      championValue: 0,
      challengerValue: 0,
      difference,
      won: false,
    };
  }
  const { tested, altered } = alter(rows, seed);
  const errorsBy = (artifact: Artifact) => {
    const score = scoreAnomaly(artifact);
    return tested.map((row) => score(row).error);
  };
  const [before, after] = [errorsBy(champion), errorsBy(challenger)];
  const difference = gainOf(before, after, altered, seed);
  return {
    metric: METRIC,
    rows: rows.length,
    championValue: significant(auc(before, altered)),
    challengerValue: significant(auc(after, altered)),
    difference,
    won: wins(difference),
  };
}

function distanceFromMedian(rows: number[][]): (row: number[]) => number {
  const logs = rows.map((row) => row.at(-1) ?? 0);
  const centre = median(logs);
  const spread = median(logs.map((log) => Math.abs(log - centre))) || 1;
  return (row) => Math.abs((row.at(-1) ?? 0) - centre) / spread;
}

/** From a stored model: reconstruction error, and its place among those of training, 0 to 1. */
export function scoreAnomaly(stored: object): (row: number[]) => { error: number; score: number } {
  const { scaling, weights, errors } = stored as AnomalyArtifact;
  const run = loadNetwork(weights);
  return (row) => {
    const scaled = scale(scaling, row);
    const error = errorOf(scaled, run(scaled));
    const worst = errors.at(-1) ?? Number.NaN;
    return { error, score: error > worst ? 1 : countBelow(errors, error) / errors.length };
  };
}

/** How many of sorted numbers are smaller than a value. */
function countBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function errorOf(row: number[], reproduced: number[]): number {
  return row.reduce((sum, value, i) => sum + (value - (reproduced[i] ?? 0)) ** 2, 0);
}
