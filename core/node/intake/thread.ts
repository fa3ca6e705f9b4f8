/**
 * Takes large bodies in with a second thread: it reads, checks, completes and encodes the events while this one syncs
 * the journal and fills the tables. Small bodies are not worth the way.
 */
import { Worker } from 'node:worker_threads';
import type { CallContext } from '../../contract/client.ts';
import { type Problem, TelemetryError } from '../../contract/errors.ts';
import type { EventMetadata } from '../../contract/event.ts';
import type { EncodedIntake } from '../../engine/ai-telemetry-engine.ts';
import { workerScript } from '../assets.ts';

/** Bodies of at least so many bytes go to the thread. */
export const LARGE_BODY_BYTES = 32 * 1024;

export interface IntakeRequest {
  id: number;
  body: Uint8Array;
  trace: CallContext;
  defaults: EventMetadata;
}
export type IntakeAnswer = { id: number; intake: EncodedIntake } | { id: number; problem: Problem };

export class IntakeThread {
  readonly #waiting = new Map<number, PromiseWithResolvers<EncodedIntake>>();
  #worker: Worker | undefined;
  #nextId = 1;

  /** Rejects with what is wrong with the body, or `internal` where the thread ended; the next call starts another. */
  encode(body: Uint8Array, trace: CallContext, defaults: EventMetadata): Promise<EncodedIntake> {
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<EncodedIntake>();
    this.#waiting.set(id, waiting);
    const copy = Uint8Array.from(body);
    const request: IntakeRequest = { id, body: copy, trace, defaults };
    this.#worker ??= this.#start();
    this.#worker.postMessage(request, [copy.buffer]);
    return waiting.promise;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(workerScript('intake'));
    worker.unref();
    worker.on('message', (answer: IntakeAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('intake' in answer) waiting?.resolve(answer.intake);
      else waiting?.reject(TelemetryError.fromProblem(answer.problem, answer.problem.status));
    });
    const ended = (why: string) => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const waiting of this.#waiting.values())
        waiting.reject(new TelemetryError('internal', `The thread that reads events ended: ${why}`));
      this.#waiting.clear();
    };
    worker.on('error', (error) => ended(String(error)));
    worker.on('exit', (code) => ended(`code ${code}`));
    return worker;
  }
}
