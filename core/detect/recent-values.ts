/** The last values of a series, and what windows of them look like. */

/** Values that are kept. */
export const RECENT = 48;

export class RecentValues {
  readonly #values = new Float64Array(RECENT);
  #next = 0;
  count = 0;

  push(value: number): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % RECENT;
    if (this.count < RECENT) this.count++;
  }

  /** The value `back` places before the newest. */
  at(back: number): number {
    return this.#values[(this.#next - 1 - back + 2 * RECENT) % RECENT] ?? Number.NaN;
  }

  /** Mean of `length` values that end `back` places before the newest. */
  mean(length: number, back = 0): number {
    let total = 0;
    for (let i = 0; i < length; i++) total += this.at(back + i);
    return total / length;
  }

  /** Standard deviation of the last `length` values. */
  spread(length: number): number {
    const origin = this.at(0);
    let total = 0;
    let squares = 0;
    for (let i = 0; i < length; i++) {
      const value = this.at(i) - origin;
      total += value;
      squares += value * value;
    }
    return Math.sqrt(Math.max(0, squares / length - (total / length) ** 2));
  }

  /** Oldest first. */
  save(): number[] {
    return Array.from({ length: this.count }, (_, i) => this.at(this.count - 1 - i));
  }

  restore(values: readonly number[]): void {
    this.#next = 0;
    this.count = 0;
    for (const value of values) this.push(value);
  }
}
