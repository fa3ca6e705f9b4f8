/** Work that is wanted often and done seldom: some time after the last wish, and never twice at once. Pure. */

export class Debounced {
  readonly #work: () => Promise<unknown>;
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #again = false;
  #disposed = false;

  constructor(ms: number, work: () => Promise<unknown>) {
    this.#ms = ms;
    this.#work = work;
  }

  /** A wish. The first of several decides when: a steady stream of them does not put the work off for ever. */
  request(): void {
    if (this.#disposed) return;
    if (this.#running) this.#again = true;
    else this.#timer ??= setTimeout(() => void this.now(), this.#ms);
  }

  /** Does it at once. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running || this.#disposed) {
      this.#again = true;
      return;
    }
    this.#running = true;
    try {
      await this.#work();
    } finally {
      this.#running = false;
      if (this.#again) {
        this.#again = false;
        this.request();
      }
    }
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }
}
