/**
 * `npm run bench:models [-- --json FILE --measurements FILE]`: the algorithms that compete for a prediction, on generated data
 * of known structure and on what the prior was measured on (another such file may be given), each on rows that it has not seen:
 * AUC, with its lowest and highest, Brier score, calibration error, time to train. Seeded; only times differ between runs.
 */
import { writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { classifiers } from '../../core/learn/candidates.ts';
import { calibrationError } from '../../core/learn/curves.ts';
import { exampleOf } from '../../core/learn/examples.ts';
import { auc, brier } from '../../core/learn/metrics.ts';
import { runTraining } from '../../core/learn/models.ts';
import { mean, median, significant } from '../../core/numbers.ts';
import { migrations } from '../support/learning.ts';
import { DATA_SETS, type DataSet, measured } from './model-data.ts';

interface Line {
  data: string;
  algorithm: string;
  brier: number;
  auc?: number;
  /** Lowest and highest of the draws. */
  aucRange?: [number, number];
  calibrationError?: number;
  trainMs?: number;
}

/** Draws of each generated data set; figures are means over the draws, times their median. */
const DRAWS = 3;
const TRAINED = 0.75;
const SHUFFLED = 30;
const MEASUREMENTS = fileURLToPath(new URL('../../core/learn/prior/measurements.json', import.meta.url));

function measure(name: string, draws: readonly DataSet[]): Line[] {
  const best = mean(draws.map(bestPossible));
  const lines = classifiers.map((algorithm): Line => {
    const figures = draws.map((data, draw) => {
      const { rows, positive } = data;
      const cut = cutOf(data);
      const started = performance.now();
      const stored = algorithm.fit(rows.slice(0, cut), positive.slice(0, cut).map(Number), draw + 1);
      const trainMs = performance.now() - started;
      const probabilities = rows.slice(cut).map(algorithm.load(stored));
      const actual = positive.slice(cut);
      return {
        auc: auc(probabilities, actual),
        brier: brier(probabilities, actual),
        calibrationError: calibrationError(probabilities, actual),
        trainMs,
      };
    });
    const meanOf = (key: keyof (typeof figures)[number]) => significant(mean(figures.map((one) => one[key])));
    return {
      data: name,
      algorithm: algorithm.name,
      auc: meanOf('auc'),
      aucRange: [Math.min, Math.max].map((end) => significant(end(...figures.map((one) => one.auc)))) as [
        number,
        number,
      ],
      brier: meanOf('brier'),
      calibrationError: meanOf('calibrationError'),
      trainMs: Math.round(median(figures.map(({ trainMs }) => trainMs))),
    };
  });
  if (Number.isNaN(best)) return lines;
  return [...lines, { data: name, algorithm: 'the true probability', brier: significant(best) }];
}

/** How many trainings on outcomes that have nothing to do with the migration beat their baseline. */
function shuffledWins(): number {
  return Array.from({ length: SHUFFLED }, (_, i) => {
    const examples = migrations(200, { shuffled: true, seed: i + 1 }).map((event) =>
      exampleOf({ metadata: {}, ...event, id: '', timestamp: event.timestamp ?? '', sequence: i + 1 }),
    );
    return runTraining({ modelId: 'error-prediction', examples, seed: 1 }).beatsBaseline;
  }).filter(Boolean).length;
}

function cutOf({ rows, trained }: DataSet): number {
  return trained ?? Math.floor(rows.length * TRAINED);
}

/** Brier score of the probabilities that the labels were drawn from; NaN where they are not known. */
function bestPossible(data: DataSet): number {
  const cut = cutOf(data);
  return data.probabilities ? brier(data.probabilities.slice(cut), data.positive.slice(cut)) : Number.NaN;
}

function table(lines: readonly Line[]): string {
  return [
    '| data | algorithm | AUC | lowest to highest | Brier | calibration error | training |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...lines.map(
      (line) =>
        `| ${line.data} | ${line.algorithm} | ${line.auc ?? ''} | ${line.aucRange?.join(' to ') ?? ''} | ${line.brier} | ${line.calibrationError ?? ''} | ${line.trainMs === undefined ? '' : `${line.trainMs} ms`} |`,
    ),
  ].join('\n');
}

const { values } = parseArgs({
  options: { json: { type: 'string' }, measurements: { type: 'string', default: MEASUREMENTS } },
});
const seeds = Array.from({ length: DRAWS }, (_, i) => i + 1);
const prior = await measured(values.measurements);
const lines = [
  ...DATA_SETS.flatMap(({ name, make }) => measure(name, seeds.map(make))),
  ...measure('the prior’s measurements, unseen schemas', prior.folds),
];
const machine = {
  node: process.version,
  system: `${platform()} ${arch()}`,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
};
process.stdout.write(`${table(lines)}\n`);
process.stdout.write(
  `\nThe prior’s measurements: ${prior.cases} cases, ${Math.round(100 * prior.large)} % of them on tables of 1,000 rows and more\n`,
);
const shuffled = shuffledWins();
process.stdout.write(`\nModels that shuffled outcomes made active: ${shuffled} of ${SHUFFLED}\n`);
if (values.json) {
  const figures = {
    at: new Date().toISOString(),
    machine,
    lines,
    shuffled: { active: shuffled, draws: SHUFFLED },
  };
  writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
}
