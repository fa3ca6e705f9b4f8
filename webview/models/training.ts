/** Training under way, and what came of it; kept while the reader goes from page to page. */

import { signal } from '@preact/signals';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { ModelId, TrainingResult } from '../../core/contract/model.ts';
import { refresh } from '../state/live.ts';

export interface Training {
  /** The models that are trained; undefined for all four. */
  models: readonly ModelId[] | undefined;
  startedAt: number;
}

export const training = signal<Training | undefined>();
export const trainingResults = signal<readonly TrainingResult[]>([]);
export const trainingError = signal<TelemetryError | undefined>();

/** Trains the models, or all of them; one training at a time. */
export async function train(client: Pick<TelemetryClient, 'call'>, models?: ModelId[]): Promise<void> {
  if (training.value) return;
  training.value = { models, startedAt: Date.now() };
  trainingResults.value = [];
  trainingError.value = undefined;
  try {
    const { results } = await client.call('models.train', models ? { models } : {});
    trainingResults.value = results;
  } catch (error) {
    trainingError.value = TelemetryError.from(error);
  } finally {
    training.value = undefined;
    refresh();
  }
}

/** Whether a model is being trained now. */
export function isTraining(id: ModelId): boolean {
  return training.value !== undefined && (training.value.models?.includes(id) ?? true);
}
