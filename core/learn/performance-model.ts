/** Performance prediction: how long a migration will take, with an interval. Regression on log10 of milliseconds. */
import { median, quantile, significant } from '../numbers.ts';
import type { Example, MigrationFacts } from './examples.ts';
import {
  dominantGroup,
  FEATURE_NAMES,
  featureRows,
  fitScaling,
  type Group,
  type Scaling,
  scale,
} from './features.ts';
import { loadNetwork, type NetworkWeights, trainNetwork } from './network.ts';
import { split, type TrainableModel, type Trained } from './trainable.ts';

interface PerformanceArtifact {
  scaling: Scaling;
  low: number;
  high: number;
  weights: NetworkWeights;
  /** Half width in log10 that held 80 % of the calibration part (split conformal, Vovk et al. 2005). */
  halfWidth: number;
}

const NEEDED = 40;
const PLAN = { hidden: [8], iterations: 400, learningRate: 0.2 };

interface Row {
  example: Example;
  features: number[];
  log: number;
}

export const performanceModel: TrainableModel = {
  id: 'performance-prediction',
  name: 'Performance prediction',
  type: 'regression',
  algorithm: 'neural network (brain.js)',
  baseline: 'median duration of earlier migrations with the same main kind of operation',
  features: FEATURE_NAMES,
  needed: NEEDED,
  shortage(examples) {
    const have = examples.filter(isTimed).length;
    return have < NEEDED ? { have, need: NEEDED, of: 'migrations with a known duration' } : undefined;
  },
  train(examples, seed) {
    const features = featureRows(examples);
    const rows = examples.flatMap((example, i): Row[] =>
      isTimed(example) ? [{ example, features: features[i] ?? [], log: Math.log10(example.durationMs) }] : [],
    );
    return trainOn(rows, seed);
  },
};

function isTimed(example: Example): example is Example & { durationMs: number } {
  return example.durationMs !== undefined && example.durationMs > 0 && example.failed === false;
}

function trainOn(rows: Row[], seed: number): Trained {
  const { train, test } = split(rows);
  const { train: fitPart, test: calibration } = split(train);
  const artifact = fit(fitPart, calibration, seed);
  const predict = predictDuration(artifact as unknown as Record<string, unknown>);
  const baseline = baselineOf(train);
  const errors = test.map((row) => Math.abs(predict(row.features).log - row.log));
  const baselineErrors = test.map((row) => Math.abs(baseline(row.example) - row.log));
  const covered = test.filter(
    (row) => Math.abs(predict(row.features).log - row.log) <= artifact.halfWidth,
  ).length;
  const factor = 10 ** median(errors);
  const baselineFactor = 10 ** median(baselineErrors);
  const headline = {
    name: 'typical factor off',
    value: significant(factor),
    baseline: significant(baselineFactor),
    better: 'lower',
    unit: '×',
  } as const;
  return {
    artifact: artifact as unknown as Record<string, unknown>,
    metrics: [
      headline,
      {
        name: 'mean absolute log10 error',
        value: significant(errors.reduce((a, b) => a + b, 0) / errors.length),
        baseline: significant(baselineErrors.reduce((a, b) => a + b, 0) / baselineErrors.length),
        better: 'lower',
      },
      {
        name: 'coverage of the 80 % interval',
        value: significant(covered / test.length),
        baseline: 0.8,
        better: 'near',
      },
    ],
    headline,
    beatsBaseline: factor < baselineFactor,
    hyperparameters: {
      hidden: PLAN.hidden.join('-'),
      iterations: PLAN.iterations,
      learningRate: PLAN.learningRate,
      seed,
    },
    trained: train.length,
    tested: test.length,
  };
}

function fit(rows: Row[], calibration: Row[], seed: number): PerformanceArtifact {
  const scaling = fitScaling(rows.map(({ features }) => features));
  const logs = rows.map(({ log }) => log);
  const low = Math.min(...logs) - 0.5;
  const high = Math.max(...logs) + 0.5;
  const weights = trainNetwork(
    rows.map(({ features }) => scale(scaling, features)),
    rows.map(({ log }) => [(log - low) / (high - low)]),
    { ...PLAN, seed },
  );
  const artifact = { scaling, low, high, weights, halfWidth: 0 };
  const predict = predictDuration(artifact);
  const residuals = calibration.map(({ features, log }) => Math.abs(predict(features).log - log));
  const level = Math.min(1, (0.8 * (residuals.length + 1)) / residuals.length);
  return { ...artifact, halfWidth: quantile(residuals, level) };
}

function baselineOf(rows: Row[]): (facts: MigrationFacts) => number {
  const logs = new Map<Group, number[]>();
  for (const { example, log } of rows) {
    const group = dominantGroup(example);
    logs.set(group, [...(logs.get(group) ?? []), log]);
  }
  const overall = median(rows.map(({ log }) => log));
  const medians = new Map([...logs].map(([group, values]) => [group, median(values)]));
  return (facts) => medians.get(dominantGroup(facts)) ?? overall;
}

/** From a stored model: log10 of the expected milliseconds, and milliseconds at 10, 50 and 90 %. */
export function predictDuration(stored: Record<string, unknown>) {
  const { scaling, low, high, weights, halfWidth } = stored as unknown as PerformanceArtifact;
  const run = loadNetwork(weights);
  return (features: number[]) => {
    const log = low + (run(scale(scaling, features))[0] ?? 0) * (high - low);
    return { log, p10: 10 ** (log - halfWidth), p50: 10 ** log, p90: 10 ** (log + halfWidth) };
  };
}
