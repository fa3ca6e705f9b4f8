/** Data of known structure for `bench:models`. The same seed gives the same rows; where it is known, the true probability. */
import { readFileSync } from 'node:fs';
import { loadParsers } from '../../core/node/parsers.ts';
import { seededRandom } from '../../core/numbers.ts';
import { dangerRow, isWeighed } from '../../core/predict/failure-model.ts';
import { readMeasurements } from '../../scripts/prediction/measurements.ts';
import { replay } from '../../scripts/prediction/replay.ts';

export interface DataSet {
  rows: number[][];
  positive: boolean[];
  /** The probabilities that the labels were drawn from; nothing can do better. */
  probabilities?: number[];
  /** So many rows are for training; three quarters where it is not said. */
  trained?: number;
}

const ROWS = 1_600;

export const DATA_SETS: readonly { name: string; make: (seed: number) => DataSet }[] = [
  { name: 'Friedman 1, as a class', make: friedman },
  { name: 'two moons, noisy', make: moons },
  { name: 'linear, 6 % positive', make: imbalanced },
  { name: 'exclusive or, with gaps', make: exclusiveOr },
];

/** Friedman’s first function (1991) of five columns, five more of noise; a logistic of it gives the probability. */
function friedman(seed: number): DataSet {
  return drawn(seed, 10, ([a = 0, b = 0, c = 0, d = 0, e = 0]) => {
    const value = 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e;
    return 1 / (1 + Math.exp(-(value - 14.4)));
  });
}

/** Two half circles that reach into each other, with noise of 0.25. */
function moons(seed: number): DataSet {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const positive = Array.from({ length: ROWS }, () => random() < 0.5);
  const rows = positive.map((upper) => {
    const angle = Math.PI * random();
    const [x, y] = upper ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [x + 0.25 * normal(), y + 0.25 * normal()];
  });
  return { rows, positive };
}

/** A line in four of eight columns, where few are positive: what a linear model is made for. */
function imbalanced(seed: number): DataSet {
  return drawn(
    seed,
    8,
    ([a = 0, b = 0, c = 0, d = 0]) => 1 / (1 + Math.exp(-(4 * a + 3 * b - 3 * c + 2 * d - 6.6))),
  );
}

/** Which of two columns is above a half, not both; a tenth of the labels are turned round, a fifth of the values missing. */
function exclusiveOr(seed: number): DataSet {
  const random = seededRandom(seed + 1_000);
  const { rows, ...rest } = drawn(seed, 6, ([a = 0, b = 0]) => (a > 0.5 !== b > 0.5 ? 0.9 : 0.1));
  return { ...rest, rows: rows.map((row) => row.map((value) => (random() < 0.2 ? Number.NaN : value))) };
}

function drawn(seed: number, columns: number, probabilityOf: (row: number[]) => number): DataSet {
  const random = seededRandom(seed);
  const rows = Array.from({ length: ROWS }, () => Array.from({ length: columns }, random));
  const probabilities = rows.map(probabilityOf);
  return { rows, probabilities, positive: probabilities.map((p) => random() < p) };
}

const FOLDS = 6;
const LARGE_ROWS = 1_000;

/**
 * What the prior was measured on: what could make each statement fail, as far as statistics leave it open, and whether it
 * failed on a real PostgreSQL. Each sixth of the schemas is held out once: one alone, some 100 cases that are alike, would
 * say more of itself than of an algorithm.
 *
 * @param path of the measurements
 * @returns also how many cases there are, and the share of them on tables of 1,000 rows and more
 */
export async function measured(path: string): Promise<{ folds: DataSet[]; cases: number; large: number }> {
  await loadParsers();
  const measurements = readMeasurements(readFileSync(path, 'utf8'));
  const cases = replay(measurements).flatMap(({ outcome, plain }) =>
    plain.flatMap(({ dangers }) => {
      const [worst] = dangers.filter(isWeighed).sort((a, b) => b.p - a.p);
      if (!worst) return [];
      const rows = Math.max(...outcome.states.map((state) => measurements.states[state]?.rows ?? 0));
      return [{ schema: outcome.schema, row: dangerRow(worst), failed: outcome.code !== '', rows }];
    }),
  );
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const isTested = ({ schema }: { schema: number }) => schema % FOLDS === fold;
    const train = cases.filter((one) => !isTested(one));
    const both = [...train, ...cases.filter(isTested)];
    return {
      rows: both.map(({ row }) => row),
      positive: both.map(({ failed }) => failed),
      trained: train.length,
    };
  });
  const large = cases.filter(({ rows }) => rows >= LARGE_ROWS).length / cases.length;
  return { folds, cases: cases.length, large };
}
