/** What is known of the size of tables, and whether anybody can be using them. */
import type { StatisticsIndex } from '../statistics/statistics.ts';

export interface TableSize {
  rows: number;
  /** Of the table without its indexes. */
  bytes: number;
}

/**
 * A table that is read, checked or rewritten in a blink: at any rate that was measured this much takes under a
 * tenth of a second.
 */
const TINY = { rows: 10_000, bytes: 8 * 1024 * 1024 };
/** From here on a scan or an index build takes seconds, whatever the hardware. */
const LARGE = { rows: 1_000_000, bytes: 1024 * 1024 * 1024 };

export class Tables {
  readonly #statistics: StatisticsIndex | undefined;
  readonly #made: ReadonlySet<string>;

  /** @param made relations that the migration itself has made so far */
  constructor(statistics: StatisticsIndex | undefined, made: ReadonlySet<string>) {
    this.#statistics = statistics;
    this.#made = made;
  }

  /** Undefined where no statistics tell. */
  size(relation: string): TableSize | undefined {
    return this.#statistics?.table(relation);
  }

  statistics(): StatisticsIndex | undefined {
    return this.#statistics;
  }

  /** Whether others can be waiting for it: false for one made in this migration and for one known to be empty. */
  inUse(relation: string): boolean {
    return !this.#made.has(relation) && this.size(relation)?.rows !== 0;
  }

  isTiny(relation: string): boolean {
    const size = this.size(relation);
    return size !== undefined && size.rows <= TINY.rows && size.bytes <= TINY.bytes;
  }

  isLarge(relation: string): boolean {
    const size = this.size(relation);
    return size !== undefined && (size.rows >= LARGE.rows || size.bytes >= LARGE.bytes);
  }
}
