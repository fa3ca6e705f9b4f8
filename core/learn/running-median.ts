/** The median of what has been seen so far: the lower half and the upper half, each as a heap (Floyd 1964). */
export class RunningMedian {
  /** The lower half, negated, so that its largest is the least; it has as many as the upper half, or one more. */
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];

  /** As `median` gives it; undefined before the first value. */
  get value(): number | undefined {
    const below = this.#lower[0];
    if (below === undefined) return undefined;
    if (this.#lower.length > this.#upper.length) return -below;
    return -below + ((this.#upper[0] as number) + below) * 0.5;
  }

  push(value: number): void {
    const below = this.#lower[0];
    if (below === undefined || value <= -below) put(this.#lower, -value);
    else put(this.#upper, value);
    if (this.#lower.length > this.#upper.length + 1) put(this.#upper, -takeLeast(this.#lower));
    else if (this.#upper.length > this.#lower.length) put(this.#lower, -takeLeast(this.#upper));
  }
}

function put(heap: number[], value: number): void {
  let at = heap.push(value) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if ((heap[parent] as number) <= value) break;
    heap[at] = heap[parent] as number;
    at = parent;
  }
  heap[at] = value;
}

/** Of a heap with values. */
function takeLeast(heap: number[]): number {
  const least = heap[0] as number;
  const value = heap.pop() as number;
  if (heap.length === 0) return least;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
    if ((heap[child] as number) >= value) break;
    heap[at] = heap[child] as number;
    at = child;
  }
  heap[at] = value;
  return least;
}
