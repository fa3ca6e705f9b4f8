/** Adds up an operation that happens too often for a `performance_metric` of its own, and forwards one for many. */
import type { EngineName } from '../contract/health.ts';
import type { Forward } from './instrument.ts';

export class Meter {
  readonly #component: EngineName;
  readonly #operation: string;
  readonly #forward: Forward;
  readonly #every: number;
  #count = 0;
  #failures = 0;
  #totalMs = 0;

  /** @param every forwards a metric once the operation has happened so many times */
  constructor(component: EngineName, operation: string, forward: Forward, every: number) {
    this.#component = component;
    this.#operation = operation;
    this.#forward = forward;
    this.#every = every;
  }

  add(count: number, durationMs: number, success: boolean): void {
    this.#count += count;
    this.#totalMs += durationMs;
    if (!success) this.#failures++;
    if (this.#count >= this.#every) this.flush();
  }

  /** Forwards what has been added since the last time. */
  flush(): void {
    if (this.#count === 0) return;
    const data = {
      operation: this.#operation,
      component: this.#component,
      durationMs: Math.round(this.#totalMs * 1_000) / 1_000,
      success: this.#failures === 0,
      count: this.#count,
    };
    this.#count = this.#failures = this.#totalMs = 0;
    this.#forward({ type: 'performance_metric', source: `engine:${this.#component}`, data });
  }
}
