/** Figures of merit. Formulas are the textbook ones; the source is named where there is a choice. */

/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting half (Hanley & McNeil
 * 1982). NaN without both classes.
 */
export function auc(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores
    .map((score, i) => ({ score, positive: positive[i] ?? false }))
    .sort((a, b) => a.score - b.score);
  const positives = order.filter((item) => item.positive).length;
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return Number.NaN;
  let rankSum = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && order[j]?.score === order[i]?.score) j++;
    const rank = (i + 1 + j) / 2;
    for (let k = i; k < j; k++) if (order[k]?.positive) rankSum += rank;
    i = j;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Mean squared error of probabilities (Brier 1950); lower is better. */
export function brier(probabilities: readonly number[], positive: readonly boolean[]): number {
  const sum = probabilities.reduce((total, p, i) => total + (p - Number(positive[i] ?? false)) ** 2, 0);
  return sum / probabilities.length;
}

export interface Confusion {
  truePositive: number;
  falsePositive: number;
  trueNegative: number;
  falseNegative: number;
}

export function confusion(predicted: readonly boolean[], actual: readonly boolean[]): Confusion {
  const count = (p: boolean, a: boolean) =>
    predicted.filter((value, i) => value === p && actual[i] === a).length;
  return {
    truePositive: count(true, true),
    falsePositive: count(true, false),
    trueNegative: count(false, false),
    falseNegative: count(false, true),
  };
}

/** Precision, recall and F1; 0 where a denominator is 0. */
export function scores({ truePositive, falsePositive, falseNegative }: Confusion) {
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  const precision = share(truePositive, truePositive + falsePositive);
  const recall = share(truePositive, truePositive + falseNegative);
  return { precision, recall, f1: share(2 * precision * recall, precision + recall) };
}

/** Mean of {@link silhouetteWidths}. NaN with fewer than two groups. */
export function silhouette(points: readonly number[][], groups: readonly number[]): number {
  const widths = silhouetteWidths(points, groups);
  return new Set(groups).size < 2
    ? Number.NaN
    : widths.reduce((sum, width) => sum + width, 0) / widths.length;
}

/**
 * Silhouettes (Rousseeuw 1987): -1 to 1, how much nearer each point is to its own group than to the next one. Points
 * alone in their group count 0; so do all where there is only one group, which says nothing.
 */
export function silhouetteWidths(points: readonly number[][], groups: readonly number[]): number[] {
  const names = [...new Set(groups)];
  if (names.length < 2) return points.map(() => 0);
  const places = groups.map((group) => names.indexOf(group));
  const sizes = names.map((_, k) => places.filter((place) => place === k).length);
  return points.map((point, i) => {
    const sums = new Array<number>(names.length).fill(0);
    points.forEach((other, j) => {
      if (j !== i) sums[places[j] as number] = (sums[places[j] as number] ?? 0) + distance(point, other);
    });
    const home = places[i] as number;
    if ((sizes[home] ?? 0) < 2) return 0;
    const own = (sums[home] ?? 0) / ((sizes[home] ?? 0) - 1);
    const next = Math.min(...sums.flatMap((sum, k) => (k === home ? [] : [sum / (sizes[k] ?? 1)])));
    return (next - own) / Math.max(own, next) || 0;
  });
}

export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0));
}
