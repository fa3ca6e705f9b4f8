/**
 * Long work as steps: a generator that yields wherever other work may come first, run so that the thread is never held
 * for long.
 */
import type { Platform } from '../platform.ts';

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
