/** Worker thread that runs one training and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { runTraining, type TrainingTask } from '../../learn/models.ts';

parentPort?.postMessage(runTraining(workerData as TrainingTask));
