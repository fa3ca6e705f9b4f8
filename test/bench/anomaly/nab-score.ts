/**
 * The score of the Numenta Anomaly Benchmark, standard profile, after its `sweeper.py`: an alarm inside a window earns up
 * to 1, the earlier the more; a window without alarm costs 1; an alarm outside costs up to 0.11. No alarm at all is 0,
 * every window found at its start 100. The first 15 % of a series (at most 750 values) do not count.
 */
import type { LabelledSeries } from './series.ts';

const FALSE_ALARM = 0.11;
const PROBATION = 0.15;
const PROBATION_LENGTH = 5000;

/** A value that counts: its score, what an alarm on it is worth, and the window it lies in. */
export interface Point {
  score: number;
  worth: number;
  window: string | undefined;
}

export function pointsOf(series: LabelledSeries, scores: ArrayLike<number>): Point[] {
  const { name, windows, values } = series;
  const probation = Math.min(Math.floor(PROBATION * values.length), PROBATION * PROBATION_LENGTH);
  const points: Point[] = [];
  let next = 0;
  let before: [number, number] | undefined;
  for (let i = 0; i < values.length; i++) {
    let current = windows[next];
    if (current && i > current[1]) {
      before = current;
      current = windows[++next];
    }
    const inside = current !== undefined && i >= current[0];
    if (i < probation) continue;
    const score = scores[i] ?? 0;
    if (inside) {
      const [from, to] = current ?? [0, 0];
      points.push({
        score,
        worth: sigmoid(-(to - i + 1) / (to - from + 1)) / sigmoid(-1),
        window: `${name}|${from}`,
      });
    } else {
      const past = before ? (i - before[1]) / (before[1] - before[0]) : Number.POSITIVE_INFINITY;
      points.push({ score, worth: FALSE_ALARM * sigmoid(past), window: undefined });
    }
  }
  return points;
}

/** Worth of all alarms at a threshold, and the number of windows. */
export function worthAt(points: readonly Point[], threshold: number): { worth: number; windows: number } {
  const best = new Map<string, number>();
  let worth = 0;
  for (const point of points) {
    if (point.window !== undefined && !best.has(point.window)) best.set(point.window, -1);
    if (point.score < threshold) continue;
    if (point.window === undefined) worth += point.worth;
    else best.set(point.window, Math.max(best.get(point.window) ?? -1, point.worth));
  }
  for (const value of best.values()) worth += value;
  return { worth, windows: best.size };
}

/** The threshold with the highest worth; above every score where no alarm is best. */
export function bestThreshold(points: readonly Point[]): number {
  const sorted = [...points].sort((a, b) => b.score - a.score);
  const best = new Map<string, number>();
  for (const { window } of points) if (window !== undefined) best.set(window, -1);
  let worth = -best.size;
  let [highest, chosen] = [worth, Number.POSITIVE_INFINITY];
  sorted.forEach(({ score, worth: own, window }, i) => {
    if (window === undefined) {
      worth += own;
    } else {
      const known = best.get(window) ?? -1;
      if (own > known) {
        worth += own - known;
        best.set(window, own);
      }
    }
    if (sorted[i + 1]?.score !== score && worth > highest) [highest, chosen] = [worth, score];
  });
  return chosen;
}

/** From 0 (no alarm) to 100 (perfect); below 0 where silence is better. */
export function normalised({ worth, windows }: { worth: number; windows: number }): number {
  return windows === 0 ? Number.NaN : (100 * (worth + windows)) / (2 * windows);
}

function sigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}
