/** The four models by id. */
import type { ModelId } from '../contract/model.ts';
import { anomalyModel } from './anomaly-model.ts';
import { errorModel } from './error-model.ts';
import type { Example } from './examples.ts';
import { performanceModel } from './performance-model.ts';
import type { TrainableModel, Trained } from './trainable.ts';
import { usageModel } from './usage-model.ts';

export const trainableModels: Record<ModelId, TrainableModel> = {
  'performance-prediction': performanceModel,
  'anomaly-detection': anomalyModel,
  'usage-pattern': usageModel,
  'error-prediction': errorModel,
};

/** One training, as it is handed to whoever runs it. */
export interface TrainingTask {
  modelId: ModelId;
  examples: Example[];
  seed: number;
}

/** Runs trainings: at once, or in a worker thread (`core/node/training`). */
export type Trainer = (task: TrainingTask) => Promise<Trained>;

/** Trains on the spot; blocks while it does. */
export function runTraining({ modelId, examples, seed }: TrainingTask): Trained {
  return trainableModels[modelId].train(examples, seed);
}
