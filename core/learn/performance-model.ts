/** Performance prediction: how long a migration will take, with an interval. Regression on log10 of milliseconds. */
import { groupBy, mean, median, significant } from '../numbers.ts';
import { conformalQuantile } from './algorithms/conformal.ts';
import { improvement, wins } from './bootstrap.ts';
import { regressors } from './candidates.ts';
import type { Example, MigrationFacts } from './examples.ts';
import { withFurther } from './feature-table.ts';
import { dominantGroup, FEATURE_NAMES } from './features.ts';
import { leaksOfNumber } from './leaks.ts';
import {
  type Prepared,
  type Row,
  runnerOf,
  type Stored,
  storedOf,
  type Task,
  targetsOf,
  unseenRepositories,
} from './supervised.ts';
import { supervisedModel } from './supervised-model.ts';

interface PerformanceArtifact extends Stored {
  /** What to add in log10 for the lower end, the middle and the upper end; see `residualsOf`. */
  residuals: { low: number; middle: number; high: number };
}

const NEEDED = 40;
const METRIC = 'mean absolute log10 error';
const FACTOR = 'typical factor off';

/** Logarithm to base 10 of the milliseconds. */
const TASK: Task = {
  algorithms: regressors,
  targetOf: (example) => (isTimed(example) ? Math.log10(example.durationMs) : undefined),
  leaksOf: leaksOfNumber,
};

export const performanceModel = supervisedModel({
  id: 'performance-prediction',
  name: 'Performance prediction',
  type: 'regression',
  baseline:
    'median duration of earlier migrations with the same main kind of operation, in the same kind of database',
  needed: NEEDED,
  shortage(examples) {
    const have = examples.filter(isTimed).length;
    return have < NEEDED ? { have, need: NEEDED, of: 'migrations with a known duration' } : undefined;
  },
  task: TASK,
  judge(prepared, { seed, onProgress }) {
    const { train, test, entrants } = prepared;
    const judged = entrants.map((entrant) => {
      const artifact: PerformanceArtifact = {
        ...storedOf(prepared, entrant),
        residuals: residualsOf(entrant.outOfFold, targetsOf(train)),
      };
      const predict = predictorOf(artifact);
      const predicted = test.map((row) => predict(row.features));
      const errors = test.map(({ target }, i) => Math.abs((predicted[i]?.log ?? 0) - target));
      const covered = test.filter(({ target }, i) => {
        const { p10, p90 } = predicted[i] ?? { p10: 0, p90: 0 };
        return 10 ** target >= p10 && 10 ** target <= p90;
      }).length;
      return { ...entrant, artifact, errors, mean: mean(errors), coverage: covered / test.length };
    });
    onProgress('comparing', 1);
    const best = judged.reduce((a, b) => (b.mean < a.mean ? b : a));
    const baseline = baselineOf(train);
    const baselineErrors = test.map((row) => Math.abs(baseline(row.example) - row.target));
    const headline = {
      name: FACTOR,
      value: significant(10 ** median(best.errors)),
      baseline: significant(10 ** median(baselineErrors)),
      better: 'lower',
      unit: '×',
    } as const;
    const predict = predictorOf(best.artifact);
    const lossesOf = (rows: readonly number[][]) =>
      rows.map((row, i) => Math.abs(predict(row).log - (test[i]?.target ?? 0)));
    return {
      best,
      lossesOf,
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
        ...elsewhere(prepared, best.algorithm, seed),
      ],
      headline,
      // In the mean and for the typical migration, which is the figure that people see.
      beatsBaseline:
        headline.value < headline.baseline && wins(improvement(baselineErrors, best.errors, seed)),
      candidates: judged.map(({ algorithm, errors, coverage, trainMs }) => ({
        algorithm: algorithm.name,
        metrics: {
          [FACTOR]: significant(10 ** median(errors)),
          [METRIC]: significant(mean(errors)),
          'coverage of the 80 % interval': significant(coverage),
        },
        trainMs,
        chosen: algorithm === best.algorithm,
      })),
    };
  },
  contest: {
    metric: METRIC,
    lossesOf(artifact, test) {
      const predict = predictDuration(artifact);
      return test.map(({ example, features, target }) =>
        Math.abs(predict(features.slice(0, FEATURE_NAMES.length), example).log - target),
      );
    },
  },
});

function isTimed(example: Example): example is Example & { durationMs: number } {
  return example.durationMs !== undefined && example.durationMs > 0 && example.failed === false;
}

/** How it does on whole repositories that it had not seen, beside the medians of the others. */
function elsewhere(prepared: Prepared, algorithm: Prepared['entrants'][number]['algorithm'], seed: number) {
  const held = unseenRepositories(prepared, algorithm, seed);
  if (held.length === 0) return [];
  const errors = held.flatMap(({ rows, said, others, outOfFold }) => {
    const { middle } = residualsOf(outOfFold, targetsOf(others));
    return rows.map(({ target }, i) => Math.abs((said[i] ?? 0) + middle - target));
  });
  const usual = held.flatMap(({ rows, others }) => {
    const baseline = baselineOf(others);
    return rows.map(({ example, target }) => Math.abs(baseline(example) - target));
  });
  return [
    {
      name: `${FACTOR} in repositories it had not seen`,
      value: significant(10 ** median(errors)),
      baseline: significant(10 ** median(usual)),
      better: 'lower' as const,
      unit: '×',
    },
  ];
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
  const overall = median(targetsOf(rows));
  const groups = groupBy(rows, ({ example }) => kind(example));
  const medians = new Map([...groups].map(([name, members]) => [name, median(targetsOf(members))]));
  return (facts) => medians.get(kind(facts)) ?? overall;
}

function predictorOf(artifact: PerformanceArtifact) {
  const run = runnerOf(artifact, regressors);
  const { low, middle, high } = artifact.residuals;
  return (row: readonly number[]) => {
    const raw = run(row);
    const log = raw + middle;
    return { log, p10: 10 ** (raw + low), p50: 10 ** log, p90: 10 ** (raw + high) };
  };
}

/** From a stored model: log10 of the expected milliseconds, and milliseconds at 10, 50 and 90 %. */
export function predictDuration(stored: object) {
  const artifact = stored as PerformanceArtifact;
  const predict = predictorOf(artifact);
  return (features: readonly number[], facts: Pick<Example, 'further'> = {}) =>
    predict(withFurther(features, facts, artifact.further));
}
