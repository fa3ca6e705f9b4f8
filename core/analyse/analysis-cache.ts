/** Keeps analyses until events arrive that could change them. */
import type { TelemetryAIAnalysis } from '../contract/analysis.ts';
import type { EventType } from '../contract/event.ts';
import type { Params } from '../contract/methods.ts';
import { lastSequenceOf } from '../store/aggregates.ts';
import type { EventReader } from '../store/event-reader.ts';

const KEPT = 20;
/** Types that an analysis looks at. */
const SUBSTANTIAL: EventType[] = [
  'migration_execution',
  'schema_operation',
  'learning_feedback',
  'ai_accuracy',
  'error_occurrence',
  'model_update',
];

export class AnalysisCache {
  readonly #reader: EventReader;
  readonly #kept = new Map<string, { sequence: number; analysis: TelemetryAIAnalysis }>();

  constructor(reader: EventReader) {
    this.#reader = reader;
  }

  /** Forgets all: events that they were made from are gone. */
  forget(): void {
    this.#kept.clear();
  }

  /** The analysis of a timeframe as it was made last, or made anew where something has happened since. */
  get(timeframe: Params<'analysis.run'>, make: () => TelemetryAIAnalysis): TelemetryAIAnalysis {
    const key = JSON.stringify([timeframe.from, timeframe.to, timeframe.workspace]);
    const sequence = lastSequenceOf(this.#reader, SUBSTANTIAL);
    const known = this.#kept.get(key);
    if (known?.sequence === sequence) return known.analysis;
    const analysis = make();
    this.#kept.delete(key);
    this.#kept.set(key, { sequence, analysis });
    for (const old of [...this.#kept.keys()].slice(0, -KEPT)) this.#kept.delete(old);
    return analysis;
  }
}
