/**
 * One series that is watched: its detector, the newest points, its anomalies and what people said of them. One pass,
 * nothing from the future, memory that does not grow.
 */
import type { Anomaly } from '../contract/analysis.ts';
import type { AnomalyVerdict, SeriesInfo, SeriesPoint } from '../contract/series.ts';
import { type Explanation, StreamDetector } from '../detect/detector.ts';
import { SETTINGS } from '../detect/settings.ts';
import type { DetectorState } from '../detect/state.ts';
import { significant } from '../numbers.ts';
import { anomalyTitle } from './anomaly-title.ts';
import { type SeriesSubject, seriesId, seriesTitle, seriesUnit, shortHash } from './samples.ts';
import { NO_VALUES, OUTCOMES, shownOf, type Value, type ValueState, valuesOf } from './values.ts';

/** Points that are kept to be drawn. */
const MOST_POINTS = 256;
const MOST_ANOMALIES = 100;
/** Points near the threshold that are remembered, so that a verdict can say what it changes. */
const MOST_NEAR = 200;
const NEAR = 0.3;
const MOST_VERDICTS = 20;
/** Failures among the last outcomes below which a rate is no news. */
const FEWEST_FAILURES = 3;
/** A duration this many times the median, and this many milliseconds longer, is worth more than a note. */
const SLOW_FACTOR = 2;
const SLOW_MS = 20;
/** An hour that is not over is news when it has so many events, and so many times the fullest hour before. */
const BURST_EVENTS = 20;
const BURST_FACTOR = 2;
const HOURS_BEFORE_BURST = 24;
const DAY = 86_400_000;

/** The event that a sample comes from: its id means reading it, which only an anomaly is worth. */
export interface Origin {
  sequence: number;
  id: () => string;
}

/** A point as it is kept: of its event only the sequence. */
export type KeptPoint = Omit<SeriesPoint, 'eventId'> & { sequence: number };

/** A score on the scale of a series whose threshold nobody has moved. */
interface Near {
  at: number;
  score: number;
}

export interface SeriesState {
  subject: SeriesSubject;
  detector: DetectorState;
  values: ValueState;
  points: KeptPoint[];
  anomalies: Anomaly[];
  near: Near[];
  verdicts: AnomalyVerdict[];
  /** Alarm level before the first of the verdicts. */
  base: number;
  seen: number;
  fullestHour: number;
  burstHour: number | null;
}

export class WatchedSeries {
  readonly id: string;
  readonly subject: SeriesSubject;
  #detector = new StreamDetector();
  #values: ValueState = structured(NO_VALUES);
  #points: KeptPoint[] = [];
  #anomalies: Anomaly[] = [];
  #near: Near[] = [];
  #verdicts: AnomalyVerdict[] = [];
  #base = this.#detector.alarmLevel;
  #seen = 0;
  #fullestHour = 0;
  #burstHour: number | null = null;

  constructor(subject: SeriesSubject) {
    this.subject = subject;
    this.id = seriesId(subject);
  }

  /** Takes a sample; gives the anomalies that it makes known. */
  take(sample: number, at: number, origin: Origin): Anomaly[] {
    const values = valuesOf(this.subject, this.#values, sample, at);
    const found = values.map((value) => this.#judge(value, origin));
    if (this.subject.kind === 'event-rate') found.push(this.#burst(at, origin));
    return found.filter((anomaly) => anomaly !== undefined);
  }

  /** Score from which a point counts, on the scale of a series whose threshold nobody has moved. */
  get threshold(): number {
    return scoreOf(this.#detector.alarmLevel);
  }

  get info(): SeriesInfo {
    const last = this.#points.at(-1);
    const { kind, workspace } = this.subject;
    return {
      id: this.id,
      title: seriesTitle(this.subject),
      kind,
      unit: seriesUnit(this.subject),
      ...(workspace ? { workspace } : {}),
      points: this.#seen,
      anomalies: this.#anomalies.length,
      threshold: significant(this.threshold),
      ...(last ? { lastAt: last.at, lastValue: last.value } : {}),
      seasonal: this.#detector.seasonal,
    };
  }

  /** Oldest first. */
  get points(): readonly KeptPoint[] {
    return this.#points;
  }

  get anomalies(): readonly Anomaly[] {
    return this.#anomalies;
  }

  get verdicts(): readonly AnomalyVerdict[] {
    return this.#verdicts;
  }

  /** What a verdict would do to the threshold, without doing it. */
  effectOf(
    real: boolean,
    now: number,
  ): Omit<AnomalyVerdict, 'anomalyId' | 'series' | 'real' | 'at' | 'user'> {
    const before = this.threshold;
    const after = scoreOf(this.#detector.levelAfter(real));
    const reported = (threshold: number) =>
      this.#near.filter(({ at, score }) => at >= now - 90 * DAY && score >= threshold).length;
    return {
      thresholdBefore: significant(before),
      thresholdAfter: significant(after),
      fewerAlerts: reported(before) - reported(after),
    };
  }

  /** Applies what somebody said: the threshold moves at once. */
  judged(verdict: AnomalyVerdict): void {
    this.#detector.feedback(verdict.real);
    this.#verdicts.push(verdict);
    if (this.#verdicts.length <= MOST_VERDICTS) return;
    const [oldest, ...rest] = this.#verdicts;
    if (oldest) this.#base = this.#detector.levelAfter(oldest.real, this.#base);
    this.#verdicts = rest;
  }

  /** Takes back what was said in a feedback: the threshold is as if it had not been said. */
  takeBack(feedbackId: string): void {
    const left = this.#verdicts.filter((verdict) => verdict.feedbackId !== feedbackId);
    if (left.length === this.#verdicts.length) return;
    this.#verdicts = left;
    const level = left.reduce((before, { real }) => this.#detector.levelAfter(real, before), this.#base);
    this.#detector.resetLevel(level);
  }

  save(): SeriesState {
    return {
      subject: this.subject,
      detector: this.#detector.save(),
      values: this.#values,
      points: this.#points,
      anomalies: this.#anomalies,
      near: this.#near,
      verdicts: this.#verdicts,
      base: this.#base,
      seen: this.#seen,
      fullestHour: this.#fullestHour,
      burstHour: this.#burstHour,
    };
  }

  /** Throws `invalid-request` where the detector's state is of another version. */
  static restore(state: SeriesState): WatchedSeries {
    const series = new WatchedSeries(state.subject);
    series.#detector = StreamDetector.restore(state.detector);
    series.#values = structured(state.values);
    series.#points = [...state.points];
    series.#anomalies = [...state.anomalies];
    series.#near = [...state.near];
    series.#verdicts = [...state.verdicts];
    series.#base = state.base;
    series.#seen = state.seen;
    series.#fullestHour = state.fullestHour;
    series.#burstHour = state.burstHour;
    return series;
  }

  #judge(value: Value, origin: Origin): Anomaly | undefined {
    this.#seen++;
    if (this.subject.kind === 'event-rate') this.#fullestHour = Math.max(this.#fullestHour, value.shown);
    const level = this.#detector.alarmLevel;
    const raw = this.#detector.push(value.at, value.judged);
    const explanation = this.#detector.explain();
    const score = raw >= 1 ? 1 : scoreOf((raw * level) / (1 - raw));
    if (score >= NEAR) this.#near = [...this.#near, { at: value.at, score }].slice(-MOST_NEAR);
    const point = this.#point(value, score, explanation, origin.sequence);
    const anomaly = explanation.alarm ? this.#anomaly(point, explanation, origin) : undefined;
    if (anomaly) point.anomalyId = anomaly.id;
    this.#keep(point);
    return anomaly;
  }

  #keep(point: KeptPoint): void {
    this.#points.push(point);
    if (this.#points.length >= 2 * MOST_POINTS) this.#points = this.#points.slice(-MOST_POINTS);
  }

  #point(value: Value, score: number, { expected, kind }: Explanation, sequence: number): KeptPoint {
    const shown = (judged: number) => significant(shownOf(this.subject, judged), 4);
    const below = expected !== undefined && value.judged < expected.median;
    const named =
      kind === 'spike'
        ? below
          ? 'dip'
          : 'spike'
        : kind === 'slow-drift'
          ? 'drift'
          : kind === 'flat-line'
            ? 'flat'
            : kind === 'level-shift' || kind === 'silence'
              ? kind
              : undefined;
    return {
      at: new Date(value.at).toISOString(),
      value: significant(value.shown, 6),
      ...(expected
        ? { low: shown(expected.low), median: shown(expected.median), high: shown(expected.high) }
        : {}),
      score: significant(score),
      ...(named ? { kind: named } : {}),
      sequence,
    };
  }

  #anomaly(point: KeptPoint, explanation: Explanation, origin: Origin): Anomaly | undefined {
    const { low = point.value, median = point.value, high = point.value, value } = point;
    const { kind } = this.subject;
    const failures = this.#values.outcomes.reduce((sum, one) => sum + one, 0);
    if (kind === 'failure-rate' && (value <= median || failures < FEWEST_FAILURES)) return undefined;
    const better = kind === 'duration' && value <= median;
    const slight = kind === 'duration' && (value < SLOW_FACTOR * median || value - median < SLOW_MS);
    return this.#remember({
      at: point.at,
      value,
      expected: { low, median, high },
      score: point.score,
      severity: better || slight ? 'info' : (explanation.severity ?? 'warning'),
      title: anomalyTitle(this.subject, point, explanation.kind, {
        failures,
        outcomes: OUTCOMES,
      }),
      eventId: origin.id(),
    });
  }

  /** An hour that is fuller than any before it, said while it lasts: an anomaly need not wait for the hour to end. */
  #burst(at: number, origin: Origin): Anomaly | undefined {
    const { hour, count } = this.#values;
    const fullest = this.#fullestHour;
    if (hour === null || hour === this.#burstHour || this.#seen < HOURS_BEFORE_BURST) return undefined;
    if (count < BURST_EVENTS || count < BURST_FACTOR * fullest) return undefined;
    this.#burstHour = hour;
    return this.#remember({
      at: new Date(at).toISOString(),
      value: count,
      expected: { low: 0, median: significant(fullest / 2), high: fullest },
      score: significant(count / (count + Math.max(1, fullest))),
      severity: 'warning',
      title: `${count} events ${this.subject.name} within this hour, and it is not over; the fullest hour before had ${fullest}`,
      eventId: origin.id(),
    });
  }

  #remember(found: Omit<Anomaly, 'id' | 'series' | 'unit' | 'evidence'>): Anomaly {
    const { kind } = this.subject;
    const anomaly: Anomaly = {
      ...found,
      id: `${kind}:${shortHash(this.id)}:${found.eventId}:${Date.parse(found.at).toString(36)}`,
      series: this.id,
      unit: seriesUnit(this.subject),
      evidence: { events: found.eventId ? [found.eventId] : [], count: 1 },
    };
    this.#anomalies = [...this.#anomalies, anomaly].slice(-MOST_ANOMALIES);
    return anomaly;
  }
}

/** The score that evidence has in a series whose threshold nobody has moved. */
function scoreOf(evidence: number): number {
  return Number.isFinite(evidence) ? evidence / (evidence + SETTINGS.alarmLevel) : 1;
}

function structured(values: ValueState): ValueState {
  return { ...values, outcomes: [...values.outcomes] };
}
