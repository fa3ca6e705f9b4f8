/** Memory for what can be loaded again: once there is too much, what was used longest ago goes first. */
interface Held {
  bytes: number;
  drop: () => void;
}

export class MemoryBudget {
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

  /** Takes something up that was just loaded. It stays at least until the next thing is. */
  hold(key: object, bytes: number, drop: () => void): void {
    this.#held.set(key, { bytes, drop });
    this.#bytes += bytes;
    for (const old of this.#held.keys()) {
      if (this.#bytes + this.#fixed() <= this.#limit || old === key) break;
      this.drop(old);
    }
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
