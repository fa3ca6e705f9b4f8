/** What every model has in common: how it is trained, and what training gives back. */
import type { FeatureWeight } from '../contract/accuracy.ts';
import type { Metric, ModelId, ModelType } from '../contract/model.ts';
import type { Candidate } from '../contract/training.ts';
import { mean, significant } from '../numbers.ts';
import { type Difference, improvement, wins } from './bootstrap.ts';
import type { Reference } from './drift.ts';
import type { Example } from './examples.ts';
import { firstOfGroup, holdOut, type Split } from './hold-out.ts';

/** A trained model as it is stored. JSON. */
export type Artifact = Record<string, unknown>;

/** Bumped when artifacts of before cannot be read any more. */
export const ARTIFACT_FORMAT = 2;

/** Champion against challenger by one figure; the difference is above 0 where the challenger is better. */
export interface Rivalry {
  metric: string;
  /** Examples of the hold-out that neither was trained on. */
  rows: number;
  championValue: number;
  challengerValue: number;
  difference: Difference;
  won: boolean;
}

export interface Trained {
  artifact: Artifact;
  algorithm: string;
  metrics: Metric[];
  headline: Metric;
  beatsBaseline: boolean;
  hyperparameters: Record<string, number | string | boolean>;
  trained: number;
  tested: number;
  /** Times of the first and the last example of the hold-out, milliseconds since 1970. */
  holdOut: { from: number; to: number };
  candidates: Candidate[];
  importance: FeatureWeight[];
  /** Sentences about features that tell the outcome by themselves, and were left out. */
  leaks: string[];
  /** Against the champion that came with the task, where it could be compared. */
  rivalry?: Rivalry;
  /** What the features looked like, for noticing drift. */
  reference: Reference[];
}

/** Too little to learn from: so many of so many, of what. */
export interface NotEnough {
  have: number;
  need: number;
  of: string;
}

/** What a training needs beside its examples. */
export interface TrainingContext {
  seed: number;
  /** The active version’s artifact, to be beaten. */
  champion?: Artifact | undefined;
  /** Milliseconds, for saying how long a candidate took. */
  clock: () => number;
  /** What is being done, and how far it is, 0 to 1. */
  onProgress: (step: string, share: number) => void;
}

export interface TrainableModel {
  id: ModelId;
  name: string;
  type: ModelType;
  /** The candidates in words. */
  algorithm: string;
  /** The baseline in words. */
  baseline: string;
  features: string[];
  /** Examples needed before training is worth it. */
  needed: number;
  /** What these examples lack for training; undefined where they are enough. */
  shortage(examples: readonly Example[]): NotEnough | undefined;
  /**
   * Trains on examples in order of time, of which there are enough, and tests on the hold-out, which training does not
   * see. Deterministic for a seed.
   */
  train(examples: readonly Example[], context: TrainingContext): Trained;
  /** Tests two stored models on the newest hold-out; undefined where one of them cannot be read. */
  compare(
    examples: readonly Example[],
    champion: Artifact,
    challenger: Artifact,
    seed: number,
  ): Rivalry | undefined;
}

/** Runs of a migration and copies of it belong together. */
export function keysOf({
  workspace,
  name,
  checksum,
}: Pick<Example, 'workspace' | 'name' | 'checksum'>): string[] {
  return [`${workspace}\0${name}`, ...(checksum ? [`#${checksum}`] : [])];
}

export function splitExamples<T extends { example: Example }>(rows: readonly T[]): Split<T> {
  return holdOut(rows, ({ example }) => keysOf(example));
}

export function groupsOf(rows: readonly { example: Example }[]): number[] {
  return firstOfGroup(rows.map(({ example }) => keysOf(example)));
}

export function spanOf(rows: readonly { example: Example }[]): { from: number; to: number } {
  const times = rows.map(({ example }) => example.at);
  return { from: Math.min(...times), to: Math.max(...times) };
}

/** Rows that none of some stored models was trained on. */
export function unseen<T extends { example: Example }>(
  rows: readonly T[],
  artifacts: readonly Artifact[],
): T[] {
  const until = Math.max(
    ...artifacts.map(({ trainedUntil }) => (typeof trainedUntil === 'number' ? trainedUntil : 0)),
  );
  return rows.filter(({ example }) => example.at > until);
}

/** With fewer rows nobody wins. */
const FEWEST_ROWS = 8;

/** @param champion losses of each row, as `challenger`; lower is better */
function rivalryOf(
  metric: string,
  champion: readonly number[],
  challenger: readonly number[],
  seed: number,
): Rivalry {
  const rows = champion.length;
  const enough = rows >= FEWEST_ROWS;
  const difference = enough ? improvement(champion, challenger, seed) : { low: 0, median: 0, high: 0 };
  return {
    metric,
    rows,
    championValue: significant(rows === 0 ? 0 : mean(champion)),
    challengerValue: significant(rows === 0 ? 0 : mean(challenger)),
    difference,
    won: enough && wins(difference),
  };
}

/** How two stored models are compared. */
export interface Contenders<R> {
  metric: string;
  isReadable: (artifact: Artifact) => boolean;
  /** Losses of rows that neither was trained on; lower is better. */
  lossesOf: (artifact: Artifact, rows: readonly R[]) => number[];
}

/** Both on the newest hold-out; undefined where one of them cannot be read. */
export function rivalryOn<R extends { example: Example }>(
  known: readonly R[],
  { champion, challenger }: { champion: Artifact; challenger: Artifact },
  { metric, isReadable, lossesOf }: Contenders<R>,
  seed: number,
): Rivalry | undefined {
  if (!isReadable(champion) || !isReadable(challenger)) return undefined;
  const test = unseen(splitExamples(known).test, [champion, challenger]);
  return rivalryOf(metric, lossesOf(champion, test), lossesOf(challenger, test), seed);
}
