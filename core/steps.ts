/**
 * Long work as steps: a generator that yields wherever other work may come first, run so that the thread is never held
 * for long.
 */
import type { Platform } from './platform.ts';

/** What gives `T` in the end. */
export type Steps<T> = Generator<void, T>;

/** The thread is given up once so many milliseconds have gone by. */
const SLICE_MS = 10;

export async function inSlices<T>(
  steps: Steps<T>,
  { monotonic }: Pick<Platform, 'monotonic'>,
  pause: () => Promise<void>,
): Promise<T> {
  let began = monotonic();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (monotonic() - began < SLICE_MS) continue;
    await pause();
    began = monotonic();
  }
}

/** So many items are looked at between two steps. */
const TURN = 1_000;
/** Items that are sorted in one go. */
const RUN = 4_096;

/** Goes through items with a step now and then. */
export function* inTurns<T>(items: readonly T[], each: (item: T) => void): Steps<void> {
  for (let i = 0; i < items.length; i++) {
    if (i % TURN === TURN - 1) yield;
    each(items[i] as T);
  }
  yield;
}

/** A sorted copy, as `toSorted` gives it. */
export function* sorted<T>(items: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = [];
  for (let from = 0; from < items.length; from += RUN) {
    runs.push(items.slice(from, from + RUN).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      merged.push(yield* merge(runs[i] as T[], runs[i + 1] ?? [], compare));
    runs = merged;
  }
  return runs[0] ?? [];
}

/** Of equal items those of `first` come first. */
function* merge<T>(first: readonly T[], second: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < first.length && j < second.length) {
    const [a, b] = [first[i] as T, second[j] as T];
    if (compare(a, b) <= 0) {
      merged.push(a);
      i++;
    } else {
      merged.push(b);
      j++;
    }
    if (merged.length % RUN === 0) yield;
  }
  const rest = i < first.length ? first : second;
  for (let at = i < first.length ? i : j; at < rest.length; at++) merged.push(rest[at] as T);
  yield;
  return merged;
}
