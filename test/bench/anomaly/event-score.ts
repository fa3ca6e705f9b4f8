/**
 * Precision, recall and F1 of events: alarms in a row are one alarm; it is right if it overlaps a labelled anomaly, and an
 * anomaly is found if an alarm overlaps it. Counted over all series together.
 */
import type { LabelledSeries } from './series.ts';

export interface EventScore {
  f1: number;
  precision: number;
  recall: number;
}

export function eventScore(
  series: readonly LabelledSeries[],
  scores: readonly ArrayLike<number>[],
  threshold: number,
): EventScore {
  let [right, wrong, found, all] = [0, 0, 0, 0];
  series.forEach(({ values, windows }, k) => {
    const own = scores[k] ?? [];
    const hit = new Set<number>();
    all += windows.length;
    let next = 0;
    let alarm: 'none' | 'wrong' | 'right' = 'none';
    for (let i = 0; i <= values.length; i++) {
      if (i < values.length && (own[i] ?? 0) >= threshold) {
        while ((windows[next]?.[1] ?? Number.POSITIVE_INFINITY) < i) next++;
        const inside = i >= (windows[next]?.[0] ?? Number.POSITIVE_INFINITY);
        if (inside) hit.add(next);
        if (inside) alarm = 'right';
        else if (alarm === 'none') alarm = 'wrong';
      } else if (alarm !== 'none') {
        if (alarm === 'right') right++;
        else wrong++;
        alarm = 'none';
      }
    }
    found += hit.size;
  });
  const precision = right / Math.max(1, right + wrong);
  const recall = found / Math.max(1, all);
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}

/** The best F1 that any threshold gives: what a detector could reach if the answers were known. */
export function bestEventScore(
  series: readonly LabelledSeries[],
  scores: readonly ArrayLike<number>[],
): EventScore {
  const sorted = Float64Array.from(scores.flatMap((own) => Array.from(own).filter((score) => score > 0)))
    .sort()
    .reverse();
  let best: EventScore = { f1: 0, precision: 0, recall: 0 };
  let last = Number.NaN;
  for (let k = 1; k <= sorted.length && k < 100_000; k = Math.ceil(k * 1.03)) {
    const threshold = sorted[k - 1] ?? 0;
    if (threshold === last) continue;
    last = threshold;
    const score = eventScore(series, scores, threshold);
    if (score.f1 > best.f1) best = score;
  }
  return best;
}
