/** Error prediction: the probability that a migration fails. Classification. */
import { mean, significant } from '../numbers.ts';
import { calibrated, fitPlatt, type PlattScaling } from './algorithms/calibration.ts';
import { bootstrap, improvement, wins } from './bootstrap.ts';
import { classifiers } from './candidates.ts';
import { calibrationError } from './curves.ts';
import type { Example } from './examples.ts';
import { withFurther } from './feature-table.ts';
import { FEATURE_NAMES } from './features.ts';
import { leaksOfOutcome } from './leaks.ts';
import { auc, brier, confusion, scores } from './metrics.ts';
import {
  type Prepared,
  type Row,
  runnerOf,
  type Stored,
  storedOf,
  type Task,
  unseenRepositories,
} from './supervised.ts';
import { supervisedModel } from './supervised-model.ts';
import { splitExamples } from './trainable.ts';

interface ErrorArtifact extends Stored {
  /** Turns what the algorithm says into a probability that is right as often as it says. */
  calibration: PlattScaling;
}

const NEEDED = 40;
const NEEDED_FAILURES = 8;
const NEEDED_TESTED = 2;

/** A Brier score that is lower by less may come from a rate of failures that changed. */
const LEAST_GAIN = 0.02;

/** 1 for a failure. */
const TASK: Task = {
  algorithms: classifiers,
  targetOf: ({ failed }) => (failed === undefined ? undefined : Number(failed)),
  leaksOf: (features, rows, targets) =>
    leaksOfOutcome(
      features,
      rows,
      targets.map((target) => target === 1),
    ),
};

export const errorModel = supervisedModel({
  id: 'error-prediction',
  name: 'Error prediction',
  type: 'classification',
  baseline: 'the share of earlier migrations that failed, the same for every migration',
  needed: NEEDED,
  shortage(examples) {
    const known = examples.filter(({ failed }) => failed !== undefined);
    if (known.length < NEEDED)
      return { have: known.length, need: NEEDED, of: 'migrations with a known outcome' };
    const failures = known.filter(({ failed }) => failed).length;
    if (failures < NEEDED_FAILURES) return { have: failures, need: NEEDED_FAILURES, of: 'failed migrations' };
    const { test } = splitExamples(known.map((example) => ({ example })));
    const tested = test.filter(({ example }) => example.failed).length;
    return tested < NEEDED_TESTED
      ? { have: tested, need: NEEDED_TESTED, of: 'failed migrations among the latest quarter' }
      : undefined;
  },
  task: TASK,
  judge(prepared, { seed, onProgress }) {
    const { train, test, entrants } = prepared;
    const actual = test.map(isFailed);
    const judged = entrants.map((entrant) => {
      const artifact: ErrorArtifact = {
        ...storedOf(prepared, entrant),
        calibration: calibrate(entrant.outOfFold, train),
      };
      const probabilities = test.map((row) => probabilityOf(artifact)(row.features));
      return { ...entrant, artifact, probabilities, brier: brier(probabilities, actual) };
    });
    onProgress('comparing', 1);
    const best = judged.reduce((a, b) => (b.brier < a.brier ? b : a));
    const rate = rateOf(train);
    const usual = test.map(() => rate);
    const gain = improvement(squaredErrors(usual, test), squaredErrors(best.probabilities, test), seed);
    const headline = {
      name: 'Brier score',
      value: significant(best.brier),
      baseline: significant(brier(usual, actual)),
      better: 'lower',
    } as const;
    const predict = probabilityOf(best.artifact);
    return {
      best,
      lossesOf: (rows) => squaredErrors(rows.map(predict), test),
      metrics: [
        headline,
        ...figures(best.probabilities, actual),
        ...elsewhere(prepared, best.algorithm, seed),
      ],
      headline,
      beatsBaseline:
        wins(gain) &&
        headline.value <= headline.baseline * (1 - LEAST_GAIN) &&
        tellsApart(best.probabilities, actual, seed),
      candidates: judged.map(({ algorithm, probabilities, trainMs, brier: score }) => ({
        algorithm: algorithm.name,
        metrics: {
          'Brier score': significant(score),
          AUC: significant(auc(probabilities, actual)),
          'calibration error': significant(calibrationError(probabilities, actual)),
        },
        trainMs,
        chosen: algorithm === best.algorithm,
      })),
    };
  },
  contest: {
    metric: 'Brier score',
    lossesOf(artifact, test) {
      const predict = predictFailure(artifact);
      return squaredErrors(
        test.map(({ example, features }) => predict(features.slice(0, FEATURE_NAMES.length), example)),
        test,
      );
    },
  },
});

function isFailed({ target }: Row): boolean {
  return target === 1;
}

function rateOf(rows: readonly Row[]): number {
  return rows.filter(isFailed).length / rows.length;
}

/** How it does on whole repositories that it had not seen, beside the rate of the others. */
function elsewhere(prepared: Prepared, algorithm: Prepared['entrants'][number]['algorithm'], seed: number) {
  const held = unseenRepositories(prepared, algorithm, seed);
  if (held.length === 0) return [];
  const own = held.flatMap(({ rows, said, others, outOfFold }) => {
    const calibration = calibrate(outOfFold, others);
    return squaredErrors(
      said.map((p) => calibrated(calibration, logit(p))),
      rows,
    );
  });
  const usual = held.flatMap(({ rows, others }) => {
    const rate = rateOf(others);
    return squaredErrors(
      rows.map(() => rate),
      rows,
    );
  });
  return [
    {
      name: 'Brier score in repositories it had not seen',
      value: significant(mean(own)),
      baseline: significant(mean(usual)),
      better: 'lower' as const,
    },
  ];
}

function figures(probabilities: number[], actual: boolean[]) {
  const matrix = confusion(
    probabilities.map((p) => p >= 0.5),
    actual,
  );
  const { precision, recall, f1 } = scores(matrix);
  const failures = actual.filter(Boolean).length;
  const hits = matrix.truePositive + matrix.trueNegative;
  const majority = Math.max(failures, actual.length - failures) / actual.length;
  const higher = 'higher' as const;
  return [
    { name: 'AUC', value: significant(auc(probabilities, actual)), baseline: 0.5, better: higher },
    {
      name: 'calibration error',
      value: significant(calibrationError(probabilities, actual)),
      better: 'lower' as const,
    },
    {
      name: 'accuracy',
      value: significant(hits / actual.length),
      baseline: significant(majority),
      better: higher,
    },
    { name: 'precision', value: significant(precision), baseline: 0, better: higher },
    { name: 'recall', value: significant(recall), baseline: 0, better: higher },
    { name: 'F1', value: significant(f1), baseline: 0, better: higher },
  ];
}

/** Whether failures get higher probabilities than successes: the 90 % bootstrap interval of the AUC lies above a half. */
function tellsApart(probabilities: readonly number[], actual: readonly boolean[], seed: number): boolean {
  const area = (places: readonly number[]) =>
    auc(
      places.map((i) => probabilities[i] as number),
      places.map((i) => actual[i] as boolean),
    );
  return bootstrap(actual.length, seed, area).low > 0.5;
}

function squaredErrors(probabilities: readonly number[], rows: readonly Row[]): number[] {
  return rows.map(({ target }, i) => ((probabilities[i] ?? 0) - target) ** 2);
}

/** On predictions of rows that the model had not seen. Scores that point the wrong way are worth nothing. */
function calibrate(outOfFold: readonly number[], train: readonly Row[]): PlattScaling {
  const scaling = fitPlatt(outOfFold.map(logit), train.map(isFailed));
  if (scaling.slope >= 0) return scaling;
  const rate = (train.filter(isFailed).length + 1) / (train.length + 2);
  return { kind: 'platt', slope: 0, offset: logit(rate) };
}

function logit(p: number): number {
  const inside = Math.min(1 - 1e-4, Math.max(1e-4, p));
  return Math.log(inside / (1 - inside));
}

function probabilityOf(artifact: ErrorArtifact): (row: readonly number[]) => number {
  const run = runnerOf(artifact, classifiers);
  return (row) => calibrated(artifact.calibration, logit(run(row)));
}

/** From a stored model: the probability of failure, 0 to 1, of a row of the house’s features and what else is known. */
export function predictFailure(
  stored: object,
): (features: readonly number[], facts?: Pick<Example, 'further'>) => number {
  const artifact = stored as ErrorArtifact;
  const predict = probabilityOf(artifact);
  return (features, facts = {}) => predict(withFurther(features, facts, artifact.further));
}
