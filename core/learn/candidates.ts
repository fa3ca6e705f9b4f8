/** The algorithms that compete for a prediction: each fits rows to targets, and reads back what it stored. */
import { type BoostedTrees, loadBoostedTrees, trainBoostedTrees } from './algorithms/boosted-trees.ts';
import {
  fitLogistic,
  fitRidge,
  type LinearModel,
  logistic,
  ridge,
} from './algorithms/logistic-regression.ts';
import { fitScaling, type Scaling, scale } from './features.ts';
import { loadNetwork, type NetworkWeights, trainNetwork } from './network.ts';

export interface Algorithm {
  name: string;
  hyperparameters: Record<string, number | string | boolean>;
  /** Deterministic for a seed. The result is JSON. A missing value is NaN. */
  fit(rows: number[][], targets: number[], seed: number): object;
  load(stored: object): (row: number[]) => number;
}

const PENALTY = 1;
const CLASSIFIER_PLAN = { hidden: [6], iterations: 300, learningRate: 0.15 };
const REGRESSOR_PLAN = { hidden: [8], iterations: 400, learningRate: 0.2 };

/** Shallow and few: teams have hundreds of outcomes, not millions. */
const TREES = { rounds: 120, learningRate: 0.08, depth: 3, minLeaf: 5 };

interface StoredNetwork {
  scaling: Scaling;
  low: number;
  high: number;
  weights: NetworkWeights;
}

/** Of a probability: targets are 0 or 1. */
export const classifiers: readonly Algorithm[] = [
  network(CLASSIFIER_PLAN, () => ({ low: 0, high: 1 })),
  {
    name: 'logistic regression',
    hyperparameters: { penalty: PENALTY },
    fit: (rows, targets) => fitLogistic(rows, targets, PENALTY),
    load: (stored) => logistic(stored as LinearModel),
  },
  trees('log'),
];

/** Of a number. */
export const regressors: readonly Algorithm[] = [
  network(REGRESSOR_PLAN, (targets) => ({
    low: Math.min(...targets) - 0.5,
    high: Math.max(...targets) + 0.5,
  })),
  {
    name: 'ridge regression',
    hyperparameters: { penalty: PENALTY },
    fit: (rows, targets) => fitRidge(rows, targets, PENALTY),
    load: (stored) => ridge(stored as LinearModel),
  },
  trees('squared'),
];

/** A network works between 0 and 1, so its targets are brought there. */
function network(
  plan: typeof CLASSIFIER_PLAN,
  rangeOf: (targets: number[]) => { low: number; high: number },
): Algorithm {
  const { hidden, iterations, learningRate } = plan;
  return {
    name: 'neural network (brain.js)',
    hyperparameters: { hidden: hidden.join('-'), iterations, learningRate },
    fit(rows, targets, seed) {
      const scaling = fitScaling(rows);
      const { low, high } = rangeOf(targets);
      const weights = trainNetwork(
        rows.map((row) => scale(scaling, row)),
        targets.map((target) => [(target - low) / (high - low)]),
        { ...plan, seed },
      );
      return { scaling, low, high, weights } satisfies StoredNetwork;
    },
    load(stored) {
      const { scaling, low, high, weights } = stored as StoredNetwork;
      const run = loadNetwork(weights);
      return (row) => low + (run(scale(scaling, row))[0] ?? 0) * (high - low);
    },
  };
}

function trees(loss: 'log' | 'squared'): Algorithm {
  return {
    name: 'boosted trees',
    hyperparameters: TREES,
    fit: (rows, targets, seed) => trainBoostedTrees(rows, targets, { loss, ...TREES, seed }),
    load: (stored) => loadBoostedTrees(stored as BoostedTrees),
  };
}
