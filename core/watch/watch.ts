/**
 * The watch: a detector for each series, fed with events as they become durable, and the alerts that follow. It reads
 * the journal at its own pace, so recording never waits for it. Its state is kept between runs together with the place
 * in the journal up to which it holds; where it is missing, the newest events make it anew.
 */
import type { Anomaly } from '../contract/analysis.ts';
import { TelemetryError } from '../contract/errors.ts';
import { type EventInput, type EventType, isType, type TelemetryEvent } from '../contract/event.ts';
import type { Params, Result } from '../contract/methods.ts';
import type { AnomalyVerdict } from '../contract/series.ts';
import { type Kept, keptInMemory } from '../kept.ts';
import { significant } from '../numbers.ts';
import type { Platform } from '../platform.ts';
import type { SettingsKeeper } from '../settings/settings.ts';
import { eventsOfType } from '../store/event-queries.ts';
import type { EventStore } from '../store/event-store.ts';
import type { Glance } from '../store/glance.ts';
import { AlertActions, type AlertActor } from './actions.ts';
import { ALERTS_COMPONENT, AlertBook } from './alert-book.ts';
import { AlertRules } from './alert-rules.ts';
import { seriesDetail, seriesList } from './queries.ts';
import { samplesOf, WATCH_SOURCE } from './samples.ts';
import { SeriesTable } from './series-table.ts';
import { checkWatchState, WATCH_STATE_VERSION } from './state.ts';

/** What the watch needs from outside. */
export interface WatchPorts {
  /** Where the state is kept between runs. */
  kept: Kept;
  /** Lets other work come first, for so many milliseconds at least; called between slices. */
  pause: (ms?: number) => Promise<void>;
  /** Carries out what alerts set off. */
  actor: AlertActor;
}

export interface WatchOptions extends WatchPorts {
  store: Pick<EventStore, 'glancesAfter' | 'lastSequence' | 'onDurable' | 'tables'>;
  platform: Platform;
  settings: SettingsKeeper;
  /** Resolves once the event is durable. */
  record: (event: EventInput) => Promise<void>;
}

/** Ports of a watch that keeps nothing and reaches nothing. */
export function inMemory(): WatchPorts {
  return {
    kept: keptInMemory(),
    pause: () => Promise.resolve(),
    actor: {
      webhook: () => Promise.reject(new Error('this engine sends nothing')),
      command: () => Promise.reject(new Error('this engine runs nothing')),
    },
  };
}

/** Read in full, for what they say of alerts and thresholds; of others the columns are enough. */
const TELLING: ReadonlySet<EventType> = new Set([
  'migration_execution',
  'ai_accuracy',
  'system_health',
  'security_event',
  'compliance_check',
  'learning_feedback',
]);
const SLICE = 500;
/** While events arrive the watch rests so many times as long as a slice took: recording comes first. */
const RESTS = 6;
/** Slices that an answer waits for. */
const PATIENCE = 40;
/** Without a state, so many of the newest events make one. */
const REBUILT_FROM = 100_000;
/** Events after which the state is kept again; those behind it are read again after a crash. */
const KEEP_EVERY = 20_000;
/** An alert is about now: events that are older raise none. */
const ALERT_AGE_MS = 24 * 3_600_000;

export class Watch {
  readonly alerts: AlertBook;
  readonly #options: WatchOptions;
  readonly #actions: AlertActions;
  readonly #unsubscribe: () => void;
  #table = new SeriesTable();
  #rules = new AlertRules();
  #sequence: number;
  #keptAt: number;
  #draining: Promise<void> | undefined;
  #closed = false;

  constructor(options: WatchOptions) {
    const { store, platform, settings, record, actor } = options;
    this.#options = options;
    this.#actions = new AlertActions({
      actions: () => settings.current().alertActions,
      actor,
      record,
      platform,
    });
    this.alerts = new AlertBook({
      platform,
      record,
      muted: () => settings.current().mutedAlerts,
      opened: (alert) => {
        const marks = this.#actions.setOff(alert);
        if (marks) this.alerts.mark(alert.id, marks);
      },
    });
    this.#sequence = Math.max(0, store.lastSequence - REBUILT_FROM);
    this.#restore();
    this.#keptAt = this.#sequence;
    for (const event of eventsOfType(store.tables, 'system_health', {
      source: WATCH_SOURCE,
      operation: ALERTS_COMPONENT,
    }))
      this.alerts.fold(event);
    this.#unsubscribe = store.onDurable(() => this.#wake());
    this.#wake();
  }

  /** Resolves once everything that is durable now has been seen. */
  async caughtUp(): Promise<void> {
    while (this.#draining) await this.#draining;
  }

  /** Like {@link caughtUp}, but does not wait for the end of a long backlog. */
  async nearlyCaughtUp(): Promise<void> {
    for (let slice = 0; slice < PATIENCE && this.#draining; slice++)
      await Promise.race([this.#draining, this.#options.pause()]);
  }

  seriesList(params: Params<'series.list'>): Result<'series.list'> {
    return seriesList(this.#table, params);
  }

  seriesDetail(params: Params<'series.get'>): Result<'series.get'> {
    return seriesDetail(this.#table, params, (sequence) => this.#idOf(sequence));
  }

  /** Anomalies that the series remember, newest last. */
  anomalies(): Anomaly[] {
    return this.#table.all().flatMap((series) => series.anomalies);
  }

  /**
   * Records whether an anomaly was real, as `learning_feedback` with `anomaly`, `series`, `real` and the thresholds; the
   * threshold moves when the watch reads that event, now and whenever the journal is read again.
   */
  async judge({ anomalyId, real, comment }: Params<'anomalies.judge'>): Promise<AnomalyVerdict> {
    await this.caughtUp();
    const { platform, record } = this.#options;
    const series = this.#table.all().find(({ anomalies }) => anomalies.some(({ id }) => id === anomalyId));
    const anomaly = series?.anomalies.find(({ id }) => id === anomalyId);
    if (!series || !anomaly?.eventId)
      throw new TelemetryError(
        'not-found',
        `There is no anomaly ${anomalyId}; it may be too old to be remembered.`,
      );
    const verdict: AnomalyVerdict = {
      anomalyId,
      series: series.id,
      real,
      at: new Date(platform.now()).toISOString(),
      ...series.effectOf(real, platform.now()),
    };
    await record({
      type: 'learning_feedback',
      source: WATCH_SOURCE,
      timestamp: verdict.at,
      data: {
        eventId: anomaly.eventId,
        actualOutcome: real ? 'a real anomaly' : 'not an anomaly',
        predictedOutcome: 'an anomaly',
        accuracy: real ? 1 : 0,
        ...(comment ? { feedback: comment } : {}),
        verdict,
      },
    });
    await this.caughtUp();
    return series.verdicts.at(-1) ?? verdict;
  }

  /**
   * Takes back the newest verdict on an anomaly. Its feedback is withdrawn, so the models forget it too.
   *
   * @param withdraw records that a feedback is taken back; resolves once that is durable
   * Throws `not-found` where nothing was said of such an anomaly, or it was taken back already.
   */
  async unjudge(
    anomalyId: string,
    withdraw: (feedbackId: string) => Promise<void>,
  ): Promise<Result<'anomalies.unjudge'>> {
    await this.caughtUp();
    for (const series of this.#table.all()) {
      const verdict = series.verdicts.findLast((said) => said.anomalyId === anomalyId);
      if (!verdict?.feedbackId) continue;
      const { feedbackId } = verdict;
      const thresholdBefore = significant(series.threshold);
      await withdraw(feedbackId);
      await this.caughtUp();
      const thresholdAfter = significant(series.threshold);
      return { anomalyId, series: series.id, feedbackId, thresholdBefore, thresholdAfter };
    }
    throw new TelemetryError('not-found', `Nothing that counts was said of an anomaly ${anomalyId}.`);
  }

  /** Stops reading and keeps the state; the next start goes on from there. Call it before the store closes. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsubscribe();
    await this.caughtUp();
    await this.alerts.flush();
    this.#keep();
  }

  #wake(): void {
    if (this.#closed || this.#draining) return;
    this.#draining = this.#drain().finally(() => {
      this.#draining = undefined;
    });
  }

  async #drain(): Promise<void> {
    const { store, pause, platform } = this.#options;
    await pause();
    for (let newest = store.lastSequence; !this.#closed; ) {
      const started = platform.monotonic();
      const arrived = store.lastSequence > newest;
      newest = store.lastSequence;
      const glances = store.glancesAfter(this.#sequence, SLICE);
      if (glances.length === 0) return;
      for (const glance of glances) this.#take(glance);
      if (this.#sequence - this.#keptAt >= KEEP_EVERY) this.#keep();
      const took = platform.monotonic() - started;
      await pause(arrived ? took * RESTS : 0);
    }
  }

  #take(glance: Glance): void {
    this.#sequence = glance.sequence;
    const { at } = glance;
    if (TELLING.has(glance.type)) {
      const event = glance.event();
      this.alerts.fold(event);
      if (isType(event, 'learning_feedback')) this.#verdict(event);
    }
    const origin = { sequence: glance.sequence, id: () => glance.event().id };
    const anomalies = samplesOf(glance).flatMap(
      ({ value, ...subject }) => this.#table.seen(subject)?.take(value, at, origin) ?? [],
    );
    if (anomalies.length === 0 && !TELLING.has(glance.type)) return;
    const { raise, settle } = this.#rules.hear(glance.event(), anomalies);
    if (at < this.#options.platform.now() - ALERT_AGE_MS) return;
    for (const one of settle) this.alerts.settle(one);
    for (const one of raise) this.alerts.raise(one);
  }

  /** Undefined where the event was erased. */
  #idOf(sequence: number): string | undefined {
    const [event] = this.#options.store.tables.after(sequence - 1, 1);
    return event?.sequence === sequence ? event.id : undefined;
  }

  #verdict(event: TelemetryEvent<'learning_feedback'>): void {
    const { verdict, withdraws } = event.data as { verdict?: AnomalyVerdict; withdraws?: unknown };
    if (typeof withdraws === 'string') for (const series of this.#table.all()) series.takeBack(withdraws);
    if (event.source !== WATCH_SOURCE || !verdict) return;
    const { user } = event.metadata;
    const said = { ...verdict, feedbackId: event.id, ...(user ? { user } : {}) };
    this.#table.known(verdict.series)?.judged(said);
  }

  #restore(): void {
    try {
      const state = checkWatchState(this.#options.kept.read());
      if (!state || state.sequence > this.#options.store.lastSequence) return;
      const table = SeriesTable.restore(state.series, state.letGo);
      this.#rules = new AlertRules(state.rules);
      this.#table = table;
      this.#sequence = state.sequence;
    } catch {
      // A state that cannot be read costs time only: the journal makes it anew.
    }
  }

  #keep(): void {
    this.#keptAt = this.#sequence;
    try {
      this.#options.kept.write({
        version: WATCH_STATE_VERSION,
        sequence: this.#sequence,
        series: this.#table.save(),
        letGo: this.#table.letGo,
        rules: this.#rules.save(),
      });
    } catch {
      // The next start reads these events again.
    }
  }
}
