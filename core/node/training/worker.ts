/** Worker thread that runs one training and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { runTraining, type TrainingTask } from '../../learn/models.ts';
import type { Trained } from '../../learn/trainable.ts';

export type TrainingMessage = { trained: Trained } | { step: string; share: number };

const say = (message: TrainingMessage) => parentPort?.postMessage(message);
const trained = runTraining(
  workerData as TrainingTask,
  (step, share) => say({ step, share }),
  () => performance.now(),
);
say({ trained });
