/** Error prediction: the probability that a migration fails. Classification. */
import { significant } from '../numbers.ts';
import type { Example } from './examples.ts';
import { FEATURE_NAMES, featureRows, fitScaling, type Scaling, scale } from './features.ts';
import { auc, brier, confusion, scores } from './metrics.ts';
import { loadNetwork, type NetworkWeights, trainNetwork } from './network.ts';
import { split, type TrainableModel } from './trainable.ts';

interface ErrorArtifact {
  scaling: Scaling;
  weights: NetworkWeights;
}

const NEEDED = 40;
const NEEDED_FAILURES = 8;
const NEEDED_TESTED = 2;
const PLAN = { hidden: [6], iterations: 300, learningRate: 0.15 };

interface Row {
  features: number[];
  failed: boolean;
}

export const errorModel: TrainableModel = {
  id: 'error-prediction',
  name: 'Error prediction',
  type: 'classification',
  algorithm: 'neural network (brain.js)',
  baseline: 'the share of earlier migrations that failed, the same for every migration',
  features: FEATURE_NAMES,
  needed: NEEDED,
  shortage(examples) {
    const known = examples.filter(({ failed }) => failed !== undefined);
    if (known.length < NEEDED)
      return { have: known.length, need: NEEDED, of: 'migrations with a known outcome' };
    const failures = known.filter(({ failed }) => failed).length;
    if (failures < NEEDED_FAILURES) return { have: failures, need: NEEDED_FAILURES, of: 'failed migrations' };
    const tested = split(known).test.filter(({ failed }) => failed).length;
    return tested < NEEDED_TESTED
      ? { have: tested, need: NEEDED_TESTED, of: 'failed migrations among the latest quarter' }
      : undefined;
  },
  train(examples: readonly Example[], seed) {
    const features = featureRows(examples);
    const rows = examples.flatMap(({ failed }, i): Row[] =>
      failed === undefined ? [] : [{ features: features[i] ?? [], failed }],
    );
    const { train, test } = split(rows);
    const tested = test.filter(({ failed }) => failed).length;

    const scaling = fitScaling(train.map((row) => row.features));
    const weights = trainNetwork(
      train.map((row) => scale(scaling, row.features)),
      train.map(({ failed }) => [Number(failed)]),
      { ...PLAN, seed },
    );
    const artifact = { scaling, weights };
    const predict = predictFailure(artifact);
    const probabilities = test.map((row) => predict(row.features));
    const actual = test.map(({ failed }) => failed);
    const rate = train.filter(({ failed }) => failed).length / train.length;
    const modelBrier = brier(probabilities, actual);
    const baseBrier = brier(
      actual.map(() => rate),
      actual,
    );
    const matrix = confusion(
      probabilities.map((p) => p >= 0.5),
      actual,
    );
    const { precision, recall, f1 } = scores(matrix);
    const headline = {
      name: 'Brier score',
      value: significant(modelBrier),
      baseline: significant(baseBrier),
      better: 'lower',
    } as const;
    const hits = matrix.truePositive + matrix.trueNegative;
    const majority = Math.max(tested, test.length - tested) / test.length;
    return {
      artifact: artifact as unknown as Record<string, unknown>,
      metrics: [
        headline,
        { name: 'AUC', value: significant(auc(probabilities, actual)), baseline: 0.5, better: 'higher' },
        {
          name: 'accuracy',
          value: significant(hits / test.length),
          baseline: significant(majority),
          better: 'higher',
        },
        { name: 'precision', value: significant(precision), baseline: 0, better: 'higher' },
        { name: 'recall', value: significant(recall), baseline: 0, better: 'higher' },
        { name: 'F1', value: significant(f1), baseline: 0, better: 'higher' },
      ],
      headline,
      beatsBaseline: modelBrier < baseBrier,
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

/** From a stored model: the probability of failure, 0 to 1. */
export function predictFailure(stored: object): (features: number[]) => number {
  const { scaling, weights } = stored as ErrorArtifact;
  const run = loadNetwork(weights);
  return (features) => run(scale(scaling, features))[0] ?? 0;
}
