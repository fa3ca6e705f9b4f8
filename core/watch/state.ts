/** The kept form of the watch. */
import type { RuleState } from './alert-rules.ts';
import type { SeriesState } from './watched-series.ts';

/** Raised whenever a kept state would no longer give the same answers. */
export const WATCH_STATE_VERSION = 3;

export interface WatchState {
  version: number;
  /** Of the last event that it holds. */
  sequence: number;
  series: SeriesState[];
  /** Series that were let go to make room. */
  letGo: number;
  rules: RuleState;
}

/** The state where it is one of this version; the detectors check their own part. */
export function checkWatchState(kept: unknown): WatchState | undefined {
  const state = kept as Partial<WatchState> | undefined | null;
  if (!state || state.version !== WATCH_STATE_VERSION) return undefined;
  const whole =
    Array.isArray(state.series) && typeof state.sequence === 'number' && state.rules !== undefined;
  return whole ? (state as WatchState) : undefined;
}
