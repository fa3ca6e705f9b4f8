/** Trains in a worker thread, so that the engine goes on answering. */
import { Worker } from 'node:worker_threads';
import { TelemetryError } from '../../contract/errors.ts';
import type { Trainer } from '../../learn/models.ts';
import type { Trained } from '../../learn/trainable.ts';
import { workerScript } from '../assets.ts';

/** A training that crashes rejects with `internal`; nothing of it is kept. */
export const trainInThread: Trainer = (task) =>
  new Promise<Trained>((resolve, reject) => {
    const worker = new Worker(workerScript('training'), { workerData: task });
    const fail = (why: string) =>
      reject(new TelemetryError('internal', `Training ${task.modelId} failed: ${why}`));
    worker.once('message', resolve);
    worker.once('error', (error) => fail(String(error)));
    worker.once('exit', (code) => {
      if (code !== 0) fail(`the thread ended with code ${code}`);
    });
  });
