/**
 * Which row has which sequence. Rows count from 0 without a gap, sequences have gaps where a write failed, so a few
 * runs say it all: pairs of the first row of a run and its sequence.
 */
export class SequenceRuns {
  readonly #pairs: number[];

  constructor(pairs: readonly number[] = []) {
    this.#pairs = [...pairs];
  }

  /** Notes that from `row` on sequences go on from `sequence`. */
  add(row: number, sequence: number): void {
    if (this.#pairs.length === 0 || this.sequenceOf(row) !== sequence) this.#pairs.push(row, sequence);
  }

  sequenceOf(row: number): number {
    const run = this.#lastRun(0, row);
    return (this.#pairs[run + 1] as number) + row - (this.#pairs[run] as number);
  }

  /** The first row whose sequence is above `sequence`, given how many rows there are. */
  rowAfter(sequence: number, count: number): number {
    const run = this.#lastRun(1, sequence);
    if (run < 0) return 0;
    const next = this.#pairs[run + 2] ?? count;
    return Math.min(next, (this.#pairs[run] as number) + sequence - (this.#pairs[run + 1] as number) + 1);
  }

  list(): number[] {
    return [...this.#pairs];
  }

  /** Index of the last run whose row (field 0) or sequence (field 1) is not above a value; negative for none. */
  #lastRun(field: 0 | 1, value: number): number {
    let low = 0;
    let high = this.#pairs.length / 2;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pairs[middle * 2 + field] as number) <= value) low = middle + 1;
      else high = middle;
    }
    return (low - 1) * 2;
  }
}
