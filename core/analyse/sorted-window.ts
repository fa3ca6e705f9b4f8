/** The last values of a series, kept sorted, so that their median and spread need no sorting. */
import { quantileSorted } from '../numbers.ts';

export class SortedWindow {
  readonly #most: number;
  readonly #inOrder: number[] = [];
  readonly #sorted: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#sorted.length;
  }

  push(value: number): void {
    this.#inOrder.push(value);
    this.#sorted.splice(this.#placeOf(value), 0, value);
    if (this.#inOrder.length <= this.#most) return;
    const oldest = this.#inOrder.shift() as number;
    this.#sorted.splice(this.#placeOf(oldest), 1);
  }

  quantile(p: number): number {
    return quantileSorted(this.#sorted, p);
  }

  /** Median of the distances from a centre: the values below it and those above are in order already. */
  medianDistance(centre: number): number {
    const sorted = this.#sorted;
    let above = this.#placeOf(centre);
    let below = above - 1;
    const distances: number[] = [];
    const middle = Math.floor(sorted.length / 2);
    while (distances.length <= middle) {
      const down = below >= 0 ? centre - (sorted[below] as number) : Number.POSITIVE_INFINITY;
      const up = above < sorted.length ? (sorted[above] as number) - centre : Number.POSITIVE_INFINITY;
      if (down <= up) below--;
      else above++;
      distances.push(Math.min(down, up));
    }
    const upper = distances[middle] as number;
    return sorted.length % 2 === 1 ? upper : ((distances[middle - 1] as number) + upper) / 2;
  }

  /** Of the first value that is not smaller. */
  #placeOf(value: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
