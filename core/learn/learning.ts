/**
 * The learning loop of an engine: joins outcomes with predictions, keeps the scoreboard, takes feedback in, trains and
 * decides who is active. All of it is events; the state here is folded from them and can be made anew at any time.
 */

import type { Anomaly } from '../contract/analysis.ts';
import { TelemetryError } from '../contract/errors.ts';
import { type EventInput, type EventType, isType, type TelemetryEvent } from '../contract/event.ts';
import type { FeedbackEffect, LearningFeedback } from '../contract/feedback.ts';
import type { Settings } from '../contract/governance.ts';
import type { Params, Result } from '../contract/methods.ts';
import {
  type LearningModel,
  MODEL_IDS,
  type ModelId,
  type RealisedAccuracy,
  type TrainingResult,
} from '../contract/model.ts';
import type { Agreement, PredictionRecord } from '../contract/prediction.ts';
import type { Contest, RetrainOutlook, TrainingRun } from '../contract/training.ts';
import type { Kept } from '../kept.ts';
import type { Platform } from '../platform.ts';
import { eventsOfType, getEvent } from '../store/event-queries.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Glance } from '../store/glance.ts';
import { agreementOf, verdicts } from './agreement.ts';
import { effectOf } from './effect.ts';
import { ExampleShelf } from './example-shelf.ts';
import { accuracyEvent, isSurprising } from './judging.ts';
import type { Labels } from './labels.ts';
import { type Entry, isReal, LEDGER_TYPES, type Ledger } from './ledger.ts';
import { LedgerKeeper } from './ledger-keeper.ts';
import { type Trainer, trainableModels } from './models.ts';
import { listPredictions } from './prediction-pages.ts';
import { feedbackEvent, markedFeedback, recordOf } from './records.ts';
import { type Artifacts, ModelRegistry, untrained } from './registry.ts';
import { Remembered } from './remembered.ts';
import { outlookOf, type Trigger, triggerOf } from './retraining.ts';
import { SEED, Trainings } from './trainings.ts';
import { contestOf } from './verdict.ts';

export interface LearningOptions {
  store: EventStore;
  platform: Platform;
  newId: () => string;
  trainer: Trainer;
  artifacts: Artifacts;
  retrain: () => Settings['retrain'];
  /** Records all or nothing; resolves once it is durable. */
  record: (events: EventInput[]) => Promise<void>;
  /** Where the history of trainings is kept between runs. */
  trainings: Kept;
  /** Lets other work come first; called between slices of long readings. */
  pause: () => Promise<void>;
}

const WATCHED: readonly EventType[] = [...LEDGER_TYPES, 'model_update'];
/** Labels that arrive together are learnt together: an import brings hundreds. */
const QUIET_MS = 3_000;

export class Learning {
  readonly registry: ModelRegistry;
  readonly trainings: Trainings;
  readonly #options: LearningOptions;
  readonly #end: () => void;
  readonly #keeper: LedgerKeeper;
  readonly #shelf: ExampleShelf;
  readonly #remembered: Remembered;
  /** Not looked at again before there are so many labels: the last look found too few. */
  #notBefore = 0;
  #joining: Promise<unknown> = Promise.resolve();

  constructor(options: LearningOptions) {
    const { store, platform, newId, trainer, artifacts, retrain, record } = options;
    this.#options = options;
    this.#shelf = new ExampleShelf(store.tables);
    this.#keeper = new LedgerKeeper({
      store,
      platform,
      pause: options.pause,
      closed: (entries) => this.#join(entries),
    });
    this.#remembered = new Remembered({
      reader: store.tables,
      platform,
      pause: options.pause,
      shelf: this.#shelf,
      ledger: () => this.#known(),
    });
    this.registry = new ModelRegistry(
      { artifacts, record },
      bySequence(eventsOfType(store.tables, 'model_update')),
    );
    this.trainings = new Trainings({
      platform,
      newId,
      trainer,
      retrain,
      kept: options.trainings,
      registry: this.registry,
      labels: async () => {
        await this.ready();
        return { ...this.labels(), upTo: store.lastSequence };
      },
      isWithdrawn: (id) => this.#known().isWithdrawn(id),
    });
    this.#end = store.onAppended((events) => this.#took(events), WATCHED);
  }

  /**
   * Resolves once everything that is stored has been read, in slices. Answers do not wait for it by themselves: without
   * it the first one reads all that in one go.
   */
  async ready(): Promise<void> {
    await this.#keeper.ready();
    await this.#shelf.ready(this.#options.pause);
  }

  /** What the models learn from now. */
  labels(): Labels {
    return this.#remembered.labels();
  }

  /** How right the predictions of a model turned out to be. */
  realised(id: ModelId): Promise<RealisedAccuracy> {
    return this.#remembered.realised(id);
  }

  predictions(params: Params<'predictions.list'>): Result<'predictions.list'> {
    return listPredictions(this.#options.store.tables, this.#known(), params);
  }

  prediction(id: string): PredictionRecord {
    return this.#record(this.#entry(id));
  }

  /**
   * An outcome that arrives by itself. Without the event of its run it is recorded as one, so that the models learn from it;
   * with it, the predictions are those that it closed.
   */
  async resolve(params: Params<'predictions.resolve'>): Promise<Result<'predictions.resolve'>> {
    const { migration, workspace, outcome, durationMs, environment, eventId } = params;
    const ledger = this.#known();
    const open = isReal(outcome) ? ledger.openAbout(migration, workspace) : [];
    if (eventId === undefined) {
      await this.#options.record([executionOf(params, this.#factsOf(open))]);
    } else if (
      !isType(getEvent(this.#options.store.tables, eventId), 'migration_execution') &&
      isReal(outcome)
    ) {
      const run = { eventId, at: this.#options.platform.now(), outcome, durationMs, environment };
      this.#join(ledger.close(migration, workspace, run));
    }
    await this.#joining;
    const closed =
      eventId === undefined
        ? open.filter(({ run }) => run)
        : [...ledger.entries.values()].filter(({ run }) => run?.eventId === eventId);
    return {
      resolved: closed.map((entry) => this.#record(entry)),
      surprising: closed.filter((entry) => isSurprising(ledger.accuracy(entry))).map(({ id }) => id),
    };
  }

  async queue(
    { workspace, limit = 50 }: Params<'feedback.queue'>,
    anomalies: readonly Anomaly[],
  ): Promise<Result<'feedback.queue'>> {
    const items = await this.#remembered.queue(anomalies, workspace);
    return {
      items: items.slice(0, limit).map(({ entry, because, ...item }) => ({
        ...item,
        because: because(),
        ...(entry ? { prediction: this.#record(entry) } : {}),
      })),
      total: items.length,
    };
  }

  /** A recorded feedback as it is given out; what was taken back is marked. */
  feedback(event: TelemetryEvent<'learning_feedback'>): LearningFeedback {
    return markedFeedback(this.#known(), event);
  }

  /** Throws `not-found` where there is no such feedback, `conflict` where it was taken back before. */
  async withdraw(id: string, reason: string | undefined): Promise<LearningFeedback> {
    const event = feedbackEvent(this.#options.store.tables, id);
    if (!event) throw new TelemetryError('not-found', `${id} is no feedback.`);
    if (this.#known().isWithdrawn(event.id))
      throw new TelemetryError('conflict', `Feedback ${event.id} was taken back before.`);
    await this.#options.record([
      {
        type: 'learning_feedback',
        source: 'engine:telemetry-engine',
        data: {
          eventId: event.id,
          actualOutcome: 'withdrawn',
          withdraws: event.id,
          ...(reason === undefined ? {} : { feedback: reason }),
        },
      },
    ]);
    return this.feedback(event);
  }

  agreement(workspace: string | undefined): Agreement {
    const { tables } = this.#options.store;
    const ledger = this.#known();
    const judged = [...ledger.answered()].flatMap(([eventId]) => {
      const answers = verdicts(ledger.answers(eventId));
      const entry = ledger.entries.get(eventId);
      const event = entry ? undefined : getEvent(tables, eventId);
      if (workspace !== undefined && (entry?.workspace ?? event?.metadata.workspace) !== workspace) return [];
      const named = event?.data as { migration?: unknown; operation?: unknown } | undefined;
      const title = entry?.subject ?? String(named?.migration ?? named?.operation ?? event?.type);
      return answers.length === 0 ? [] : [{ eventId, title, answers }];
    });
    return agreementOf(judged);
  }

  accuracy(params: Params<'accuracy.get'>): Promise<Result<'accuracy.get'>> {
    return this.#remembered.accuracy(params);
  }

  /** What an answer changes; ask before it is recorded, and again after. */
  effect(about: TelemetryEvent): () => FeedbackEffect | undefined {
    return effectOf(about, {
      ledger: this.#known(),
      labels: () => this.labels(),
      active: (id) => this.registry.active(id)?.model.version,
      newLabels: (id) => this.#newLabels(id),
      neededLabels: () => this.#options.retrain().everyLabels,
    });
  }

  async models(): Promise<LearningModel[]> {
    const models: LearningModel[] = [];
    for (const id of MODEL_IDS) models.push(await this.model(id));
    return models;
  }

  /** The active version, else the newest, else one that was never trained: what that lacks takes a while to tell. */
  async model(id: ModelId): Promise<LearningModel> {
    const known = (this.registry.active(id) ?? this.registry.newest(id))?.model;
    if (known) return known;
    const { examples } = this.labels();
    await this.#options.pause();
    const model = untrained(id, examples);
    await this.#options.pause();
    return model;
  }

  versions(id: ModelId): Result<'models.versions'> {
    return { items: this.registry.versions(id), retrain: this.outlook(id) };
  }

  outlook(id: ModelId): RetrainOutlook {
    const subject = this.registry.active(id) ?? this.registry.newest(id);
    return outlookOf({
      id,
      version: subject,
      newLabels: this.#newLabels(id),
      settings: this.#options.retrain(),
      ledger: this.#known(),
      examples: () => this.labels().examples,
      lastTrained: this.registry.newest(id)?.model.lastTrained,
    });
  }

  /** Both on the newest hold-out. Throws `conflict` where one of them cannot be read any more. */
  async compare(id: ModelId, champion: string, challenger: string): Promise<Contest> {
    const [first, second] = await Promise.all(
      [champion, challenger].map((version) => this.registry.artifact(this.registry.version(id, version))),
    );
    const { examples } = this.labels();
    const enough = trainableModels[id].shortage(examples) === undefined;
    const rivalry =
      first && second && enough ? trainableModels[id].compare(examples, first, second, SEED) : undefined;
    if (!rivalry)
      throw new TelemetryError('conflict', 'These versions cannot be compared on what there is now.');
    return contestOf(rivalry, champion, challenger);
  }

  train(ids: readonly ModelId[], trigger: TrainingRun['trigger'] = 'hand'): Promise<TrainingResult[]> {
    return this.trainings.start(ids, trigger).results;
  }

  /** Like {@link train}, but comes back at once. */
  start(ids: readonly ModelId[] = MODEL_IDS, trigger: TrainingRun['trigger'] = 'hand'): TrainingRun {
    const { run, results } = this.trainings.start(ids, trigger);
    results.catch(() => undefined);
    return run;
  }

  /** Starts a training where one is due. Its host calls it every few seconds. */
  tick(): TrainingRun | undefined {
    const retrain = this.#options.retrain();
    const now = this.#options.platform.now();
    if (!retrain.auto || this.trainings.busy || now - this.#keeper.lastLabelAt < QUIET_MS) return undefined;
    if (!this.#isReady()) return undefined;
    const known = this.#keeper.labels().length;
    if (known < this.#notBefore) return undefined;
    const due = MODEL_IDS.map((id) => ({ id, trigger: this.#due(id) })).filter(
      (one): one is { id: ModelId; trigger: Trigger } => one.trigger !== undefined,
    );
    const { examples } = due.length > 0 ? this.labels() : { examples: [] };
    const able = due.filter(({ id }) => trainableModels[id].shortage(examples) === undefined);
    const [first] = able;
    if (!first) {
      if (due.length > 0) this.#notBefore = known + 1;
      return undefined;
    }
    return this.start(
      able.map(({ id }) => id),
      first.trigger,
    );
  }

  /** Events were erased, or hidden, or shown again: what was folded from them is made anew. */
  forget(): void {
    this.#keeper.forget();
    this.#shelf.forget();
    this.#remembered.forget();
    this.#notBefore = 0;
  }

  /** Something that models had learnt from was erased: their weights go at once, and they learn again from what is left. */
  async unlearn(): Promise<void> {
    const models = await this.registry.unlearn('something that it had learnt from was erased');
    if (models.length > 0 && this.#options.retrain().auto) this.start(models, 'labels');
  }

  /** Resolves once every outcome that has arrived is joined with its predictions. */
  async joined(): Promise<void> {
    await this.#keeper.ready();
    await this.#joining;
  }

  /** The same before the end of a process, where a run was recorded in it; else nothing is waited for. */
  async joinedOwn(): Promise<void> {
    if (this.#keeper.lastLabelAt > 0) await this.joined();
  }

  /** Waits for joins that are being recorded; takes nothing in any more, and gives up what is being trained. */
  async close(): Promise<void> {
    this.#end();
    this.#keeper.end();
    while (this.trainings.cancel()) await this.trainings.settled();
    await this.#joining;
  }

  #due(id: ModelId): Trigger | undefined {
    const newest = this.registry.newest(id)?.model;
    const newLabels = this.#newLabels(id);
    const now = this.#options.platform.now();
    return triggerOf(newest, newLabels, this.#options.retrain(), now, () => this.outlook(id));
  }

  /** Labels since the newest version was trained; all where there is none. */
  #newLabels(id: ModelId): number {
    const labels = this.#keeper.labels();
    const since = this.registry.newest(id)?.model.trainingData.upTo ?? 0;
    let low = 0;
    let high = labels.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((labels[middle] as number) <= since) low = middle + 1;
      else high = middle;
    }
    return labels.length - low;
  }

  /** Whether all has been read; begins reading where not. */
  #isReady(): boolean {
    if (this.#keeper.isReady) return true;
    void this.ready();
    return false;
  }

  /** What the predictions of a migration knew of it, for its execution. */
  #factsOf(open: readonly Entry[]): Record<string, unknown> {
    for (const { id } of open) {
      const { bytes, operationCounts, operations, destructive, statements, features } = getEvent(
        this.#options.store.tables,
        id,
      ).data;
      if (operationCounts !== undefined)
        return { bytes, operationCounts, operations, destructive, statements, features };
    }
    return {};
  }

  #record(entry: Entry): PredictionRecord {
    return recordOf(this.#options.store.tables, this.#known(), entry);
  }

  #entry(id: string): Entry {
    const entry = this.#known().entries.get(id.toLowerCase());
    if (!entry) throw new TelemetryError('not-found', `There is no prediction ${id}.`);
    return entry;
  }

  #known(): Ledger {
    return this.#keeper.current();
  }

  #took(glances: Glance[]): void {
    for (const glance of glances)
      if (glance.type === 'model_update')
        this.registry.take(glance.event() as TelemetryEvent<'model_update'>);
    this.#keeper.took(glances);
  }

  /** Records what came of predictions, without anybody waiting for it. */
  #join(closed: readonly Entry[]): void {
    if (closed.length === 0) return;
    this.#joining = Promise.all([this.#joining, this.#judge(closed).catch(() => undefined)]);
  }

  /** Ids are derived from the predictions, so what was recorded before is acknowledged and not stored again. */
  async #judge(closed: readonly Entry[]): Promise<void> {
    const open = closed.filter(({ judged }) => !judged || judged.by !== undefined);
    const events = open.flatMap((entry) => accuracyEvent(entry, this.#options.platform) ?? []);
    if (events.length > 0) await this.#options.record(events);
  }
}

function bySequence<T extends TelemetryEvent>(events: T[]): T[] {
  return events.sort((a, b) => a.sequence - b.sequence);
}

function executionOf(
  { migration, workspace, outcome, durationMs, environment }: Params<'predictions.resolve'>,
  facts: Record<string, unknown>,
): EventInput<'migration_execution'> {
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return {
    type: 'migration_execution',
    source: 'engine:telemetry-engine',
    data: {
      ...known,
      migration,
      outcome,
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(environment === undefined ? {} : { environment }),
    },
    metadata: workspace === undefined ? {} : { workspace },
  };
}
