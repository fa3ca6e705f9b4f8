/** Curves and bins of probabilities against what happened. */

export interface Bin {
  /** Mean probability of the bin, and the share that happened. */
  predicted: number;
  observed: number;
  count: number;
}

/** Ten bins of equal width; empty ones are left out. */
export function calibrationBins(
  probabilities: readonly number[],
  happened: readonly boolean[],
  bins = 10,
): Bin[] {
  const sums = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }));
  probabilities.forEach((p, i) => {
    const bin = sums[Math.min(bins - 1, Math.floor(p * bins))];
    if (!bin) return;
    bin.predicted += p;
    bin.observed += Number(happened[i] ?? false);
    bin.count++;
  });
  return sums
    .filter(({ count }) => count > 0)
    .map(({ predicted, observed, count }) => ({
      predicted: predicted / count,
      observed: observed / count,
      count,
    }));
}

/** Expected calibration error (Naeini et al. 2015): distance of the bins from the diagonal, weighted by their counts. */
export function calibrationError(probabilities: readonly number[], happened: readonly boolean[]): number {
  if (probabilities.length === 0) return Number.NaN;
  const distances = calibrationBins(probabilities, happened).map(
    ({ predicted, observed, count }) => Math.abs(predicted - observed) * count,
  );
  return distances.reduce((a, b) => a + b, 0) / probabilities.length;
}

interface Cut {
  /** Counts at and above the threshold. */
  truePositive: number;
  falsePositive: number;
}

/** True and false positive rates for every threshold, from none to all. Empty without both classes. */
export function rocCurve(probabilities: readonly number[], happened: readonly boolean[]) {
  const { cuts, positives, negatives } = cutsOf(probabilities, happened);
  if (positives === 0 || negatives === 0) return [];
  return [{ truePositive: 0, falsePositive: 0 }, ...cuts].map(({ truePositive, falsePositive }) => ({
    falsePositiveRate: falsePositive / negatives,
    truePositiveRate: truePositive / positives,
  }));
}

/** Recall and precision for every threshold, from the highest down. Empty without positives. */
export function precisionRecallCurve(probabilities: readonly number[], happened: readonly boolean[]) {
  const { cuts, positives } = cutsOf(probabilities, happened);
  if (positives === 0) return [];
  return cuts.map(({ truePositive, falsePositive }) => ({
    recall: truePositive / positives,
    precision: truePositive / (truePositive + falsePositive),
  }));
}

/** At most so many points of a curve, the ends among them. */
export function thinned<T>(points: readonly T[], most = 200): T[] {
  if (points.length <= most) return [...points];
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => points[Math.round(i * step)] as T);
}

function cutsOf(probabilities: readonly number[], happened: readonly boolean[]) {
  const order = probabilities
    .map((p, i) => ({ p, happened: happened[i] ?? false }))
    .sort((a, b) => b.p - a.p);
  const cuts: Cut[] = [];
  let truePositive = 0;
  let falsePositive = 0;
  order.forEach((item, i) => {
    if (item.happened) truePositive++;
    else falsePositive++;
    if (order[i + 1]?.p !== item.p) cuts.push({ truePositive, falsePositive });
  });
  return { cuts, positives: truePositive, negatives: falsePositive };
}
