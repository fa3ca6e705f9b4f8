/** Error prediction: the probability that a migration fails. Classification. */
import { significant } from '../numbers.ts';
import { calibrated, fitPlatt, type PlattScaling } from './algorithms/calibration.ts';
import { bootstrap, improvement, wins } from './bootstrap.ts';
import { classifiers } from './candidates.ts';
import { enter, permutationImportance } from './compete.ts';
import { calibrationError } from './curves.ts';
import { referenceOf } from './drift.ts';
import type { Example } from './examples.ts';
import { featureTable, withFurther } from './feature-table.ts';
import { FEATURE_NAMES } from './features.ts';
import { leaksOfOutcome } from './leaks.ts';
import { auc, brier, confusion, scores } from './metrics.ts';
import {
  ARTIFACT_FORMAT,
  type Artifact,
  groupsOf,
  type Rivalry,
  rivalryOf,
  spanOf,
  splitExamples,
  type TrainableModel,
  unseen,
} from './trainable.ts';

interface ErrorArtifact {
  format: number;
  algorithm: string;
  /** Names of all columns, in order; of the further ones at their end; places of those that are not used. */
  columns: string[];
  further: string[];
  leftOut: number[];
  /** Time of the newest example that it was trained on, milliseconds since 1970. */
  trainedUntil: number;
  stored: object;
  /** Turns what the algorithm says into a probability that is right as often as it says. */
  calibration: PlattScaling;
}

const NEEDED = 40;
const NEEDED_FAILURES = 8;
const NEEDED_TESTED = 2;

/** A Brier score that is lower by less may come from a rate of failures that changed. */
const LEAST_GAIN = 0.02;

interface Row {
  example: Example;
  features: number[];
  failed: boolean;
}

export const errorModel: TrainableModel = {
  id: 'error-prediction',
  name: 'Error prediction',
  type: 'classification',
  algorithm: classifiers.map(({ name }) => name).join(', '),
  baseline: 'the share of earlier migrations that failed, the same for every migration',
  features: FEATURE_NAMES,
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
  train(examples, { seed, champion, clock, onProgress }) {
    const { features, further, rows } = featureTable(examples);
    const known = rowsOf(examples, rows);
    const leaks = leaksOfOutcome(
      features,
      known.map((row) => row.features),
      known.map(({ failed }) => failed),
    );
    const leftOut = leaks.map(({ column }) => column);
    const { train, test } = splitExamples(known);
    const inputs = train.map((row) => without(row.features, leftOut));
    const entrants = enter(
      classifiers,
      { rows: inputs, targets: train.map(({ failed }) => Number(failed)), groups: groupsOf(train) },
      seed,
      clock,
      onProgress,
    );
    const actual = test.map(({ failed }) => failed);
    const judged = entrants.map(({ algorithm, stored, outOfFold, trainMs }) => {
      const artifact: ErrorArtifact = {
        format: ARTIFACT_FORMAT,
        algorithm: algorithm.name,
        columns: features.map(({ name }) => name),
        further,
        leftOut,
        trainedUntil: spanOf(train).to,
        stored,
        calibration: calibrate(outOfFold, train),
      };
      const probabilities = test.map((row) => probabilityOf(artifact)(row.features));
      return { algorithm, artifact, trainMs, probabilities, brier: brier(probabilities, actual) };
    });
    onProgress('comparing', 1);
    const best = judged.reduce((a, b) => (b.brier < a.brier ? b : a));
    const rate = train.filter(({ failed }) => failed).length / train.length;
    const losses = squaredErrors(best.probabilities, test);
    const gain = improvement(
      squaredErrors(
        test.map(() => rate),
        test,
      ),
      losses,
      seed,
    );
    const headline = {
      name: 'Brier score',
      value: significant(best.brier),
      baseline: significant(
        brier(
          actual.map(() => rate),
          actual,
        ),
      ),
      better: 'lower',
    } as const;
    const rivalry = champion && rivalryOn(known, champion, best.artifact as unknown as Artifact, seed);
    const predict = probabilityOf(best.artifact);
    return {
      artifact: best.artifact as unknown as Artifact,
      algorithm: best.algorithm.name,
      metrics: [headline, ...figures(best.probabilities, actual)],
      headline,
      beatsBaseline:
        wins(gain) &&
        headline.value <= headline.baseline * (1 - LEAST_GAIN) &&
        tellsApart(best.probabilities, actual, seed),
      hyperparameters: { algorithm: best.algorithm.name, ...best.algorithm.hyperparameters, seed },
      trained: train.length,
      tested: test.length,
      holdOut: spanOf(test),
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
      importance: permutationImportance(
        features,
        test.map((row) => row.features),
        (altered) => squaredErrors(altered.map(predict), test),
        seed,
      ),
      leaks: leaks.map(({ said }) => said),
      ...(rivalry ? { rivalry } : {}),
      reference: features.map(({ name, unit }, i) =>
        referenceOf(
          name,
          unit,
          train.map((row) => row.features[i] ?? Number.NaN),
        ),
      ),
    };
  },
  compare(examples, champion, challenger, seed) {
    const { rows } = featureTable(examples);
    return rivalryOn(rowsOf(examples, rows), champion, challenger, seed);
  },
};

function rowsOf(examples: readonly Example[], rows: readonly number[][]): Row[] {
  return examples.flatMap((example, i): Row[] =>
    example.failed === undefined ? [] : [{ example, features: rows[i] ?? [], failed: example.failed }],
  );
}

/** Both on the newest hold-out; each reads the further figures by the names that it was trained on. */
function rivalryOn(
  known: readonly Row[],
  champion: Artifact,
  challenger: Artifact,
  seed: number,
): Rivalry | undefined {
  if (!isReadable(champion) || !isReadable(challenger)) return undefined;
  const test = unseen(splitExamples(known).test, [champion, challenger]);
  const lossesOf = (artifact: Artifact) => {
    const predict = predictFailure(artifact);
    return squaredErrors(
      test.map(({ example, features }) => predict(features.slice(0, FEATURE_NAMES.length), example)),
      test,
    );
  };
  return rivalryOf('Brier score', lossesOf(champion), lossesOf(challenger), seed);
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
  return rows.map(({ failed }, i) => ((probabilities[i] ?? 0) - Number(failed)) ** 2);
}

/** On predictions of rows that the model had not seen. Scores that point the wrong way are worth nothing. */
function calibrate(outOfFold: readonly number[], train: readonly Row[]): PlattScaling {
  const scaling = fitPlatt(
    outOfFold.map(logit),
    train.map(({ failed }) => failed),
  );
  if (scaling.slope >= 0) return scaling;
  const rate = (train.filter(({ failed }) => failed).length + 1) / (train.length + 2);
  return { kind: 'platt', slope: 0, offset: logit(rate) };
}

function logit(p: number): number {
  const inside = Math.min(1 - 1e-4, Math.max(1e-4, p));
  return Math.log(inside / (1 - inside));
}

function without(row: readonly number[], leftOut: readonly number[]): number[] {
  return leftOut.length === 0 ? [...row] : row.map((value, i) => (leftOut.includes(i) ? Number.NaN : value));
}

function probabilityOf({
  algorithm,
  stored,
  calibration,
  leftOut,
}: ErrorArtifact): (row: readonly number[]) => number {
  const known = classifiers.find(({ name }) => name === algorithm);
  if (!known) throw new RangeError(`an unknown algorithm, ${algorithm}`);
  const run = known.load(stored);
  return (row) => calibrated(calibration, logit(run(without(row, leftOut))));
}

/** Whether this version of the program can use a stored model. */
function isReadable(artifact: Artifact): boolean {
  const { format, columns, further } = artifact as unknown as ErrorArtifact;
  return format === ARTIFACT_FORMAT && columns.length === FEATURE_NAMES.length + further.length;
}

/** From a stored model: the probability of failure, 0 to 1, of a row of the house’s features and what else is known. */
export function predictFailure(
  stored: object,
): (features: readonly number[], facts?: Pick<Example, 'further'>) => number {
  const artifact = stored as ErrorArtifact;
  const predict = probabilityOf(artifact);
  return (features, facts = {}) => predict(withFurther(features, facts, artifact.further));
}
