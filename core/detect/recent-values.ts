/** The last values of a series, and what windows of them look like. */

/** Values that are kept. */
export const RECENT = 48;

export class RecentValues {
  /** Each value is kept twice, `RECENT` places apart: so the last ones always lie in a row, oldest first. */
  readonly #values = new Float64Array(2 * RECENT);
  #next = 0;
  count = 0;

  push(value: number): void {
    this.#values[this.#next] = value;
    this.#values[this.#next + RECENT] = value;
    this.#next = this.#next + 1 === RECENT ? 0 : this.#next + 1;
    if (this.count < RECENT) this.count++;
  }

  /** The value `back` places before the newest. */
  at(back: number): number {
    return this.#values[this.#next + RECENT - 1 - back] ?? Number.NaN;
  }

  /** Mean of `length` values that end `back` places before the newest. */
  mean(length: number, back = 0): number {
    const values = this.#values;
    const end = this.#next + RECENT - back;
    let total = 0;
    for (let i = end - length; i < end; i++) total += values[i] ?? 0;
    return total / length;
  }

  /** Standard deviation of the last `length` values. */
  spread(length: number): number {
    const values = this.#values;
    const end = this.#next + RECENT;
    const origin = values[end - 1] ?? 0;
    let total = 0;
    let squares = 0;
    for (let i = end - length; i < end; i++) {
      const value = (values[i] ?? 0) - origin;
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
