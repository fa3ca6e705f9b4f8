/** Trains in a worker thread, so that the engine goes on answering. */
import { Worker } from 'node:worker_threads';
import { TelemetryError } from '../../contract/errors.ts';
import type { Trainer } from '../../learn/models.ts';
import type { Trained } from '../../learn/trainable.ts';
import { workerScript } from '../assets.ts';
import type { TrainingMessage } from './worker.ts';

/** A training that crashes rejects with `internal`, one that is cancelled with `conflict`; nothing of it is kept. */
export const trainInThread: Trainer = (task, onProgress) => {
  const worker = new Worker(workerScript('training'), { workerData: task });
  const result = Promise.withResolvers<Trained>();
  const fail = (why: string) =>
    result.reject(new TelemetryError('internal', `Training ${task.modelId} failed: ${why}`));
  worker.on('message', (message: TrainingMessage) => {
    if ('trained' in message) result.resolve(message.trained);
    else onProgress(message.step, message.share);
  });
  worker.once('error', (error) => fail(String(error)));
  worker.once('exit', (code) => fail(`the thread ended with code ${code}`));
  return {
    result: result.promise,
    cancel() {
      result.reject(new TelemetryError('conflict', `Training ${task.modelId} was cancelled.`));
      void worker.terminate();
    },
  };
};
