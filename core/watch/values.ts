/**
 * How the samples of a series become the values that its detector judges: logarithms of durations and of counts, the
 * share of failures among the last twenty, events per whole hour, changes per second of what only counts up.
 */
import { COUNTERS, type SeriesSubject } from './samples.ts';

const HOUR = 3_600_000;
/** Outcomes that a failure rate looks back on. */
export const OUTCOMES = 20;
/** Hours without any event that are counted as such, at most, after a silence. */
const MOST_EMPTY_HOURS = 24;
/** Least duration that counts, in milliseconds: the logarithm needs one. */
const SHORTEST_MS = 0.001;

export interface Value {
  at: number;
  /** As people read it. */
  shown: number;
  /** As the detector takes it. */
  judged: number;
}

/** What values look back on; small and bounded. */
export interface ValueState {
  /** The last outcomes, newest last: 1 for a failure. */
  outcomes: number[];
  /** The hour that is being counted. */
  hour: number | null;
  count: number;
  /** The last reading of a counter. */
  last: number | null;
  lastAt: number;
}

export const NO_VALUES: ValueState = { outcomes: [], hour: null, count: 0, last: null, lastAt: 0 };

/** Takes a sample; gives the values that are complete because of it, in order. Changes `state`. */
export function valuesOf(subject: SeriesSubject, state: ValueState, sample: number, at: number): Value[] {
  if (subject.kind === 'duration')
    return [{ at, shown: sample, judged: Math.log(Math.max(SHORTEST_MS, sample)) }];
  if (subject.kind === 'failure-rate') return failureRate(state, sample, at);
  if (subject.kind === 'event-rate') return hourly(state, at);
  return COUNTERS.has(subject.name) ? perSecond(state, sample, at) : [{ at, shown: sample, judged: sample }];
}

/** What a judged value is to people. */
export function shownOf({ kind }: SeriesSubject, judged: number): number {
  if (kind === 'duration') return Math.exp(judged);
  return kind === 'event-rate' ? Math.max(0, Math.expm1(judged)) : judged;
}

function failureRate(state: ValueState, failed: number, at: number): Value[] {
  state.outcomes.push(failed);
  if (state.outcomes.length > OUTCOMES) state.outcomes.shift();
  if (state.outcomes.length < OUTCOMES) return [];
  const share = state.outcomes.reduce((sum, one) => sum + one, 0) / OUTCOMES;
  return [{ at, shown: share, judged: share }];
}

/** An hour is judged once an event of a later one is there. An event that comes late counts in the open hour. */
function hourly(state: ValueState, at: number): Value[] {
  const hour = Math.floor(at / HOUR);
  if (state.hour === null || hour <= state.hour) {
    state.hour ??= hour;
    state.count++;
    return [];
  }
  const whole = (ended: number, count: number): Value => ({
    at: ended * HOUR,
    shown: count,
    judged: Math.log1p(count),
  });
  const values = [whole(state.hour, state.count)];
  const empty = Math.min(MOST_EMPTY_HOURS, hour - state.hour - 1);
  for (let i = 1; i <= empty; i++) values.push(whole(state.hour + i, 0));
  state.hour = hour;
  state.count = 1;
  return values;
}

function perSecond(state: ValueState, total: number, at: number): Value[] {
  const { last, lastAt } = state;
  state.last = total;
  state.lastAt = at;
  if (last === null || at <= lastAt || total < last) return [];
  const rate = (total - last) / ((at - lastAt) / 1_000);
  return [{ at, shown: rate, judged: rate }];
}
