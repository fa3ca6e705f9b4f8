/**
 * What learning from labelled migrations has in common, whatever is predicted: the rows, the leaks, the split, the
 * candidates, what is stored of the best, and how it does on repositories that it had not seen.
 */
import type { Algorithm } from './candidates.ts';
import { type Entrant, enter, permutationImportance } from './compete.ts';
import { referenceOf } from './drift.ts';
import type { Example } from './examples.ts';
import { featureTable } from './feature-table.ts';
import { FEATURE_NAMES, type Feature } from './features.ts';
import type { Leak } from './leaks.ts';
import {
  ARTIFACT_FORMAT,
  type Artifact,
  groupsOf,
  spanOf,
  splitExamples,
  type Trained,
  type TrainingContext,
} from './trainable.ts';

/** An example that has a label. */
export interface Row {
  example: Example;
  features: number[];
  target: number;
}

/** What is to be learnt. */
export interface Task {
  algorithms: readonly Algorithm[];
  /** The label of an example; undefined where it has none. */
  targetOf: (example: Example) => number | undefined;
  leaksOf: (features: readonly Feature[], rows: readonly number[][], targets: readonly number[]) => Leak[];
}

/** The head that every stored model has. */
export interface Stored {
  format: number;
  algorithm: string;
  /** Names of all columns, in order; of the further ones at their end; places of those that are not used. */
  columns: string[];
  further: string[];
  leftOut: number[];
  /** Time of the newest example that it was trained on, milliseconds since 1970. */
  trainedUntil: number;
  stored: object;
}

export interface Prepared {
  task: Task;
  features: Feature[];
  further: string[];
  /** All that have a label, in order of time, and the two parts of them. */
  known: Row[];
  train: Row[];
  test: Row[];
  leaks: Leak[];
  leftOut: number[];
  entrants: Entrant[];
}

/** Makes the rows, leaves out what leaks, and trains every candidate. */
export function prepare(
  task: Task,
  examples: readonly Example[],
  { seed, clock, onProgress }: TrainingContext,
): Prepared {
  const { features, further, rows } = featureTable(examples);
  const known = labelled(task, examples, rows);
  const leaks = task.leaksOf(
    features,
    known.map((row) => row.features),
    targetsOf(known),
  );
  const leftOut = leaks.map(({ column }) => column);
  const { train, test } = splitExamples(known);
  const learnt = { rows: inputsOf(train, leftOut), targets: targetsOf(train), groups: groupsOf(train) };
  const entrants = enter(task.algorithms, learnt, seed, clock, onProgress);
  return { task, features, further, known, train, test, leaks, leftOut, entrants };
}

/** The rows of examples without training anything. */
export function rowsOf(task: Task, examples: readonly Example[]): Row[] {
  return labelled(task, examples, featureTable(examples).rows);
}

export function targetsOf(rows: readonly Row[]): number[] {
  return rows.map(({ target }) => target);
}

/** The head of what is stored of a candidate. */
export function storedOf(
  { features, further, leftOut, train }: Prepared,
  { algorithm, stored }: Pick<Entrant, 'algorithm' | 'stored'>,
): Stored {
  return {
    format: ARTIFACT_FORMAT,
    algorithm: algorithm.name,
    columns: features.map(({ name }) => name),
    further,
    leftOut,
    trainedUntil: spanOf(train).to,
    stored,
  };
}

/** Runs a stored model on rows of all its columns. Throws `RangeError` for an algorithm that there is not. */
export function runnerOf(
  { algorithm, stored, leftOut }: Stored,
  algorithms: readonly Algorithm[],
): (row: readonly number[]) => number {
  const known = algorithms.find(({ name }) => name === algorithm);
  if (!known) throw new RangeError(`an unknown algorithm, ${algorithm}`);
  const run = known.load(stored);
  return (row) => run(without(row, leftOut));
}

/** Whether this version of the program can use a stored model. */
export function isReadable(artifact: Artifact): boolean {
  const { format, columns, further } = artifact as unknown as Stored;
  return format === ARTIFACT_FORMAT && columns.length === FEATURE_NAMES.length + further.length;
}

/**
 * What every training says of the candidate that it chose.
 *
 * @param lossesOf losses of the hold-out, in its order, where its rows are altered so
 */
export function described(
  { features, train, test, leaks }: Prepared,
  { name, hyperparameters }: Algorithm,
  lossesOf: (rows: readonly number[][]) => number[],
  seed: number,
): Pick<
  Trained,
  'algorithm' | 'hyperparameters' | 'trained' | 'tested' | 'holdOut' | 'importance' | 'leaks' | 'reference'
> {
  return {
    algorithm: name,
    hyperparameters: { algorithm: name, ...hyperparameters, seed },
    trained: train.length,
    tested: test.length,
    holdOut: spanOf(test),
    importance: permutationImportance(
      features,
      test.map((row) => row.features),
      lossesOf,
      seed,
    ),
    leaks: leaks.map(({ said }) => said),
    reference: features.map((feature, i) =>
      referenceOf(
        feature.name,
        feature.unit,
        train.map((row) => row.features[i] ?? Number.NaN),
      ),
    ),
  };
}

/** Repositories that are held out, each at a time, and examples below which one says nothing. */
const MOST_REPOSITORIES = 5;
const FEWEST_INSIDE = 10;
const FEWEST_OUTSIDE = 40;

/** One repository, predicted by a candidate that learnt from the others only. */
export interface UnseenRepository {
  /** Its rows, and what the candidate said of each, not adjusted. */
  rows: Row[];
  said: number[];
  /** What it learnt from, and what was said of each of them by models that had not seen it. */
  others: Row[];
  outOfFold: number[];
}

/**
 * Holds out whole repositories of the training part, the largest ones, one at a time. Copies of their migrations in a
 * clone or fork go with them. Nothing where there is but one repository, or too little of each.
 */
export function unseenRepositories(
  { train, leftOut, entrants }: Prepared,
  algorithm: Algorithm,
  seed: number,
): UnseenRepository[] {
  const sizes = new Map<string, number>();
  for (const { example } of train) sizes.set(example.workspace, (sizes.get(example.workspace) ?? 0) + 1);
  if (sizes.size < 2) return [];
  const groups = groupsOf(train);
  const { outOfFold = [] } = entrants.find((entrant) => entrant.algorithm === algorithm) ?? {};
  return [...sizes]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_REPOSITORIES)
    .flatMap(([repository]): UnseenRepository[] => {
      const inside = new Set<number>();
      for (const [i, { example }] of train.entries())
        if (example.workspace === repository) inside.add(groups[i] as number);
      const rows = train.filter(({ example }) => example.workspace === repository);
      const places = train.flatMap((_, i) => (inside.has(groups[i] as number) ? [] : [i]));
      const others = places.map((i) => train[i] as Row);
      const varied = new Set(targetsOf(others)).size > 1;
      if (rows.length < FEWEST_INSIDE || others.length < FEWEST_OUTSIDE || !varied) return [];
      const run = algorithm.load(algorithm.fit(inputsOf(others, leftOut), targetsOf(others), seed));
      const said = inputsOf(rows, leftOut).map(run);
      return [{ rows, said, others, outOfFold: places.map((i) => outOfFold[i] ?? 0) }];
    });
}

function labelled({ targetOf }: Task, examples: readonly Example[], rows: readonly number[][]): Row[] {
  return examples.flatMap((example, i): Row[] => {
    const target = targetOf(example);
    return target === undefined ? [] : [{ example, features: rows[i] ?? [], target }];
  });
}

function inputsOf(rows: readonly Row[], leftOut: readonly number[]): number[][] {
  return rows.map(({ features }) => without(features, leftOut));
}

function without(row: readonly number[], leftOut: readonly number[]): number[] {
  return leftOut.length === 0 ? [...row] : row.map((value, i) => (leftOut.includes(i) ? Number.NaN : value));
}
