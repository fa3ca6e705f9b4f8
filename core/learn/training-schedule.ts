/** When models are trained by themselves: looked at every few seconds, from labels that have arrived and rest. */
import type { Settings } from '../contract/governance.ts';
import { MODEL_IDS, type ModelId } from '../contract/model.ts';
import type { RetrainOutlook, TrainingRun } from '../contract/training.ts';
import type { Platform } from '../platform.ts';
import type { Labels } from './labels.ts';
import type { LedgerKeeper } from './ledger-keeper.ts';
import { trainableModels } from './models.ts';
import type { ModelRegistry } from './registry.ts';
import { outlookOf, type Trigger, triggerOf } from './retraining.ts';
import type { Trainings } from './trainings.ts';

export interface TrainingScheduleOptions {
  platform: Pick<Platform, 'now'>;
  retrain: () => Settings['retrain'];
  keeper: LedgerKeeper;
  registry: ModelRegistry;
  trainings: Trainings;
  labels: () => Labels;
  /** Reads what is stored, where that has not been done. */
  ready: () => Promise<void>;
  start: (ids: readonly ModelId[], trigger: Trigger) => TrainingRun;
}

/** Labels that arrive together are learnt together: an import brings hundreds. */
const QUIET_MS = 3_000;

export class TrainingSchedule {
  readonly #options: TrainingScheduleOptions;
  /** Not looked at again before there are so many labels: the last look found too few. */
  #notBefore = 0;

  constructor(options: TrainingScheduleOptions) {
    this.#options = options;
  }

  /** Starts a training where one is due. */
  tick(): TrainingRun | undefined {
    const { platform, keeper, trainings, ready, labels, start } = this.#options;
    const quiet = platform.now() - keeper.lastLabelAt >= QUIET_MS;
    if (!this.#options.retrain().auto || trainings.busy || !quiet) return undefined;
    if (!keeper.isReady) {
      void ready();
      return undefined;
    }
    const known = keeper.labels().length;
    if (known < this.#notBefore) return undefined;
    const due = MODEL_IDS.map((id) => ({ id, trigger: this.#due(id) })).filter(
      (one): one is { id: ModelId; trigger: Trigger } => one.trigger !== undefined,
    );
    const { examples } = due.length > 0 ? labels() : { examples: [] };
    const able = due.filter(({ id }) => trainableModels[id].shortage(examples) === undefined);
    const [first] = able;
    if (!first) {
      if (due.length > 0) this.#notBefore = known + 1;
      return undefined;
    }
    return start(
      able.map(({ id }) => id),
      first.trigger,
    );
  }

  outlook(id: ModelId): RetrainOutlook {
    const { registry, retrain, keeper, labels } = this.#options;
    return outlookOf({
      id,
      version: registry.active(id) ?? registry.newest(id),
      newLabels: this.newLabels(id),
      settings: retrain(),
      ledger: keeper.current(),
      examples: () => labels().examples,
      lastTrained: registry.newest(id)?.model.lastTrained,
    });
  }

  /** Labels since the newest version was trained; all where there is none. */
  newLabels(id: ModelId): number {
    const { keeper, registry } = this.#options;
    const labels = keeper.labels();
    const since = registry.newest(id)?.model.trainingData.upTo ?? 0;
    let low = 0;
    let high = labels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((labels[middle] as number) <= since) low = middle + 1;
      else high = middle;
    }
    return labels.length - low;
  }

  /** Events were erased, or hidden, or shown again: there may be other labels now. */
  forget(): void {
    this.#notBefore = 0;
  }

  #due(id: ModelId): Trigger | undefined {
    const { registry, retrain, platform } = this.#options;
    const newest = registry.newest(id)?.model;
    return triggerOf(newest, this.newLabels(id), retrain(), platform.now(), () => this.outlook(id));
  }
}
