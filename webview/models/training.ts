/** The training that is going on, followed for all pages at once: asked for often while one runs, else with everything. */
import { signal } from '@preact/signals';
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { ModelId } from '../../core/contract/model.ts';
import type { TrainingRun } from '../../core/contract/training.ts';
import { refresh } from '../state/live.ts';

type Client = Pick<TelemetryClient, 'call'>;

/** Time between questions while a training runs. */
const EVERY_MS = 500;

export const running = signal<TrainingRun | undefined>();
/** The latest ones that ended, newest first. */
export const ended = signal<readonly TrainingRun[]>([]);

let timer: ReturnType<typeof setTimeout> | undefined;

/** Asks how the training is going, and again for as long as one runs. */
export async function askTraining(client: Client): Promise<void> {
  clearTimeout(timer);
  const status = await client.call('training.status', {});
  const before = running.peek();
  running.value = status.running;
  ended.value = status.recent;
  if (status.running) timer = setTimeout(() => askTraining(client).catch(() => undefined), EVERY_MS);
  else if (before) refresh();
}

/** Starts a training of some models, or of all of them. */
export async function startTraining(client: Client, models?: ModelId[]): Promise<void> {
  running.value = await client.call('training.start', models ? { models } : {});
  await askTraining(client);
}

/** Ends the training; models that are in use stay as they are. */
export async function cancelTraining(client: Client): Promise<void> {
  await client.call('training.cancel', {});
  await askTraining(client);
}

/** Whether a model is being trained now. */
export function isTraining(id: ModelId): boolean {
  return running.value?.models.includes(id) ?? false;
}
