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
import { agreementOf, judgedEvents } from './agreement.ts';
import { effectOf } from './effect.ts';
import { ExampleShelf } from './example-shelf.ts';
import { executionOf, Joining } from './joining.ts';
import { isSurprising } from './judging.ts';
import type { Labels } from './labels.ts';
import { LEDGER_TYPES, type Ledger } from './ledger.ts';
import { type Entry, isReal } from './ledger-entry.ts';
import { LedgerKeeper } from './ledger-keeper.ts';
import { type Trainer, trainableModels } from './models.ts';
import { listPredictions } from './prediction-pages.ts';
import { feedbackEvent, markedFeedback, recordOf } from './records.ts';
import { type Artifacts, ModelRegistry, untrained } from './registry.ts';
import { Remembered } from './remembered.ts';
import { TrainingSchedule } from './training-schedule.ts';
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
export class Learning {
  readonly registry: ModelRegistry;
  readonly trainings: Trainings;
  readonly #options: LearningOptions;
  readonly #end: () => void;
  readonly #keeper: LedgerKeeper;
  readonly #shelf: ExampleShelf;
  readonly #remembered: Remembered;
  readonly #joining: Joining;
  readonly #schedule: TrainingSchedule;

  constructor(options: LearningOptions) {
    const { store, platform, newId, trainer, artifacts, retrain, record } = options;
    this.#options = options;
    this.#joining = new Joining({ platform, record });
    this.#shelf = new ExampleShelf(store.tables);
    this.#keeper = new LedgerKeeper({
      store,
      platform,
      pause: options.pause,
      closed: (entries) => this.#joining.add(entries),
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
    this.#schedule = new TrainingSchedule({
      platform,
      retrain,
      keeper: this.#keeper,
      registry: this.registry,
      trainings: this.trainings,
      labels: () => this.labels(),
      ready: () => this.ready(),
      start: (ids, trigger) => this.start(ids, trigger),
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
      await this.#options.record([executionOf(this.#options.store.tables, params, open)]);
    } else if (
      !isType(getEvent(this.#options.store.tables, eventId), 'migration_execution') &&
      isReal(outcome)
    ) {
      const run = { eventId, at: this.#options.platform.now(), outcome, durationMs, environment };
      this.#joining.add(ledger.close(migration, workspace, run));
    }
    await this.#joining.settled();
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
    return agreementOf(judgedEvents(this.#options.store.tables, this.#known(), workspace));
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
      newLabels: (id) => this.#schedule.newLabels(id),
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
    return this.#schedule.outlook(id);
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
    return this.#schedule.tick();
  }

  /** Events were erased, or hidden, or shown again: what was folded from them is made anew. */
  forget(): void {
    this.#keeper.forget();
    this.#shelf.forget();
    this.#remembered.forget();
    this.#schedule.forget();
  }

  /** Something that models had learnt from was erased: their weights go at once, and they learn again from what is left. */
  async unlearn(): Promise<void> {
    const models = await this.registry.unlearn('something that it had learnt from was erased');
    if (models.length > 0 && this.#options.retrain().auto) this.start(models, 'labels');
  }

  /** Resolves once every outcome that has arrived is joined with its predictions. */
  async joined(): Promise<void> {
    await this.#keeper.ready();
    await this.#joining.settled();
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
    await this.#joining.settled();
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
}

function bySequence<T extends TelemetryEvent>(events: T[]): T[] {
  return events.sort((a, b) => a.sequence - b.sequence);
}
