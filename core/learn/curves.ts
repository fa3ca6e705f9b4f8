/** Curves and bins of probabilities against what happened. */

const MOST_POINTS = 200;

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

/** What is said of how a probability turned out. */
export interface Said {
  probability: number;
  failed: boolean;
}

/** How many of each kind lie at and above every threshold, from the highest down. */
export interface Cuts {
  cuts: readonly { truePositive: number; falsePositive: number }[];
  positives: number;
  negatives: number;
}

/** @param ranked by probability, the highest first */
export function cutsOf(ranked: readonly Said[]): Cuts {
  const cuts: { truePositive: number; falsePositive: number }[] = [];
  let truePositive = 0;
  let falsePositive = 0;
  ranked.forEach(({ probability, failed }, i) => {
    if (failed) truePositive++;
    else falsePositive++;
    if (ranked[i + 1]?.probability !== probability) cuts.push({ truePositive, falsePositive });
  });
  return { cuts, positives: truePositive, negatives: falsePositive };
}

/** Area under the ROC curve, as `auc` counts it. NaN without both classes. */
export function areaUnder({ cuts, positives, negatives }: Cuts): number {
  let before = { truePositive: 0, falsePositive: 0 };
  let area = 0;
  for (const cut of cuts) {
    const width = cut.falsePositive - before.falsePositive;
    area += (width * (cut.truePositive + before.truePositive)) / 2;
    before = cut;
  }
  return area / (positives * negatives);
}

/** True and false positive rates for thresholds from none to all, at most `most`. Empty without both classes. */
export function rocCurve({ cuts, positives, negatives }: Cuts, most = MOST_POINTS) {
  if (positives === 0 || negatives === 0) return [];
  return thinned([{ truePositive: 0, falsePositive: 0 }, ...cuts], most).map(
    ({ truePositive, falsePositive }) => ({
      falsePositiveRate: falsePositive / negatives,
      truePositiveRate: truePositive / positives,
    }),
  );
}

/** Recall and precision for thresholds from the highest down, at most `most`. Empty without positives. */
export function precisionRecallCurve({ cuts, positives }: Cuts, most = MOST_POINTS) {
  if (positives === 0) return [];
  return thinned(cuts, most).map(({ truePositive, falsePositive }) => ({
    recall: truePositive / positives,
    precision: truePositive / (truePositive + falsePositive),
  }));
}

/** At most so many points of a curve, the ends among them. */
function thinned<T>(points: readonly T[], most: number): readonly T[] {
  if (points.length <= most) return points;
  const step = (points.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => points[Math.round(i * step)] as T);
}
