/** How often and how soon a server that crashed is started again. Pure. */

const DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000];
/** A server that ran this long had nothing to do with the crash before. */
const FORGIVEN_AFTER_MS = 3 * 60_000;

export class RestartPolicy {
  #crashes: number[] = [];

  /** How long to wait before the next start, or undefined when it is no use. */
  afterCrash(now: number): number | undefined {
    this.#crashes = [...this.#crashes.filter((at) => now - at < FORGIVEN_AFTER_MS), now];
    return DELAYS_MS[this.#crashes.length - 1];
  }

  /** A person asked for another start. */
  forgive(): void {
    this.#crashes = [];
  }
}
