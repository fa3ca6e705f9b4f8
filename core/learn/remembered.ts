/**
 * Answers that are worked out over the whole ledger, in slices between which other work comes first; each is remembered
 * until the ledger moves on.
 */
import type { Anomaly } from '../contract/analysis.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { ModelId, RealisedAccuracy } from '../contract/model.ts';
import type { Platform } from '../platform.ts';
import { inSlices, type Steps } from '../steps.ts';
import type { EventReader } from '../store/event-reader.ts';
import type { ExampleShelf } from './example-shelf.ts';
import { feedbackQueue, type QueuedItem } from './feedback-queue.ts';
import { type Labels, labelsOf } from './labels.ts';
import type { Ledger } from './ledger.ts';
import { realisedAccuracy } from './realised.ts';
import { accuracyReport } from './scoreboard.ts';

/** Answers of one kind that are remembered. */
const MOST = 8;

export interface RememberedOptions {
  reader: EventReader;
  platform: Pick<Platform, 'now' | 'monotonic'>;
  /** Lets other work come first. */
  pause: () => Promise<void>;
  shelf: ExampleShelf;
  /** Whole, as of now. */
  ledger: () => Ledger;
}

export class Remembered {
  readonly #options: RememberedOptions;
  readonly #labels = new Map<string, Labels>();
  readonly #realised = new Map<string, Promise<RealisedAccuracy>>();
  readonly #reports = new Map<string, Promise<Result<'accuracy.get'>>>();
  #queue: { key: string; anomalies: readonly Anomaly[]; items: Promise<QueuedItem[]> } | undefined;

  constructor(options: RememberedOptions) {
    this.#options = options;
  }

  /** What the models learn from now. */
  labels(): Labels {
    const { reader, shelf, ledger } = this.#options;
    const known = ledger();
    const examples = shelf.all();
    return last(this.#labels, `${shelf.version} ${known.version}`, 1, () =>
      labelsOf(reader, known, examples),
    );
  }

  realised(id: ModelId): Promise<RealisedAccuracy> {
    const known = this.#options.ledger();
    return last(this.#realised, `${known.version} ${id}`, MOST, () =>
      this.#inSlices(realisedAccuracy(this.#options.reader, known, id)),
    );
  }

  accuracy(params: Params<'accuracy.get'>): Promise<Result<'accuracy.get'>> {
    const known = this.#options.ledger();
    const { from, to, ...rest } = params;
    const time = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
    const filter = { from: time(from), to: time(to), ...rest };
    return last(this.#reports, JSON.stringify([known.version, params]), MOST, () =>
      this.#inSlices(accuracyReport(known, filter, this.#options.platform.now())),
    );
  }

  queue(anomalies: readonly Anomaly[], workspace: string | undefined): Promise<readonly QueuedItem[]> {
    const known = this.#options.ledger();
    const key = `${known.version} ${workspace ?? ''}`;
    if (this.#queue?.key !== key || this.#queue.anomalies !== anomalies)
      this.#queue = { key, anomalies, items: this.#inSlices(feedbackQueue(known, anomalies, workspace)) };
    return this.#queue.items;
  }

  forget(): void {
    for (const answers of [this.#labels, this.#realised, this.#reports]) answers.clear();
    this.#queue = undefined;
  }

  /** What is remembered is under the version that the ledger had at the start: nobody asks for it once that has moved on. */
  #inSlices<T>(steps: Steps<T>): Promise<T> {
    return inSlices(steps, this.#options.platform, this.#options.pause);
  }
}

/** The answer of a key, made where there is none; of others the newest are kept. */
function last<T>(answers: Map<string, T>, key: string, most: number, make: () => T): T {
  const answer = answers.get(key) ?? make();
  answers.delete(key);
  answers.set(key, answer);
  for (const old of [...answers.keys()].slice(0, -most)) answers.delete(old);
  return answer;
}
