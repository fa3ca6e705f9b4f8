/**
 * The schema that a history leaves, kept: it is gone through once, and an edit costs only the files from there on. What
 * was applied can be taken back, so that any place in the history can be gone to.
 */
import { setImmediate } from 'node:timers/promises';
import type { FileToCheck } from '../../../core/check/analysed.ts';
import { Checker, type CheckOptions } from '../../../core/check/check.ts';

/** Raised where an answer is no longer wanted. */
export class Cancelled extends Error {}

/** Asked between two steps of something long. */
export type IsCancelled = () => boolean;

/** A way back is kept each so many files: it costs little, and as much again when it is taken. */
const MARK_EVERY = 25;
/** The thread listens to other things after this time. */
const SLICE_MS = 8;

interface Mark {
  /** How many files are applied there. */
  count: number;
  back: () => void;
}

export class KeptHistory {
  readonly #checker: Checker;
  readonly #applied: FileToCheck[] = [];
  readonly #marks: Mark[];
  #isUnfinished = false;

  constructor(options: CheckOptions) {
    this.#checker = new Checker(options);
    this.#marks = [{ count: 0, back: this.#checker.mark() }];
  }

  /** It was on its way when nobody wanted it any more; it goes on from there. */
  get isUnfinished(): boolean {
    return this.#isUnfinished;
  }

  /** How many files would have to be gone through to get there. */
  distance(files: readonly FileToCheck[]): number {
    const same = this.#same(files);
    if (same === files.length && same === this.#applied.length) return 0;
    return files.length - (same === this.#applied.length ? same : this.#markBefore(same).count);
  }

  /** Goes to the schema that these files leave. Throws {@link Cancelled}; what was done by then is kept. */
  async seek(files: readonly FileToCheck[], isCancelled: IsCancelled): Promise<void> {
    const same = this.#same(files);
    if (same < this.#applied.length) this.#goBack(this.#markBefore(same));
    let since = performance.now();
    this.#isUnfinished = true;
    while (this.#applied.length < files.length) {
      const file = files[this.#applied.length] as FileToCheck;
      this.#checker.apply(file);
      this.#applied.push(file);
      const count = this.#applied.length;
      if (count % MARK_EVERY === 0 || count === files.length) this.#mark(count);
      if (performance.now() - since < SLICE_MS) continue;
      await setImmediate();
      if (isCancelled()) throw new Cancelled();
      since = performance.now();
    }
    this.#isUnfinished = false;
  }

  /** Tries something on the schema as it is, and takes it back. Must not wait for anything. */
  attempt<T>(work: (checker: Checker) => T): T {
    const back = this.#checker.mark();
    try {
      return work(this.#checker);
    } finally {
      back();
    }
  }

  #mark(count: number): void {
    if (this.#marks.at(-1)?.count !== count) this.#marks.push({ count, back: this.#checker.mark() });
  }

  #markBefore(count: number): Mark {
    return this.#marks.findLast((mark) => mark.count <= count) as Mark;
  }

  #goBack(mark: Mark): void {
    mark.back();
    this.#applied.length = mark.count;
    this.#marks.length = this.#marks.indexOf(mark) + 1;
  }

  #same(files: readonly FileToCheck[]): number {
    let same = 0;
    while (same < files.length && same < this.#applied.length && isSame(files[same], this.#applied[same]))
      same++;
    return same;
  }
}

function isSame(a: FileToCheck | undefined, b: FileToCheck | undefined): boolean {
  return a === b || (a?.text === b?.text && a?.dialect === b?.dialect);
}
