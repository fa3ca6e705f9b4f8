/** Performance prediction: how long a migration will take, with an interval. Regression on log10 of milliseconds. */
import { groupBy, mean, median, significant } from '../numbers.ts';
import { conformalQuantile } from './algorithms/conformal.ts';
import { improvement, wins } from './bootstrap.ts';
import { regressors } from './candidates.ts';
import { enter, permutationImportance } from './compete.ts';
import { referenceOf } from './drift.ts';
import type { Example, MigrationFacts } from './examples.ts';
import { featureTable, withFurther } from './feature-table.ts';
import { dominantGroup, FEATURE_NAMES } from './features.ts';
import { leaksOfNumber } from './leaks.ts';
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

interface PerformanceArtifact {
  format: number;
  algorithm: string;
  columns: string[];
  further: string[];
  leftOut: number[];
  trainedUntil: number;
  stored: object;
  /** What to add in log10 for the lower end, the middle and the upper end; see `residualsOf`. */
  residuals: { low: number; middle: number; high: number };
}

const NEEDED = 40;
const METRIC = 'mean absolute log10 error';

interface Row {
  example: Example;
  features: number[];
  log: number;
}

export const performanceModel: TrainableModel = {
  id: 'performance-prediction',
  name: 'Performance prediction',
  type: 'regression',
  algorithm: regressors.map(({ name }) => name).join(', '),
  baseline:
    'median duration of earlier migrations with the same main kind of operation, in the same kind of database',
  features: FEATURE_NAMES,
  needed: NEEDED,
  shortage(examples) {
    const have = examples.filter(isTimed).length;
    return have < NEEDED ? { have, need: NEEDED, of: 'migrations with a known duration' } : undefined;
  },
  train(examples, { seed, champion, clock, onProgress }) {
    const { features, further, rows } = featureTable(examples);
    const known = rowsOf(examples, rows);
    const leaks = leaksOfNumber(
      features,
      known.map((row) => row.features),
      known.map(({ log }) => log),
    );
    const leftOut = leaks.map(({ column }) => column);
    const { train, test } = splitExamples(known);
    const inputs = train.map((row) => without(row.features, leftOut));
    const targets = train.map(({ log }) => log);
    const entrants = enter(
      regressors,
      { rows: inputs, targets, groups: groupsOf(train) },
      seed,
      clock,
      onProgress,
    );
    const judged = entrants.map(({ algorithm, stored, outOfFold, trainMs }) => {
      const artifact: PerformanceArtifact = {
        format: ARTIFACT_FORMAT,
        algorithm: algorithm.name,
        columns: features.map(({ name }) => name),
        further,
        leftOut,
        trainedUntil: spanOf(train).to,
        stored,
        residuals: residualsOf(outOfFold, targets),
      };
      const predict = predictorOf(artifact);
      const predicted = test.map((row) => predict(row.features));
      const errors = test.map(({ log }, i) => Math.abs((predicted[i]?.log ?? 0) - log));
      const covered = test.filter(({ log }, i) => {
        const { p10, p90 } = predicted[i] ?? { p10: 0, p90: 0 };
        return 10 ** log >= p10 && 10 ** log <= p90;
      }).length;
      return { algorithm, artifact, trainMs, errors, mean: mean(errors), coverage: covered / test.length };
    });
    onProgress('comparing', 1);
    const best = judged.reduce((a, b) => (b.mean < a.mean ? b : a));
    const baseline = baselineOf(train);
    const baselineErrors = test.map((row) => Math.abs(baseline(row.example) - row.log));
    const headline = {
      name: 'typical factor off',
      value: significant(10 ** median(best.errors)),
      baseline: significant(10 ** median(baselineErrors)),
      better: 'lower',
      unit: '×',
    } as const;
    const rivalry = champion && rivalryOn(known, champion, best.artifact as unknown as Artifact, seed);
    const predict = predictorOf(best.artifact);
    return {
      artifact: best.artifact as unknown as Artifact,
      algorithm: best.algorithm.name,
      metrics: [
        headline,
        {
          name: METRIC,
          value: significant(best.mean),
          baseline: significant(mean(baselineErrors)),
          better: 'lower',
        },
        {
          name: 'coverage of the 80 % interval',
          value: significant(best.coverage),
          baseline: 0.8,
          better: 'near',
        },
      ],
      headline,
      beatsBaseline: wins(improvement(baselineErrors, best.errors, seed)),
      hyperparameters: { algorithm: best.algorithm.name, ...best.algorithm.hyperparameters, seed },
      trained: train.length,
      tested: test.length,
      holdOut: spanOf(test),
      candidates: judged.map(({ algorithm, errors, coverage, trainMs }) => ({
        algorithm: algorithm.name,
        metrics: {
          'typical factor off': significant(10 ** median(errors)),
          [METRIC]: significant(mean(errors)),
          'coverage of the 80 % interval': significant(coverage),
        },
        trainMs,
        chosen: algorithm === best.algorithm,
      })),
      importance: permutationImportance(
        features,
        test.map((row) => row.features),
        (altered) => altered.map((row, i) => Math.abs(predict(row).log - (test[i]?.log ?? 0))),
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

function isTimed(example: Example): example is Example & { durationMs: number } {
  return example.durationMs !== undefined && example.durationMs > 0 && example.failed === false;
}

function rowsOf(examples: readonly Example[], rows: readonly number[][]): Row[] {
  return examples.flatMap((example, i): Row[] =>
    isTimed(example) ? [{ example, features: rows[i] ?? [], log: Math.log10(example.durationMs) }] : [],
  );
}

function rivalryOn(
  known: readonly Row[],
  champion: Artifact,
  challenger: Artifact,
  seed: number,
): Rivalry | undefined {
  if (!isReadable(champion) || !isReadable(challenger)) return undefined;
  const test = unseen(splitExamples(known).test, [champion, challenger]);
  const lossesOf = (artifact: Artifact) => {
    const predict = predictDuration(artifact);
    return test.map(({ example, features, log }) =>
      Math.abs(predict(features.slice(0, FEATURE_NAMES.length), example).log - log),
    );
  };
  return rivalryOf(METRIC, lossesOf(champion), lossesOf(challenger), seed);
}

/** Ends of an interval that holds 80 % of what is to come, from signed errors on rows that the model had not seen. */
function residualsOf(
  outOfFold: readonly number[],
  targets: readonly number[],
): PerformanceArtifact['residuals'] {
  const errors = targets.map((target, i) => target - (outOfFold[i] ?? 0));
  const low = -conformalQuantile(
    errors.map((error) => -error),
    0.9,
  );
  return { low, middle: median(errors), high: conformalQuantile(errors, 0.9) };
}

function baselineOf(rows: readonly Row[]): (facts: MigrationFacts) => number {
  const kind = (facts: MigrationFacts) => `${dominantGroup(facts)} ${facts.environment === 'shadow'}`;
  const overall = median(rows.map(({ log }) => log));
  const groups = groupBy(rows, ({ example }) => kind(example));
  const medians = new Map(
    [...groups].map(([name, members]) => [name, median(members.map(({ log }) => log))]),
  );
  return (facts) => medians.get(kind(facts)) ?? overall;
}

function without(row: readonly number[], leftOut: readonly number[]): number[] {
  return leftOut.length === 0 ? [...row] : row.map((value, i) => (leftOut.includes(i) ? Number.NaN : value));
}

function predictorOf({ algorithm, stored, residuals, leftOut }: PerformanceArtifact) {
  const known = regressors.find(({ name }) => name === algorithm);
  if (!known) throw new RangeError(`an unknown algorithm, ${algorithm}`);
  const run = known.load(stored);
  const { low, middle, high } = residuals;
  return (row: readonly number[]) => {
    const raw = run(without(row, leftOut));
    const log = raw + middle;
    return { log, p10: 10 ** (raw + low), p50: 10 ** log, p90: 10 ** (raw + high) };
  };
}

function isReadable(artifact: Artifact): boolean {
  const { format, columns, further } = artifact as unknown as PerformanceArtifact;
  return format === ARTIFACT_FORMAT && columns.length === FEATURE_NAMES.length + further.length;
}

/** From a stored model: log10 of the expected milliseconds, and milliseconds at 10, 50 and 90 %. */
export function predictDuration(stored: object) {
  const artifact = stored as PerformanceArtifact;
  const predict = predictorOf(artifact);
  return (features: readonly number[], facts: Pick<Example, 'further'> = {}) =>
    predict(withFurther(features, facts, artifact.further));
}
