/**
 * Memory for what can be had again: once there is too much, something goes. What is only read from a file goes before
 * what has to be worked out. Of what was not used lately it is left to chance: a query over everything goes through all in
 * order, again and again, and would never find anything there if what was used longest ago always went first.
 */
import { seededRandom } from '../numbers.ts';

interface Held {
  bytes: number;
  drop: () => void;
  dear: boolean;
}

/** Share of what is held, in order of last use, from which one is chosen. */
const OLDER = 0.75;

export class MemoryBudget {
  readonly #random = seededRandom(1);
  readonly #limit: number;
  /** What can never go, in bytes. */
  readonly #fixed: () => number;
  /** In order of last use. */
  readonly #held = new Map<object, Held>();
  #bytes = 0;

  constructor(limit: number, fixed: () => number = () => 0) {
    this.#limit = limit;
    this.#fixed = fixed;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes something up that was just loaded. It stays at least until the next thing is.
   *
   * @param dear whether it has to be worked out again, and not only read
   */
  hold(key: object, bytes: number, drop: () => void, { dear = false } = {}): void {
    this.#held.set(key, { bytes, drop, dear });
    this.#bytes += bytes;
    while (this.#bytes + this.#fixed() > this.#limit) {
      const next = this.#choose(key, false) ?? this.#choose(key, true);
      if (!next) return;
      this.drop(next);
    }
  }

  #choose(spared: object, dear: boolean): object | undefined {
    const candidates = [...this.#held].filter(([key, held]) => held.dear === dear && key !== spared);
    const old = candidates.slice(0, Math.ceil(candidates.length * OLDER));
    return old[Math.floor(this.#random() * old.length)]?.[0];
  }

  touch(key: object): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#held.set(key, held);
  }

  drop(key: object): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#bytes -= held.bytes;
    held.drop();
  }
}
