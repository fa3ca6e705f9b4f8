/** A shadow in a worker thread, so that neither its start nor a long statement holds anything up. */
import { Worker } from 'node:worker_threads';
import { TelemetryError } from '../../contract/errors.ts';
import type { SchemaSnapshot } from '../../schema/snapshot.ts';
import type { MigrationRun, MigrationToRun, Shadow } from '../../shadow/shadow.ts';
import { workerScript } from '../assets.ts';

/** Dialects that can be run in a shadow. */
export type ShadowDialect = 'postgres' | 'sqlite';

type Call =
  | { method: 'start'; args: [ShadowDialect, Uint8Array | undefined] }
  | { method: 'prepare'; args: [string] }
  | { method: 'run'; args: [MigrationToRun] }
  | { method: 'snapshot' | 'image' | 'close'; args: [] };

export interface ShadowRequest {
  id: number;
  call: Call;
}
export type ShadowAnswer = { id: number; result: unknown } | { id: number; error: string };

/** A migration that takes longer than this is stopped; WebAssembly can only be stopped as a whole. */
const MIGRATION_TIMEOUT_MS = 120_000;

export class ShadowThread implements Shadow {
  version = '';
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #nextId = 1;
  #dead: TelemetryError | undefined;

  private constructor() {
    this.#worker = new Worker(workerScript('shadow'));
    this.#worker.on('message', (answer: ShadowAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer)
        waiting?.reject(new TelemetryError('internal', `Shadow database: ${answer.error}`));
      else waiting?.resolve(answer.result);
    });
    this.#worker.on('error', (error) => this.#fail(`The shadow database crashed: ${String(error)}`));
    this.#worker.on('exit', () => this.#fail('The shadow database has ended.'));
  }

  /** Starts a shadow, equal to the one that `image` came from where one is given. */
  static async start(dialect: ShadowDialect, image?: Uint8Array): Promise<ShadowThread> {
    const thread = new ShadowThread();
    try {
      thread.version = (await thread.#call({ method: 'start', args: [dialect, image] })) as string;
      return thread;
    } catch (error) {
      await thread.#worker.terminate();
      throw error;
    }
  }

  async prepare(sql: string): Promise<void> {
    await this.#call({ method: 'prepare', args: [sql] });
  }

  /** Rejects with `unavailable` when it takes too long; the shadow is gone then. */
  async run(migration: MigrationToRun, timeoutMs = MIGRATION_TIMEOUT_MS): Promise<MigrationRun> {
    const timer = setTimeout(() => {
      this.#fail(`stopped after ${timeoutMs / 1000} s in the shadow database`);
      void this.#worker.terminate();
    }, timeoutMs);
    try {
      return (await this.#call({ method: 'run', args: [migration] })) as MigrationRun;
    } finally {
      clearTimeout(timer);
    }
  }

  async snapshot(): Promise<SchemaSnapshot> {
    return (await this.#call({ method: 'snapshot', args: [] })) as SchemaSnapshot;
  }

  async image(): Promise<Uint8Array> {
    return (await this.#call({ method: 'image', args: [] })) as Uint8Array;
  }

  async close(): Promise<void> {
    if (this.#dead) return;
    await this.#call({ method: 'close', args: [] }).catch(() => undefined);
    await this.#worker.terminate();
  }

  #call(call: Call): Promise<unknown> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, call } satisfies ShadowRequest);
    return waiting.promise;
  }

  #fail(message: string): void {
    this.#dead ??= new TelemetryError('unavailable', message);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#dead);
    this.#waiting.clear();
  }
}
