/** What every model has in common: how it is trained, and what training gives back. */
import type { Metric, ModelId, ModelType } from '../contract/model.ts';
import type { Example } from './examples.ts';

/** A trained model as it is stored. JSON. */
export type Artifact = Record<string, unknown>;

export interface Trained {
  artifact: Artifact;
  metrics: Metric[];
  headline: Metric;
  beatsBaseline: boolean;
  hyperparameters: Record<string, number | string | boolean>;
  trained: number;
  tested: number;
}

/** Too little to learn from: so many of so many, of what. */
export interface NotEnough {
  have: number;
  need: number;
  of: string;
}

export interface TrainableModel {
  id: ModelId;
  name: string;
  type: ModelType;
  algorithm: string;
  /** The baseline in words. */
  baseline: string;
  features: string[];
  /** Examples needed before training is worth it. */
  needed: number;
  /** What these examples lack for training; undefined where they are enough. */
  shortage(examples: readonly Example[]): NotEnough | undefined;
  /**
   * Trains on examples in order of time, of which there are enough, and tests on the last quarter of them, which
   * training does not see. Deterministic for a seed.
   */
  train(examples: readonly Example[], seed: number): Trained;
}

/** How the figures came about; goes with every performance. */
export const HOLD_OUT = 'trained on the first three quarters in order of time, tested on the last quarter';

/** Splits rows in order of time: the last quarter is for testing. */
export function split<T>(items: readonly T[]): { train: T[]; test: T[] } {
  const cut = Math.ceil(items.length * 0.75);
  return { train: items.slice(0, cut), test: items.slice(cut) };
}
