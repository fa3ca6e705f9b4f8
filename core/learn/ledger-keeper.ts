/**
 * Keeps a ledger up to date with a store. It is made from the journal when it is first needed, in slices between which
 * other work comes first; from then on it takes events as they become durable. Most are judged by their columns alone.
 */
import type { EventType } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Glance } from '../store/glance.ts';
import { isLabel } from './labels.ts';
import { LEDGER_TYPES, Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';

export interface LedgerKeeperOptions {
  store: Pick<EventStore, 'glancesAfter'>;
  platform: Pick<Platform, 'now' | 'monotonic'>;
  /** Lets other work come first. */
  pause: () => Promise<void>;
  /** Told of predictions that a run closed. */
  closed: (entries: readonly Entry[]) => void;
}

/** Rows looked at in one go, and how long a slice may take in milliseconds. */
const ROWS = 1_000;
const SLICE_MS = 8;
/** Of the past: what single statements did matters only while their run is being recorded. */
const RUNNING: EventType = 'schema_operation';
const ALL: ReadonlySet<EventType> = new Set(LEDGER_TYPES);
const PAST: ReadonlySet<EventType> = new Set(LEDGER_TYPES.filter((type) => type !== RUNNING));

interface State {
  ledger: Ledger;
  /** Sequences of the events that are labels. */
  labels: number[];
  /** Everything up to this sequence is in. */
  upTo: number;
  whole: boolean;
  /** Closed while the past was read; judged once it is whole. */
  closed: Entry[];
}

export class LedgerKeeper {
  readonly #options: LedgerKeeperOptions;
  #state = empty();
  #reading: Promise<void> | undefined;
  /** Sequence of the first event that arrived while the past was not read: what follows is no past. */
  #arrivedFrom = Number.POSITIVE_INFINITY;
  #lastLabelAt = 0;
  #ended = false;

  constructor(options: LedgerKeeperOptions) {
    this.#options = options;
  }

  /** The whole ledger; what has not been read yet is read at once. Await {@link ready} first where that may be much. */
  current(): Ledger {
    while (!this.#state.whole) this.#read(ROWS);
    return this.#state.ledger;
  }

  /** Sequences of the events that are labels, ascending. */
  labels(): readonly number[] {
    this.current();
    return this.#state.labels;
  }

  /** When the newest label arrived, in milliseconds since 1970; 0 for none since the start. */
  get lastLabelAt(): number {
    return this.#lastLabelAt;
  }

  get isReady(): boolean {
    return this.#state.whole;
  }

  /** Resolves once the ledger holds everything that is stored. */
  ready(): Promise<void> {
    if (this.#state.whole) return Promise.resolve();
    this.#reading ??= this.#readOn().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Takes events that have become durable. A label before the ledger is made has it made: predictions may wait for it. */
  took(glances: readonly Glance[]): void {
    const labelled = glances.some(isLabel);
    if (labelled) this.#lastLabelAt = this.#options.platform.now();
    const state = this.#state;
    if (!state.whole) {
      this.#arrivedFrom = Math.min(this.#arrivedFrom, glances[0]?.sequence ?? Number.POSITIVE_INFINITY);
      if (labelled) void this.ready();
      return;
    }
    for (const glance of glances) {
      if (glance.sequence <= state.upTo) continue;
      const closed = take(state, glance);
      if (closed.length > 0) this.#options.closed(closed);
    }
  }

  /** Events were erased, or hidden, or shown again: the ledger is made anew. */
  forget(): void {
    this.#state = empty();
  }

  /** Gives up reading. */
  end(): void {
    this.#ended = true;
  }

  async #readOn(): Promise<void> {
    const { platform, pause } = this.#options;
    await pause();
    while (!this.#state.whole && !this.#ended) {
      const started = platform.monotonic();
      do this.#read(ROWS);
      while (!this.#state.whole && platform.monotonic() - started < SLICE_MS);
      await pause();
    }
  }

  #read(rows: number): void {
    const state = this.#state;
    const types = this.#arrivedFrom === Number.POSITIVE_INFINITY ? PAST : ALL;
    const glances = this.#options.store.glancesAfter(state.upTo, rows, types);
    for (const glance of glances)
      if (glance.type !== RUNNING || glance.sequence >= this.#arrivedFrom)
        for (const entry of take(state, glance)) state.closed.push(entry);
    state.upTo = glances.at(-1)?.sequence ?? state.upTo;
    if (glances.length === rows) return;
    state.whole = true;
    const { closed } = state;
    state.closed = [];
    if (closed.length > 0) this.#options.closed(closed);
  }
}

function take({ ledger, labels }: State, glance: Glance): Entry[] {
  if (isLabel(glance)) labels.push(glance.sequence);
  return ledger.cares(glance) ? ledger.take(glance.event()) : [];
}

function empty(): State {
  return { ledger: new Ledger(), labels: [], upTo: 0, whole: false, closed: [] };
}
