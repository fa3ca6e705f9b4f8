/** Keeps analyses until events arrive that could change them. */
import type { TelemetryAIAnalysis } from '../contract/analysis.ts';
import type { Params } from '../contract/methods.ts';
import type { Sqlite } from '../store/sqlite.ts';

const KEPT = 20;
/** Types that an analysis looks at. */
const SUBSTANTIAL = `'migration_execution', 'schema_operation', 'learning_feedback', 'ai_accuracy', 'error_occurrence', 'model_update'`;

export class AnalysisCache {
  readonly #tables: Sqlite;
  readonly #kept = new Map<string, { sequence: number; analysis: TelemetryAIAnalysis }>();

  constructor(tables: Sqlite) {
    this.#tables = tables;
  }

  /** The analysis of a timeframe as it was made last, or made anew where something has happened since. */
  get(timeframe: Params<'analysis.run'>, make: () => TelemetryAIAnalysis): TelemetryAIAnalysis {
    const key = JSON.stringify([timeframe.from, timeframe.to, timeframe.workspace]);
    const sequence = this.#lastSubstantial();
    const known = this.#kept.get(key);
    if (known?.sequence === sequence) return known.analysis;
    const analysis = make();
    this.#kept.delete(key);
    this.#kept.set(key, { sequence, analysis });
    for (const old of [...this.#kept.keys()].slice(0, -KEPT)) this.#kept.delete(old);
    return analysis;
  }

  #lastSubstantial(): number {
    const sql = `SELECT max(seq) FROM events WHERE type IN (${SUBSTANTIAL})`;
    return this.#tables.first(sql, [], (row) => Number(row[0] ?? 0)) ?? 0;
  }
}
