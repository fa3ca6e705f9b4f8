/**
 * A streaming anomaly detector for one series: one pass, nothing from the future, memory that does not grow, the same
 * answers for the same values. Six witnesses look at each value:
 *
 *     residual    the value, beside what is usual (at this time of day, where that predicts better)
 *     shortMean   the mean of the last 12 values, and of their distances from the time of day
 *     longMean    the mean of the last 48 values, likewise
 *     spread      the logarithm of the spread of the last 24 values
 *     range       how far the value is beyond everything before it, in parts of the range so far
 *     gap         how much longer than ever the series was silent
 *
 * Each measures a distance from its own past in spreads, compresses it, and divides it by the size of the largest alarms
 * that it raised on this series. The root of the sum of squares is the evidence. An alarm quietens the series: the next
 * must be worse, a demand that halves every twelve hours. So one incident is one alarm, and what recurs daily fades.
 */

import { DailyLevel } from './daily-level.ts';
import { ExpectedRange } from './expected-range.ts';
import { type DeviationKind, type Evidence, FLAT, nameDeviation } from './kind.ts';
import { RECENT, RecentValues } from './recent-values.ts';
import { type DetectorSettings, SETTINGS } from './settings.ts';
import { checkState, type DetectorState, STATE_VERSION } from './state.ts';
import { Witness } from './witness.ts';

const HOUR = 3_600_000;
const SHORT = 12;
/** Part of the overall spread below which a window's spread makes no difference. */
const SPREAD_FLOOR = 0.02;
/** Values beyond this are taken as this: their squares must remain finite. */
const LARGEST = 1e150;
/** How much a person's word moves the alarm level of a series, and how far it may go. */
const LESS_SENSITIVE = 1.25;
const MORE_SENSITIVE = 0.9;
const LEVEL_BOUNDS = { low: 0.5, high: 4 };

export type DeviationSeverity = 'info' | 'warning' | 'error';

/** More than the score, about the newest value. */
export interface Explanation {
  /** 0 to 1; at 0.5 an alarm is given. Repeated evidence of one incident gives 0. */
  score: number;
  alarm: boolean;
  /** What was expected before the value came: nine of ten lie between low and high. */
  expected?: { low: number; median: number; high: number };
  /** Where the value deviates, also while an incident lasts. */
  kind?: DeviationKind;
  severity?: DeviationSeverity;
}

export class StreamDetector {
  readonly #settings: DetectorSettings;
  readonly #level: Witness;
  readonly #daily: Witness;
  readonly #shortMean: Witness;
  readonly #longMean: Witness;
  readonly #dayShortMean: Witness;
  readonly #dayLongMean: Witness;
  readonly #spread: Witness;
  readonly #range: Witness;
  readonly #gap: Witness;
  readonly #times: DailyLevel;
  readonly #recent = new RecentValues();
  /** Distances from what is usual at the time of day. */
  readonly #fromDay = new RecentValues();
  readonly #aroundLevel = new ExpectedRange();
  readonly #aroundDay = new ExpectedRange();
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;
  /** Latest time seen, and the longest wait, in milliseconds. */
  #clock: number | undefined;
  #longestWait = 0;
  #quiet = 0;
  #alarmLevel: number;
  /** How the incident that is going on was called last. */
  #kind: DeviationKind | undefined;

  // About the newest value, for `explain`.
  readonly #evidence: Evidence = { residual: 0, shortMean: 0, longMean: 0, spread: 0, range: 0, gap: 0 };
  #score = 0;
  #total = 0;
  #usual = Number.NaN;
  #dayKnown = false;
  #low90 = Number.NaN;
  #median = Number.NaN;
  #high90 = Number.NaN;

  constructor(settings: DetectorSettings = SETTINGS) {
    this.#settings = settings;
    this.#alarmLevel = settings.alarmLevel;
    const witness = () => new Witness(settings);
    [this.#level, this.#daily, this.#shortMean] = [witness(), witness(), witness()];
    [this.#longMean, this.#spread, this.#range, this.#gap] = [witness(), witness(), witness(), witness()];
    [this.#dayShortMean, this.#dayLongMean] = [witness(), witness()];
    this.#times = new DailyLevel(settings);
  }

  /** Evidence at which the score is 0.5; feedback moves it. */
  get alarmLevel(): number {
    return this.#alarmLevel;
  }

  /**
   * Judges a value by those before it, learns it, and returns its score (0 to 1).
   *
   * @param time milliseconds since 1970, `undefined` where there is none. A time that is not later than the latest one
   * counts as the same moment: values are judged in order of arrival.
   * @param value `NaN` where it is missing: nothing is learnt and the score is 0.
   */
  push(time: number | undefined, value: number): number {
    const known = time !== undefined && Number.isFinite(time) ? time : undefined;
    if (Number.isNaN(value)) return this.#nothing();
    const bounded = Math.min(LARGEST, Math.max(-LARGEST, value));
    const waited = known === undefined || this.#clock === undefined ? 0 : Math.max(0, known - this.#clock);
    const fade = this.#fade(known, waited);
    if (known !== undefined && (this.#clock === undefined || known > this.#clock)) this.#clock = known;

    const evidence = this.#evidence;
    evidence.residual = this.#judgeResidual(known, bounded, fade);
    evidence.gap = this.#gap.weigh(this.#judgeWait(waited), fade);
    evidence.range = this.#range.weigh(this.#judgeRange(bounded), fade);
    const recent = this.#recent;
    recent.push(bounded);
    evidence.shortMean = this.#judgeMean(SHORT, this.#shortMean, this.#dayShortMean, fade);
    evidence.longMean = this.#judgeMean(RECENT, this.#longMean, this.#dayLongMean, fade);
    evidence.spread = recent.count < FLAT ? 0 : this.#spread.hear(this.#logSpread(), fade);

    this.#total = magnitude(evidence);
    this.#quiet *= fade;
    if (this.#total >= this.#alarmLevel)
      this.#kind = nameDeviation(evidence, recent, this.#usual, this.#kind);
    else if (this.#total < this.#alarmLevel / 2) this.#kind = undefined;
    const news = this.#total > this.#quiet;
    if (news) this.#quiet = this.#total * this.#settings.repeatFactor;
    this.#score = news ? this.#total / (this.#total + this.#alarmLevel) : 0;
    return this.#score;
  }

  /** More about the newest value. */
  explain(): Explanation {
    const alarm = this.#score >= 0.5;
    const explanation: Explanation = { score: this.#score, alarm };
    if (!Number.isNaN(this.#median))
      explanation.expected = { low: this.#low90, median: this.#median, high: this.#high90 };
    if (this.#total >= this.#alarmLevel) {
      if (this.#kind) explanation.kind = this.#kind;
      explanation.severity = alarm ? (this.#total >= 1.5 * this.#alarmLevel ? 'error' : 'warning') : 'info';
    }
    return explanation;
  }

  /** A person says whether an alarm of this series was real; its alarm level moves at once. */
  feedback(real: boolean): void {
    this.#alarmLevel = this.levelAfter(real);
  }

  /** Puts the alarm level where it was: what was said is taken back. */
  resetLevel(level: number): void {
    this.#alarmLevel = level;
  }

  /** Where {@link feedback} would move an alarm level to; this one's where none is given. */
  levelAfter(real: boolean, level = this.#alarmLevel): number {
    const { low, high } = LEVEL_BOUNDS;
    const moved = level * (real ? MORE_SENSITIVE : LESS_SENSITIVE);
    const usual = this.#settings.alarmLevel;
    return Math.min(high * usual, Math.max(low * usual, moved));
  }

  /** Whether the time of day has been the better guess. */
  get seasonal(): boolean {
    return this.#dayKnown && this.#daily.variance < this.#level.variance;
  }

  /** Everything that later answers depend on, as JSON. Its size does not grow with the series. */
  save(): DetectorState {
    return {
      version: STATE_VERSION,
      clock: this.#clock ?? null,
      longestWait: this.#longestWait,
      low: finite(this.#low),
      high: finite(this.#high),
      quiet: this.#quiet,
      kind: this.#kind ?? null,
      alarmLevel: this.#alarmLevel,
      recent: this.#recent.save(),
      fromDay: this.#fromDay.save(),
      aroundLevel: this.#aroundLevel.save(),
      aroundDay: this.#aroundDay.save(),
      times: this.#times.save(),
      witnesses: this.#witnesses().map((witness) => witness.save()),
    };
  }

  /**
   * A detector that goes on where another was saved.
   *
   * @throws TelemetryError `invalid-request` where the state is not one of this version.
   */
  static restore(saved: unknown, settings: DetectorSettings = SETTINGS): StreamDetector {
    const state = checkState(saved);
    const detector = new StreamDetector(settings);
    detector.#clock = state.clock ?? undefined;
    detector.#longestWait = state.longestWait;
    detector.#low = state.low ?? Number.POSITIVE_INFINITY;
    detector.#high = state.high ?? Number.NEGATIVE_INFINITY;
    detector.#quiet = state.quiet;
    detector.#alarmLevel = state.alarmLevel;
    detector.#recent.restore(state.recent);
    detector.#fromDay.restore(state.fromDay);
    detector.#aroundLevel.restore(state.aroundLevel);
    detector.#aroundDay.restore(state.aroundDay);
    detector.#kind = state.kind ?? undefined;
    detector.#times.restore(state.times);
    detector.#witnesses().forEach((witness, i) => {
      const own = state.witnesses[i];
      if (own) witness.restore(own);
    });
    return detector;
  }

  #witnesses(): Witness[] {
    return [
      this.#level,
      this.#daily,
      this.#shortMean,
      this.#dayShortMean,
      this.#longMean,
      this.#dayLongMean,
      this.#spread,
      this.#range,
      this.#gap,
    ];
  }

  #nothing(): number {
    this.#score = 0;
    this.#total = 0;
    this.#median = Number.NaN;
    return 0;
  }

  #fade(time: number | undefined, waited: number): number {
    const { calmHours, calmValues } = this.#settings;
    if (time === undefined) return 2 ** (-1 / calmValues);
    return waited === 0 ? 1 : 2 ** (-waited / HOUR / calmHours);
  }

  /** Distance from the level, or from the time of day where that has been the better guess. */
  #judgeResidual(time: number | undefined, value: number, fade: number): number {
    const level = this.#level;
    const usual = level.mean;
    const ofLevel = level.hear(value, fade);
    const atThisTime = time === undefined ? undefined : this.#times.expect(time);
    if (time !== undefined) this.#times.learn(time, value);
    this.#dayKnown = atThisTime !== undefined;
    if (atThisTime !== undefined) this.#fromDay.push(value - atThisTime);
    const ofDay = atThisTime === undefined ? 0 : this.#daily.hear(value - atThisTime, fade);
    const daily = atThisTime !== undefined && this.#daily.variance < level.variance;
    this.#usual = usual;
    this.#expect(level.seen > this.#settings.warmUp, daily ? atThisTime : usual, daily);
    // Of the first value nothing was predicted, so its distance is none.
    if (level.seen > 1) this.#aroundLevel.learn(value - usual, Math.sqrt(level.variance));
    if (atThisTime !== undefined) this.#aroundDay.learn(value - atThisTime, Math.sqrt(this.#daily.variance));
    return daily ? ofDay : ofLevel;
  }

  /** The mean of so many values; that of their distances from the time of day too, where it varies less. */
  #judgeMean(length: number, plain: Witness, ofDay: Witness, fade: number): number {
    const evidence = this.#recent.count < length ? 0 : plain.hear(this.#recent.mean(length), fade);
    if (!this.#dayKnown || this.#fromDay.count < length) return evidence;
    const beside = ofDay.hear(this.#fromDay.mean(length), fade);
    return ofDay.variance < plain.variance ? Math.max(evidence, beside) : evidence;
  }

  #expect(ready: boolean, prediction: number, daily: boolean): void {
    const { around } = daily ? this.#aroundDay : this.#aroundLevel;
    this.#low90 = prediction + (around[0] ?? 0);
    this.#median = ready ? prediction + (around[1] ?? 0) : Number.NaN;
    this.#high90 = prediction + (around[2] ?? 0);
  }

  /** How far beyond everything before; in units of a part of the range so far. */
  #judgeRange(value: number): number {
    const [low, high] = [this.#low, this.#high];
    if (value < low) this.#low = value;
    if (value > high) this.#high = value;
    if (this.#level.seen <= this.#settings.warmUp) return 0;
    const beyond = value > high ? value - high : value < low ? low - value : 0;
    if (beyond === 0) return 0;
    return (high > low ? Math.min(beyond / (high - low), 1e9) : 1) / this.#settings.rangeUnit;
  }

  /** How much longer than ever, in parts of the longest wait before. */
  #judgeWait(waited: number): number {
    const longest = this.#longestWait;
    if (waited <= longest) return 0;
    this.#longestWait = waited;
    return this.#level.seen <= this.#settings.warmUp || longest === 0 ? 0 : waited / longest - 1;
  }

  #logSpread(): number {
    return Math.log(
      this.#recent.spread(FLAT) + SPREAD_FLOOR * Math.sqrt(this.#level.variance) + Number.MIN_VALUE,
    );
  }
}

function magnitude({ residual, shortMean, longMean, spread, range, gap }: Evidence): number {
  return Math.sqrt(
    residual * residual +
      shortMean * shortMean +
      longMean * longMean +
      spread * spread +
      range * range +
      gap * gap,
  );
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
