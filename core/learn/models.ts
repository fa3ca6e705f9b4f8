/** The four models by id. */
import type { ModelId } from '../contract/model.ts';
import { anomalyModel } from './anomaly-model.ts';
import { errorModel } from './error-model.ts';
import type { Example } from './examples.ts';
import { performanceModel } from './performance-model.ts';
import type { Artifact, TrainableModel, Trained } from './trainable.ts';
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
  /** The active version’s artifact, to be beaten. */
  champion?: Artifact;
}

export interface RunningTraining {
  /** Rejects where it crashes or is cancelled; nothing of it is kept then. */
  result: Promise<Trained>;
  cancel(): void;
}

/** Runs trainings: at once, or in a worker thread (`core/node/training`). */
export type Trainer = (
  task: TrainingTask,
  onProgress: (step: string, share: number) => void,
) => RunningTraining;

/** Trains on the spot; blocks while it does. */
export function runTraining(
  { modelId, examples, seed, champion }: TrainingTask,
  onProgress: (step: string, share: number) => void = () => undefined,
  clock: () => number = () => 0,
): Trained {
  return trainableModels[modelId].train(examples, { seed, champion, clock, onProgress });
}
