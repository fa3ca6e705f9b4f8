/**
 * What the editor has to tell the engine, kept until it is told: an engine that is just being started again loses
 * nothing of it. What is sent carries ids, so sending it twice does no harm.
 */
import { TelemetryError } from '../../core/contract/errors.ts';

export interface OutboxEngine {
  request<T>(method: string, params: unknown): Promise<T>;
}

interface Item {
  method: string;
  params: unknown;
  done: (result: unknown) => void;
}

/** More than a day of hard work; what waits longer has no engine to go to. */
const MOST_WAITING = 1_000;

export class Outbox {
  readonly #engine: OutboxEngine;
  readonly #log: (message: string) => void;
  readonly #waiting: Item[] = [];
  #sending: Promise<void> | undefined;
  #wanted = false;

  constructor(engine: OutboxEngine, log: (message: string) => void) {
    this.#engine = engine;
    this.#log = log;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Sends when its turn comes. `done` is called with the answer, once there is one. */
  add<T = unknown>(method: string, params: unknown, done: (result: T) => void = () => undefined): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#log(`${MOST_WAITING} messages wait for the engine; the oldest one is given up.`);
      this.#waiting.shift();
    }
    this.#waiting.push({ method, params, done: done as Item['done'] });
    void this.flush();
  }

  /** Sends what waits; to be called again when the engine is back. Resolves when nothing more can be sent now. */
  flush(): Promise<void> {
    this.#wanted = true;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    // The engine may come back while a message is just being refused: then it is tried once more.
    while (this.#wanted) {
      this.#wanted = false;
      for (let item = this.#waiting[0]; item; item = this.#waiting[0]) {
        if (await this.#send(item)) break;
        this.#waiting.splice(this.#waiting.indexOf(item), 1);
      }
    }
  }

  /** Whether it has to be sent again. */
  async #send({ method, params, done }: Item): Promise<boolean> {
    let result: unknown;
    try {
      result = await this.#engine.request(method, params);
    } catch (error) {
      if (TelemetryError.is(error) && error.code === 'unavailable') return true;
      this.#log(`${method} was refused: ${error instanceof Error ? error.message : error}`);
      return false;
    }
    done(result);
    return false;
  }
}
