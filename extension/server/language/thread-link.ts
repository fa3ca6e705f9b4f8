/** The server's end of the language thread: starts it when it is needed, and again when it has ended. */
import { Worker } from 'node:worker_threads';
import type { CancellationToken } from 'vscode-languageserver/node';
import { translations } from '../../text.ts';
import type { FromThread, Notice, Question, Questions, ToThread } from './messages.ts';

/** The question is no longer wanted. */
export class NotWanted extends Error {}

/** Beside the bundle, or in the source. */
const SCRIPT = new URL(
  import.meta.url.endsWith('.ts') ? './thread.ts' : './language-worker.mjs',
  import.meta.url,
);

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

export class ThreadLink {
  readonly #log: (message: string) => void;
  /** Everything that a new thread must be told. */
  readonly #everything: () => Notice[];
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(everything: () => Notice[], log: (message: string) => void) {
    this.#everything = everything;
    this.#log = log;
  }

  /** Nothing is said to a thread that nobody has asked anything yet. */
  tell(notice: Notice): void {
    this.#worker?.postMessage(notice);
  }

  /** Rejects with {@link NotWanted} when the token is raised. */
  ask<Q extends Question>(
    ask: Q,
    params: Questions[Q]['params'],
    token?: CancellationToken,
  ): Promise<Questions[Q]['result']> {
    const worker = this.#running();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const listening = token?.onCancellationRequested(() => this.tell({ tell: 'cancel', id }));
      this.#waiting.set(id, {
        resolve: (result) => {
          listening?.dispose();
          resolve(result as Questions[Q]['result']);
        },
        reject: (error) => {
          listening?.dispose();
          reject(error);
        },
      });
      worker.postMessage({ ask, id, params } satisfies ToThread);
    });
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #running(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(SCRIPT, { workerData: translations() });
    worker.unref();
    worker.on('message', (message: FromThread) => this.#take(message));
    worker.on('error', (error) => this.#ended(worker, String(error)));
    worker.on('exit', (code) => this.#ended(worker, `code ${code}`));
    this.#worker = worker;
    for (const notice of this.#everything()) worker.postMessage(notice);
    return worker;
  }

  #take(message: FromThread): void {
    if ('log' in message) {
      this.#log(message.log);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('result' in message) waiting?.resolve(message.result);
    else waiting?.reject(message.cancelled ? new NotWanted() : new Error(message.error));
  }

  #ended(worker: Worker, why: string): void {
    if (this.#worker === worker) this.#worker = undefined;
    if (this.#waiting.size > 0) this.#log(`The language thread ended: ${why}`);
    for (const { reject } of this.#waiting.values()) reject(new Error(`the language thread ended: ${why}`));
    this.#waiting.clear();
  }
}
