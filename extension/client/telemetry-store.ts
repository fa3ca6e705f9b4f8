/**
 * What the views show, asked of the engine once for all of them: alerts, predictions that await feedback, versions of
 * the schema, models. Asked again when events arrive that may change it.
 */
import * as vscode from 'vscode';
import type { Alert } from '../../core/contract/alert.ts';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { EventType, TelemetryEvent } from '../../core/contract/event.ts';
import type { LearningModel } from '../../core/contract/model.ts';
import type { PredictionRecord } from '../../core/contract/prediction.ts';
import type { SchemaVersionInfo } from '../../core/contract/schema-version.ts';
import { CONTEXT } from '../contributions/context.ts';
import { Debounced } from './debounced.ts';
import { DisposableStore } from './disposables.ts';
import { newestOfFiles } from './feedback/answer.ts';
import type { LiveEvents } from './live-events.ts';

export interface Known {
  alerts: readonly Alert[];
  predictions: readonly PredictionRecord[];
  versions: readonly SchemaVersionInfo[];
  models: readonly LearningModel[];
}
export type Part = keyof Known;

/** Which events may change which part. */
const CHANGED_BY: Record<Part, readonly EventType[] | 'all'> = {
  alerts: 'all',
  predictions: ['ai_prediction', 'ai_accuracy', 'learning_feedback', 'migration_execution'],
  versions: ['migration_execution', 'schema_operation'],
  models: ['model_update', 'ai_accuracy', 'learning_feedback'],
};
const PARTS = Object.keys(CHANGED_BY) as Part[];
const SETTLE_MS = 800;
const MOST_PREDICTIONS = 100;
const MOST_VERSIONS = 200;

export interface StoreEngine {
  call: TelemetryClient['call'];
  status: { engine: string; folders: readonly { workspace: string }[] };
}

export class TelemetryStore extends DisposableStore {
  readonly #engine: StoreEngine;
  readonly #changed = this.add(new vscode.EventEmitter<Part>());
  readonly #refreshing = new Map<Part, Debounced>();
  #known: Known = { alerts: [], predictions: [], versions: [], models: [] };

  readonly onChange = this.#changed.event;

  constructor(engine: StoreEngine, live: LiveEvents) {
    super('telemetry store');
    this.#engine = engine;
    for (const part of PARTS)
      this.#refreshing.set(part, this.add(new Debounced(SETTLE_MS, () => this.#ask(part))));
    this.add(live.onConnected(() => this.refresh()));
    this.add(live.onEvents((events) => this.#see(events)));
  }

  get known(): Known {
    return this.#known;
  }

  /** Asks for everything anew, at once. */
  async refresh(...parts: readonly Part[]): Promise<void> {
    const wanted = parts.length > 0 ? parts : PARTS;
    await Promise.all(wanted.map((part) => this.#refreshing.get(part)?.now()));
  }

  #see(events: readonly TelemetryEvent[]): void {
    for (const part of PARTS) {
      const types = CHANGED_BY[part];
      if (types === 'all' || events.some(({ type }) => types.includes(type)))
        this.#refreshing.get(part)?.request();
    }
  }

  async #ask(part: Part): Promise<void> {
    if (this.#engine.status.engine !== 'running') return;
    const before = JSON.stringify(this.#known[part]);
    const answer = await this.#questions[part]().catch((error: unknown) => {
      // An engine of an older version, or one that is just going: what was known stays.
      if (TelemetryError.is(error)) return undefined;
      throw error;
    });
    if (answer === undefined || JSON.stringify(answer) === before) return;
    this.#known = { ...this.#known, [part]: answer };
    this.#tellContext();
    this.#changed.fire(part);
  }

  readonly #questions: { [P in Part]: () => Promise<Known[P]> } = {
    alerts: () =>
      this.#each(async (workspace) => {
        const { items } = await this.#engine.call('alerts.list', { ...workspace, limit: 200 });
        return items.filter(({ muted }) => !muted);
      }),
    predictions: () =>
      this.#each(async (workspace) => {
        const { items } = await this.#engine.call('predictions.list', {
          ...workspace,
          state: ['awaiting', 'abstained'],
          limit: MOST_PREDICTIONS,
        });
        // Where nothing was predicted, what happened still teaches; until somebody has said so.
        return newestOfFiles(items).filter(({ outcome, feedback }) => !outcome && feedback.length === 0);
      }),
    versions: () =>
      this.#each(async (workspace) => {
        const { items } = await this.#engine.call('schema.versions', { ...workspace, limit: MOST_VERSIONS });
        return items;
      }),
    models: async () => (await this.#engine.call('models.list', {})).items,
  };

  /** Of each folder that is open; of all there is where none is. One of them without an answer leaves the others theirs. */
  async #each<T>(ask: (workspace: { workspace?: string }) => Promise<T[]>): Promise<T[]> {
    const { folders } = this.#engine.status;
    if (folders.length === 0) return ask({});
    const answers = await Promise.allSettled(folders.map(({ workspace }) => ask({ workspace })));
    const given = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    const [refused] = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    if (given.length === 0 && refused !== undefined) throw refused;
    return unique(given.flat());
  }

  #tellContext(): void {
    const { alerts, predictions, versions } = this.#known;
    const set = (key: string, value: boolean) =>
      void vscode.commands.executeCommand('setContext', key, value);
    set(CONTEXT.hasAlerts, alerts.length > 0);
    set(CONTEXT.hasPredictions, predictions.length > 0);
    set(CONTEXT.hasVersions, versions.length > 0);
  }
}

/** An alert of no workspace comes with each of them. */
function unique<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
