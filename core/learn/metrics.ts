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

/**
 * Mean silhouette (Rousseeuw 1987): -1 to 1, how much nearer a point is to its own group than to the next one. Points
 * alone in their group count 0. NaN with fewer than two groups.
 */
export function silhouette(points: readonly number[][], groups: readonly number[]): number {
  const names = [...new Set(groups)];
  if (names.length < 2) return Number.NaN;
  const widths = points.map((point, i) => {
    const distances = names.map((name) => {
      const members = points.filter((_, j) => j !== i && groups[j] === name);
      return {
        name,
        mean: members.reduce((sum, member) => sum + distance(point, member), 0) / members.length,
      };
    });
    const own = distances.find(({ name }) => name === groups[i])?.mean ?? Number.NaN;
    if (Number.isNaN(own)) return 0;
    const next = Math.min(...distances.filter(({ name }) => name !== groups[i]).map(({ mean }) => mean));
    return (next - own) / Math.max(own, next) || 0;
  });
  return widths.reduce((sum, width) => sum + width, 0) / widths.length;
}

export function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0));
}
