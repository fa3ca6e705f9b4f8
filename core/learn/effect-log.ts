/** What each answer changed, as it was said to whoever gave it: the history of answers shows it again. Bounded, and kept. */
import type { FeedbackEffect } from '../contract/feedback.ts';
import type { Kept } from '../kept.ts';

/** Effects that are kept; of older answers only the answer is left. */
const MOST = 1_000;

export class EffectLog {
  readonly #kept: Kept;
  /** By the id of the answer, in order of recording. */
  readonly #effects: Map<string, FeedbackEffect>;

  constructor(kept: Kept) {
    this.#kept = kept;
    this.#effects = new Map(read(kept));
  }

  /** What an answer changed; undefined where that is not known any more. */
  of(feedbackId: string): FeedbackEffect | undefined {
    return this.#effects.get(feedbackId);
  }

  note(feedbackId: string, effect: FeedbackEffect): void {
    this.#effects.set(feedbackId, effect);
    for (const oldest of this.#effects.keys()) {
      if (this.#effects.size <= MOST) break;
      this.#effects.delete(oldest);
    }
    this.#keep();
  }

  /** Events were erased: what their answers changed goes too. */
  forget(isThere: (feedbackId: string) => boolean): void {
    const gone = [...this.#effects.keys()].filter((id) => !isThere(id));
    for (const id of gone) this.#effects.delete(id);
    if (gone.length > 0) this.#keep();
  }

  #keep(): void {
    this.#kept.write({ effects: [...this.#effects] });
  }
}

/** Nothing where what is kept cannot be read: it is told again with the next answers. */
function read(kept: Kept): [string, FeedbackEffect][] {
  try {
    const { effects } = (kept.read() ?? {}) as { effects?: [string, FeedbackEffect][] };
    return Array.isArray(effects) ? effects.filter(([, effect]) => typeof effect?.modelId === 'string') : [];
  } catch {
    return [];
  }
}
