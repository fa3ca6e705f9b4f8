/**
 * Takes large bodies in with other threads: they read, check, complete and encode the events while this one syncs the
 * journal and fills the tables. Small bodies are not worth the way.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CallContext } from '../../contract/client.ts';
import { TelemetryError } from '../../contract/errors.ts';
import type { EventMetadata } from '../../contract/event.ts';
import type { Problem } from '../../contract/problem.ts';
import type { EncodedIntake } from '../../engine/recorder.ts';
import { workerScript } from '../assets.ts';

/** Bodies of at least so many bytes go to another thread. */
export const LARGE_BODY_BYTES = 32 * 1024;
/** Reading takes about twice as long as storing, so more than two threads would wait. */
const MOST_THREADS = 2;

export interface IntakeRequest {
  id: number;
  body: Uint8Array;
  trace: CallContext;
  defaults: EventMetadata;
}
export type IntakeAnswer = { id: number; intake: EncodedIntake } | { id: number; problem: Problem };

/** Threads that start when there is something to do, a further one when all are busy. */
export class IntakeThreads {
  readonly #script: URL;
  readonly #most: number;
  readonly #threads: IntakeThread[] = [];

  constructor(script = workerScript('intake'), most = Math.min(MOST_THREADS, availableParallelism())) {
    this.#script = script;
    this.#most = most;
  }

  /** Rejects with what is wrong with the body, or `internal` where a thread ended. */
  encode(body: Uint8Array, trace: CallContext, defaults: EventMetadata): Promise<EncodedIntake> {
    for (let i = this.#threads.length - 1; i >= 0; i--)
      if (this.#threads[i]?.ended) this.#threads.splice(i, 1);
    let [thread] = this.#threads.toSorted((a, b) => a.busy - b.busy);
    if (!thread || (thread.busy > 0 && this.#threads.length < this.#most)) {
      thread = new IntakeThread(this.#script);
      this.#threads.push(thread);
    }
    return thread.encode(body, trace, defaults);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.close()));
  }
}

class IntakeThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<EncodedIntake>>();
  #nextId = 1;
  ended = false;

  constructor(script: URL) {
    this.#worker = new Worker(script);
    this.#worker.unref();
    this.#worker.on('message', (answer: IntakeAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('intake' in answer) waiting?.resolve(answer.intake);
      else waiting?.reject(TelemetryError.fromProblem(answer.problem, answer.problem.status));
    });
    this.#worker.on('error', (error) => this.#end(String(error)));
    this.#worker.on('exit', (code) => this.#end(`code ${code}`));
  }

  /** Bodies on their way. */
  get busy(): number {
    return this.#waiting.size;
  }

  encode(body: Uint8Array, trace: CallContext, defaults: EventMetadata): Promise<EncodedIntake> {
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<EncodedIntake>();
    this.#waiting.set(id, waiting);
    const copy = new Uint8Array(body);
    const request: IntakeRequest = { id, body: copy, trace, defaults };
    this.#worker.postMessage(request, [copy.buffer]);
    return waiting.promise;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(why: string): void {
    this.ended = true;
    for (const waiting of this.#waiting.values())
      waiting.reject(new TelemetryError('internal', `A thread that reads events ended: ${why}`));
    this.#waiting.clear();
  }
}
