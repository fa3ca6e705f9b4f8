/**
 * Anomaly detection: how unlike the earlier ones a migration and its duration are. An autoencoder: a network that has
 * to reproduce its input through a narrow middle, and does so badly for what it has not seen.
 *
 * There are no labels, so the test makes some: in a fifth of the held-out migrations, chosen by the seed, the duration
 * is made ten times as long, and a good score puts those above the others.
 */
import { median, quantileSorted, seededRandom, significant } from '../numbers.ts';
import type { Example } from './examples.ts';
import { FEATURE_NAMES, featureRows, fitScaling, type Scaling, scale } from './features.ts';
import { auc } from './metrics.ts';
import { loadNetwork, type NetworkWeights, trainNetwork } from './network.ts';
import { split, type TrainableModel } from './trainable.ts';

interface AnomalyArtifact {
  scaling: Scaling;
  weights: NetworkWeights;
  /** Reconstruction errors of the training part, sorted; a score is a place among them. */
  errors: number[];
}

const NEEDED = 60;
const PLAN = { hidden: [6], iterations: 400, learningRate: 0.2 };
const SLOWER = 10;
const SHARE = 0.2;

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
  train(examples: readonly Example[], seed) {
    const features = featureRows(examples);
    const rows = examples.flatMap((example, i) =>
      isTimed(example) ? [[...(features[i] ?? []), Math.log10(example.durationMs)]] : [],
    );
    const { train, test } = split(rows);
    const artifact = fit(train, seed);
    const score = scoreAnomaly(artifact);
    const random = seededRandom(seed);
    const altered = test.map(() => random() < SHARE);
    if (!altered.includes(true) || !altered.includes(false)) altered[0] = !altered[0];
    const tested = test.map((row, i) =>
      altered[i] ? [...row.slice(0, -1), (row.at(-1) ?? 0) + Math.log10(SLOWER)] : row,
    );
    const modelAuc = auc(
      tested.map((row) => score(row).error),
      altered,
    );
    const baseAuc = auc(tested.map(distanceFromMedian(train)), altered);
    const headline = {
      name: 'AUC on durations made ten times as long',
      value: significant(modelAuc),
      baseline: significant(baseAuc),
      better: 'higher',
    } as const;
    const flagged = test.filter((row) => score(row).score >= 0.99).length / test.length;
    return {
      artifact: artifact as unknown as Record<string, unknown>,
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
      beatsBaseline: modelAuc > baseAuc,
      hyperparameters: {
        hidden: PLAN.hidden.join('-'),
        iterations: PLAN.iterations,
        learningRate: PLAN.learningRate,
        seed,
      },
      trained: train.length,
      tested: test.length,
    };
  },
};

function isTimed(example: Example): example is Example & { durationMs: number } {
  return example.durationMs !== undefined && example.durationMs > 0;
}

function fit(rows: number[][], seed: number): AnomalyArtifact {
  const scaling = fitScaling(rows);
  const scaled = rows.map((row) => scale(scaling, row));
  const weights = trainNetwork(scaled, scaled, { ...PLAN, seed });
  const run = loadNetwork(weights);
  return { scaling, weights, errors: scaled.map((row) => errorOf(row, run(row))).sort((a, b) => a - b) };
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
    const below = errors.filter((known) => known < error).length;
    return { error, score: error > quantileSorted(errors, 1) ? 1 : below / errors.length };
  };
}

function errorOf(row: number[], reproduced: number[]): number {
  return row.reduce((sum, value, i) => sum + (value - (reproduced[i] ?? 0)) ** 2, 0);
}
