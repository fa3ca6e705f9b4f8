/**
 * Lets algorithms compete: each is trained on the same rows, adjusted on predictions that it made of rows it had not
 * seen (contiguous folds), and judged on the hold-out. The best is the challenger.
 */
import type { FeatureWeight } from '../contract/accuracy.ts';
import { mean, seededRandom, significant } from '../numbers.ts';
import type { Algorithm } from './candidates.ts';
import type { Feature } from './features.ts';
import { foldsOf } from './hold-out.ts';

export interface Rows {
  rows: number[][];
  targets: number[];
  /** For each row the place of the first of its group. */
  groups: number[];
}

export interface Entrant {
  algorithm: Algorithm;
  /** What the algorithm stored. */
  stored: object;
  /** Predictions of training rows by models that had not seen them. */
  outOfFold: number[];
  trainMs: number;
}

const FOLDS = 4;
const SHUFFLES = 5;

export function enter(
  algorithms: readonly Algorithm[],
  { rows, targets, groups }: Rows,
  seed: number,
  clock: () => number,
  onProgress: (step: string, share: number) => void,
): Entrant[] {
  const folds = foldsOf(groups, FOLDS);
  const total = algorithms.length * (FOLDS + 1);
  let done = 0;
  return algorithms.map((algorithm) => {
    const step = () => onProgress(`training the ${algorithm.name}`, done++ / total);
    const outOfFold = new Array<number>(rows.length).fill(0);
    for (let fold = 0; fold < FOLDS; fold++) {
      step();
      const [inside, outside] = [places(folds, fold, true), places(folds, fold, false)];
      if (inside.length === 0 || outside.length === 0) continue;
      const stored = algorithm.fit(pick(rows, outside), pick(targets, outside), seed);
      const predict = algorithm.load(stored);
      for (const i of inside) outOfFold[i] = predict(rows[i] as number[]);
    }
    step();
    const started = clock();
    const stored = algorithm.fit(rows, targets, seed);
    return { algorithm, stored, outOfFold, trainMs: Math.round(clock() - started) };
  });
}

/**
 * What a model rests on: how much its mean loss on the hold-out grows when a column is shuffled (Breiman 2001), the mean of
 * some shuffles. Largest first.
 */
export function permutationImportance(
  features: readonly Feature[],
  test: readonly number[][],
  lossOf: (rows: readonly number[][]) => number[],
  seed: number,
): FeatureWeight[] {
  const random = seededRandom(seed);
  const loss = mean(lossOf(test));
  return features
    .map(({ name, unit, meaning }, column): FeatureWeight => {
      const growth: number[] = [];
      for (let i = 0; i < SHUFFLES; i++) {
        const order = shuffled(test.length, random);
        const altered = test.map((row, at) => row.with(column, test[order[at] as number]?.[column] ?? 0));
        growth.push(mean(lossOf(altered)) - loss);
      }
      return { feature: name, unit, meaning, importance: significant(mean(growth)) };
    })
    .sort((a, b) => b.importance - a.importance);
}

function places(folds: readonly number[], fold: number, inside: boolean): number[] {
  return folds.flatMap((own, i) => ((own === fold) === inside ? [i] : []));
}

function pick<T>(items: readonly T[], at: readonly number[]): T[] {
  return at.map((i) => items[i] as T);
}

function shuffled(length: number, random: () => number): number[] {
  const order = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}
