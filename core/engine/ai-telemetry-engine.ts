/**
 * The facade of the core: records events, takes feedback, analyses, trains. Everything it does is an event itself, so
 * the whole loop can be read back from the journal.
 */
import { AccessKeys } from '../access/access-keys.ts';
import { analyse, type Timeframe } from '../analyse/analysis.ts';
import { AnalysisCache } from '../analyse/analysis-cache.ts';
import { InsightLog } from '../analyse/insight-log.ts';
import { statistics } from '../analyse/statistics.ts';
import { AuditTrail } from '../audit/audit-trail.ts';
import type { TelemetryAIAnalysis } from '../contract/analysis.ts';
import {
  type EventData,
  type EventInput,
  type EventMetadata,
  type EventType,
  isType,
  type Resources,
  type TelemetryEvent,
} from '../contract/event.ts';
import type { FeedbackInput, LearningFeedback } from '../contract/feedback.ts';
import type { EngineName, Health } from '../contract/health.ts';
import type { EventFilter, Params, RecordResult, Result } from '../contract/methods.ts';
import { type LearningModel, MODEL_IDS, type ModelId, type TrainingResult } from '../contract/model.ts';
import type { Statistics } from '../contract/statistics.ts';
import { uuidV7Source } from '../events/ids.ts';
import { type HealthProbe, recoveryMessage, unifiedHealth } from '../health/unified-health.ts';
import { type Kept, keptInMemory } from '../kept.ts';
import { EffectLog } from '../learn/effect-log.ts';
import { feedbackData, judgement, subjectOf } from '../learn/feedback.ts';
import { Learning } from '../learn/learning.ts';
import type { Trainer } from '../learn/models.ts';
import { isWithdrawal } from '../learn/records.ts';
import type { Artifacts } from '../learn/registry.ts';
import type { Platform } from '../platform.ts';
import { OwnRecord } from '../predict/own-record.ts';
import { Erasures } from '../privacy/erasures.ts';
import { type DataPlace, Privacy } from '../privacy/privacy.ts';
import { plural } from '../report/format.ts';
import { noted } from '../report/insight-text.ts';
import { type ReportPorts, Reports, reportsInMemory } from '../report/reports.ts';
import { NO_DATABASES, type ReadDatabase } from '../schema/live.ts';
import { NO_TIMELINES, type Timelines } from '../schema/timeline.ts';
import { SettingsKeeper } from '../settings/settings.ts';
import { inSlices, type Steps } from '../steps.ts';
import { eventsAbout, getEvent, listingEvents, type Page, type PageRequest } from '../store/event-queries.ts';
import type { EventStore } from '../store/event-store.ts';
import { FoundTexts } from '../stories/found-texts.ts';
import { histogram } from '../stories/histogram.ts';
import { Stories } from '../stories/stories.ts';
import { type Instrument, instrument } from '../trace/instrument.ts';
import type { Trace } from '../trace/trace.ts';
import { inMemory, Watch, type WatchPorts } from '../watch/watch.ts';
import { type EncodedIntake, Recorder } from './recorder.ts';

export interface EngineOptions {
  store: EventStore;
  platform: Platform;
  trace: Trace;
  trainer: Trainer;
  artifacts: Artifacts;
  /** Forgotten with the engine where not given. */
  settings?: SettingsKeeper;
  /** Keys to the API; forgotten with the engine where not given. */
  keys?: AccessKeys;
  /** Orders to erase; forgotten with the engine where not given. */
  erasures?: Erasures;
  /** Where everything is kept. */
  folder?: DataPlace;
  /** Of the product, for the health check. */
  version: string;
  processId: number;
  /** Filled into events whose sender said nothing. */
  defaults?: EventMetadata;
  /** Pseudonym of whoever runs the engine. */
  me?: string;
  /** What the engines around this one say of themselves. */
  probes?: Partial<Record<EngineName, HealthProbe>>;
  /** The schemas that imports went through. */
  timelines?: Timelines;
  /** The history of trainings; forgotten with the engine where not given. */
  trainings?: Kept;
  /** What each answer changed; forgotten with the engine where not given. */
  effects?: Kept;
  /** When insights were seen; forgotten with the engine where not given. */
  insights?: Kept;
  /** Reads the schema of a live database; none can be reached where not given. */
  readDatabase?: ReadDatabase;
  /** The latest reading of the resource monitor. */
  resources?: () => Resources;
  /** What the watch over series and alerts needs; in memory and without reach where not given. */
  watch?: WatchPorts;
  /** What reports as files need; only answers where not given. */
  reports?: ReportPorts;
}

const SELF = 'engine:telemetry-engine';
export class AITelemetryEngine {
  readonly settings: SettingsKeeper;
  readonly audit: AuditTrail;
  readonly privacy: Privacy;
  readonly keys: AccessKeys;
  readonly watch: Watch;
  readonly stories: Stories;
  readonly reports: Reports;
  readonly #options: EngineOptions;
  readonly #newId: () => string;
  /** Predictions and what came of them, the scoreboard, training, versions. */
  readonly learning: Learning;
  /** What came of predictions about statements on this machine. */
  readonly ownRecord: OwnRecord;
  readonly #instrument: Instrument;
  readonly #startedAt: number;
  readonly #analyses: AnalysisCache;
  readonly #recorder: Recorder;
  readonly #insights: InsightLog;
  readonly #effects: EffectLog;
  /** Where texts were found, for the timeline above the events. */
  readonly #texts: FoundTexts;
  /** Lets other work come first. */
  readonly #pause: () => Promise<void>;
  readonly #inSlices = <T>(steps: Steps<T>): Promise<T> =>
    inSlices(steps, this.#options.platform, this.#pause);
  #closing: Promise<void> | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.settings = options.settings ?? new SettingsKeeper(keptInMemory());
    this.#newId = uuidV7Source(options.platform);
    this.#startedAt = options.platform.now();
    const forward = (event: EventInput) => this.forward(event);
    this.#recorder = new Recorder({
      store: options.store,
      platform: options.platform,
      newId: this.#newId,
      trace: () => options.trace.current(),
      defaults: this.defaults,
      forward,
    });
    this.keys =
      options.keys ??
      new AccessKeys({ keys: keptInMemory(), used: keptInMemory(), platform: options.platform });
    this.audit = new AuditTrail({
      reader: options.store.tables,
      platform: options.platform,
      complete: (event) => this.#recorder.complete(event),
      store: (event) => this.#recorder.store([event]),
    });
    const erasures =
      options.erasures ??
      new Erasures({ kept: keptInMemory(), platform: options.platform, newId: this.#newId });
    erasures.attach(options.store, this.audit);
    erasures.onChanged(() => {
      this.#analyses.forget();
      this.#insights.forget();
    });
    this.privacy = new Privacy({
      store: options.store,
      settings: this.settings,
      erasures,
      newId: this.#newId,
      me: options.me,
      folder: options.folder,
    });
    this.#instrument = instrument('telemetry-engine', forward, options.platform);
    this.#analyses = new AnalysisCache(options.store.tables, options.platform);
    const watchPorts = options.watch ?? inMemory();
    this.#pause = () => watchPorts.pause();
    this.#insights = new InsightLog(options.insights ?? keptInMemory());
    this.#effects = new EffectLog(options.effects ?? keptInMemory());
    this.onErased(() => this.#effects.forget((id) => options.store.tables.withId(id).length > 0));
    this.learning = new Learning({
      store: options.store,
      platform: options.platform,
      newId: this.#newId,
      trainer: options.trainer,
      artifacts: options.artifacts,
      retrain: () => this.settings.current().retrain,
      record: (events) => this.#recorder.store(events),
      pause: this.#pause,
      trainings: options.trainings ?? keptInMemory(),
    });
    this.onErased(() => this.learning.forget());
    erasures.onUnlearn(() => this.learning.unlearn());
    this.ownRecord = new OwnRecord(options.store);
    this.onErased(() => this.ownRecord.forget());
    this.reports = new Reports(options.store.tables, options.platform, options.reports ?? reportsInMemory());
    this.stories = new Stories(options.store.tables, this.#pause);
    this.#texts = new FoundTexts(options.store.tables, this.#inSlices);
    this.watch = new Watch({
      ...watchPorts,
      store: options.store,
      platform: options.platform,
      settings: this.settings,
      record: (event) => this.#recorder.store([event]),
    });
    const recovered = recoveryMessage(options.store);
    this.forward({
      type: 'system_health',
      source: SELF,
      data: {
        component: 'telemetry-engine',
        state: recovered ? 'degraded' : 'ok',
        message: recovered ?? 'started',
      },
    });
  }

  /** Records one event; resolves once it is durable. Throws `invalid-request` with every field at fault. */
  async recordEvent<T extends EventType>(
    type: T,
    source: string,
    data: EventData<T>,
    metadata?: EventMetadata,
  ): Promise<TelemetryEvent<T>> {
    const event = this.#recorder.complete({ type, source, data, ...(metadata ? { metadata } : {}) });
    await this.#recorder.store([event]);
    return getEvent(this.#options.store.tables, event.id, event.source) as TelemetryEvent<T>;
  }

  /**
   * Records a batch. Malformed events are refused one by one, with every field at fault; the others are stored. An
   * event whose source and id are known is acknowledged again and not stored again.
   */
  recordEvents(inputs: readonly unknown[]): Promise<RecordResult> {
    return this.#recorder.storeBatch(inputs);
  }

  /** Like {@link recordEvents}, for events that were checked, completed and encoded in another thread. */
  recordEncoded(intake: EncodedIntake): Promise<Omit<RecordResult, 'ids'>> {
    return this.#recorder.storeEncoded(intake);
  }

  /**
   * Records what really happened to an event. `accuracy` is worked out from the prediction and the outcome where the
   * sender does not state it; throws `invalid-request` where neither is possible, `not-found` for an unknown event.
   */
  async provideFeedback(
    eventId: string,
    actualOutcome: unknown,
    feedback: Omit<FeedbackInput, 'eventId' | 'actualOutcome'> = {},
  ): Promise<LearningFeedback> {
    const { tables } = this.#options.store;
    const about = getEvent(tables, eventId);
    const data = feedbackData(about, actualOutcome, feedback);
    await this.learning.ready();
    const effect = this.learning.effect(about);
    const recorded = await this.recordEvent('learning_feedback', SELF, data);
    if (isType(about, 'ai_prediction') && eventsAbout(tables, 'ai_accuracy', about.id).length === 0) {
      await this.recordEvent(
        'ai_accuracy',
        SELF,
        judgement(about, actualOutcome, data.accuracy, recorded.id),
      );
    }
    const changed = effect();
    if (changed) this.#effects.note(recorded.id, changed);
    return { ...this.learning.feedback(recorded), ...(changed ? { effect: changed } : {}) };
  }

  /**
   * Analyses a timeframe. The same one again is answered from memory until new events arrive; one that took long is
   * given out for ten times as long, unless `fresh` asks for what is true now.
   */
  async analyzeTelemetry({
    fresh = false,
    ...timeframe
  }: Params<'analysis.run'> = {}): Promise<TelemetryAIAnalysis> {
    return this.#analyses.get(timeframe, fresh, () =>
      this.#instrument.measure('analyze', () => this.#analyse(timeframe)),
    );
  }

  async #analyse(timeframe: Timeframe): Promise<TelemetryAIAnalysis> {
    const { store, platform } = this.#options;
    const [usage, anomaly] = await Promise.all([
      this.learning.registry.load('usage-pattern'),
      this.learning.registry.load('anomaly-detection'),
    ]);
    const models = { usage: usage?.artifact, anomaly: anomaly?.artifact };
    const now = platform.now();
    const steps = analyse(store.tables, timeframe, now, this.#newId(), models);
    const analysis = await this.#inSlices(steps);
    const { insights } = analysis;
    const isPart = timeframe.from !== undefined || timeframe.to !== undefined;
    const known = isPart ? insights : this.#insights.note(insights, timeframe.workspace, now);
    return { ...analysis, insights: known.map(noted) };
  }

  /** Trains the models on every migration with an outcome, in order of time. */
  trainModels(ids: readonly ModelId[] = MODEL_IDS): Promise<TrainingResult[]> {
    return this.#instrument.measure('train', () => this.learning.train(ids));
  }

  async listModels(): Promise<LearningModel[]> {
    await this.learning.ready();
    return this.learning.models();
  }

  async modelPerformance(id: ModelId): Promise<Result<'models.performance'>> {
    await this.learning.ready();
    const model = await this.learning.model(id);
    const realised = await this.learning.realised(id);
    return {
      modelId: id,
      version: model.version,
      ...(model.performance ? { performance: model.performance } : {}),
      realised,
      ...(model.message ? { message: model.message } : {}),
    };
  }

  /** In slices: a text may have to be looked for in every event. */
  listEvents(filter: EventFilter, page: PageRequest): Promise<Page<TelemetryEvent>> {
    return this.#inSlices(listingEvents(this.#options.store.tables, filter, page));
  }

  getEvent(id: string, source?: string): TelemetryEvent {
    return getEvent(this.#options.store.tables, id, source);
  }

  async listFeedback(eventId: string | undefined, page: PageRequest): Promise<Page<LearningFeedback>> {
    await this.learning.ready();
    if (eventId !== undefined) {
      return {
        items: eventsAbout(this.#options.store.tables, 'learning_feedback', eventId)
          .filter(({ data }) => !isWithdrawal(data))
          .map((event) => this.#toldFeedback(event))
          .reverse(),
      };
    }
    const { items, nextCursor } = await this.listEvents({ type: ['learning_feedback'] }, page);
    const feedback = items
      .filter((event) => isType(event, 'learning_feedback'))
      .filter(({ data }) => !isWithdrawal(data))
      .map((event) => this.#toldFeedback(event));
    return { items: feedback, ...(nextCursor ? { nextCursor } : {}) };
  }

  /** An answer with what it was about and what it changed. */
  #toldFeedback(event: TelemetryEvent<'learning_feedback'>): LearningFeedback {
    const [about] = this.#options.store.tables.withId(event.data.eventId.toLowerCase());
    const subject = about && subjectOf(about);
    const effect = this.#effects.of(event.id);
    return {
      ...this.learning.feedback(event),
      ...(subject === undefined ? {} : { subject }),
      ...(effect === undefined ? {} : { effect }),
    };
  }

  statistics(params: Params<'stats.get'>): Statistics {
    return statistics(this.#options.store.tables, params, this.#options.platform.now());
  }

  histogram(params: Params<'events.histogram'>): Promise<Result<'events.histogram'>> {
    return histogram(this.#options.store.tables, this.#texts, params, this.#options.platform.now());
  }

  get timelines(): Timelines {
    return this.#options.timelines ?? NO_TIMELINES;
  }

  get platform(): Platform {
    return this.#options.platform;
  }

  get readDatabase(): ReadDatabase {
    return this.#options.readDatabase ?? NO_DATABASES;
  }

  health(): Health {
    const { store, platform, version, processId, probes, resources } = this.#options;
    return unifiedHealth({
      store,
      version,
      processId,
      probes: { 'telemetry-engine': () => this.#probe(), ...probes },
      resources: resources?.() ?? {},
      startedAt: this.#startedAt,
      now: platform.now(),
    });
  }

  /** Events behind a sequence, oldest first. */
  eventsAfter(sequence: number, limit: number): TelemetryEvent[] {
    return this.#options.store.after(sequence, limit);
  }

  get lastSequence(): number {
    return this.#options.store.lastSequence;
  }

  /** Calls `listener` with events as they become durable. The result ends it. */
  onRecorded(listener: (events: TelemetryEvent[]) => void): () => void {
    return this.#options.store.onAppended((glances) => listener(glances.map((glance) => glance.event())));
  }

  /**
   * Calls `listener` whenever recorded events were hidden, shown again or erased: what was worked out from events
   * before is to be worked out anew. The result ends it.
   */
  onErased(listener: () => void): () => void {
    return this.privacy.erasures.onChanged(listener);
  }

  /** Takes an event that is not worth waiting for: engines forward what they did through this. */
  forward(event: EventInput): void {
    if (this.#closing) return;
    this.#recorder.store([event]).catch(() => undefined);
  }

  /** Records why it ends, waits for everything that was accepted, closes the store. */
  close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: string): Promise<void> {
    this.#recorder.flush();
    await this.watch.close();
    await this.learning.close();
    const stopped = { component: 'telemetry-engine', state: 'stopped', message: reason } as const;
    await this.#recorder
      .store([{ type: 'system_health', source: SELF, data: stopped }])
      .catch(() => undefined);
    await this.#options.store.close();
  }

  /** Pseudonym of whoever runs the engine. */
  get me(): string | undefined {
    return this.#options.me;
  }

  /** Filled into events whose sender said nothing. */
  get defaults(): EventMetadata {
    return this.#options.defaults ?? {};
  }

  #probe(): ReturnType<HealthProbe> {
    const { store } = this.#options;
    if (store.fault) return { state: 'failing', message: store.fault };
    if (recoveryMessage(store))
      return { state: 'degraded', message: 'the journal was damaged; see store.recovered' };
    if (this.settings.problem) return { state: 'degraded', message: this.settings.problem };
    return {
      state: 'ok',
      message: store.queued === 0 ? 'nothing queued' : `${plural(store.queued, 'event')} queued`,
    };
  }
}
