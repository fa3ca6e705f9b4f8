/**
 * Keeps analyses until events arrive that could change them. One that took long is not made anew for every event: until
 * ten times its cost has gone by the last one is given out, with the time of its making, unless somebody asks by hand.
 */
import type { TelemetryAIAnalysis } from '../contract/analysis.ts';
import type { EventType } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import { lastSequenceOf } from '../store/aggregates.ts';
import type { EventReader } from '../store/event-reader.ts';
import type { Timeframe } from './analysis.ts';

const KEPT = 20;
/** Cheaper ones are always made anew, in milliseconds. */
const CHEAP_MS = 50;
/** So many times its cost an analysis is good for. */
const GOOD_FOR = 10;
/** Types that an analysis looks at. */
const SUBSTANTIAL: EventType[] = [
  'migration_execution',
  'schema_operation',
  'learning_feedback',
  'ai_accuracy',
  'error_occurrence',
  'model_update',
];

interface KeptAnalysis {
  sequence: number;
  analysis: TelemetryAIAnalysis;
  /** Milliseconds that it took, and the clock's reading at its end. */
  cost: number;
  madeAt: number;
}

export class AnalysisCache {
  readonly #reader: EventReader;
  readonly #clock: Pick<Platform, 'monotonic'>;
  #kept = new Map<string, KeptAnalysis>();
  #running = new Map<string, Promise<TelemetryAIAnalysis>>();

  constructor(reader: EventReader, clock: Pick<Platform, 'monotonic'>) {
    this.#reader = reader;
    this.#clock = clock;
  }

  /** Forgets all, what is being made too: events that they were made from are gone. */
  forget(): void {
    this.#kept = new Map();
    this.#running = new Map();
  }

  /**
   * The analysis of a timeframe as it was made last, or made anew where something has happened since.
   *
   * @param byHand somebody wants what is true now, and waits for it
   */
  get(
    { from, to, workspace }: Timeframe,
    byHand: boolean,
    make: () => Promise<TelemetryAIAnalysis>,
  ): Promise<TelemetryAIAnalysis> {
    const key = JSON.stringify([from, to, workspace]);
    const sequence = lastSequenceOf(this.#reader, SUBSTANTIAL);
    const known = this.#kept.get(key);
    if (known && (known.sequence === sequence || (!byHand && this.#isGood(known))))
      return Promise.resolve(known.analysis);
    const running = this.#running.get(key);
    if (running) return running;
    const made = this.#make(key, sequence, make);
    this.#running.set(key, made);
    return made;
  }

  #isGood({ cost, madeAt }: KeptAnalysis): boolean {
    return cost >= CHEAP_MS && this.#clock.monotonic() - madeAt < GOOD_FOR * cost;
  }

  async #make(
    key: string,
    sequence: number,
    make: () => Promise<TelemetryAIAnalysis>,
  ): Promise<TelemetryAIAnalysis> {
    const [kept, running] = [this.#kept, this.#running];
    const began = this.#clock.monotonic();
    try {
      const analysis = await make();
      const madeAt = this.#clock.monotonic();
      kept.delete(key);
      kept.set(key, { sequence, analysis, cost: madeAt - began, madeAt });
      for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
      return analysis;
    } finally {
      running.delete(key);
    }
  }
}
