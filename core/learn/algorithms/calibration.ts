/** Turning scores into probabilities that mean what they say. Fit on cases that the model was not trained on. */

/** Sigmoid of a line in the score (Platt 1999). Two figures: for few cases. */
export interface PlattScaling {
  kind: 'platt';
  slope: number;
  offset: number;
}

/** A step function that never falls (Zadrozny & Elkan 2002), straight between its points. For many cases. */
export interface IsotonicScaling {
  kind: 'isotonic';
  /** Rising. */
  scores: number[];
  probabilities: number[];
}

export type Calibration = PlattScaling | IsotonicScaling;

/** What a line is drawn towards: a normal distribution of its slope and of its offset. */
export interface LinePrior {
  slope: { mean: number; sd: number };
  offset: { mean: number; sd: number };
}

/**
 * Fits slope and offset on the log loss. Targets are drawn towards the middle as in Platt’s paper, so that scores that
 * separate the classes give no certainty.
 */
export function fitPlatt(scores: readonly number[], positive: readonly boolean[]): PlattScaling {
  const ones = positive.filter(Boolean).length;
  const high = (ones + 1) / (ones + 2);
  const low = 1 / (positive.length - ones + 2);
  const targets = positive.map((one) => (one ? high : low));
  return fitLine(scores, targets, { slope: 0, offset: Math.log((ones + 1) / (positive.length - ones + 1)) });
}

/**
 * Fits a line through the log-odds by Newton’s method with halved steps.
 *
 * @param targets probabilities, or 0 and 1 where there is a prior
 * @param start where to begin; the mean of the prior where there is one
 */
export function fitLine(
  scores: readonly number[],
  targets: readonly number[],
  start: { slope: number; offset: number },
  prior?: LinePrior,
): PlattScaling {
  let { slope, offset } = start;
  const pull = (value: number, towards: { mean: number; sd: number } | undefined) =>
    towards
      ? { by: (value - towards.mean) / towards.sd ** 2, weight: 1 / towards.sd ** 2 }
      : { by: 0, weight: 0 };
  const far = (value: number, from: { mean: number; sd: number } | undefined) =>
    from ? (value - from.mean) ** 2 / (2 * from.sd ** 2) : 0;
  const loss = (a: number, b: number) =>
    scores.reduce((sum, score, i) => {
      const z = a * score + b;
      return sum + Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - (targets[i] ?? 0) * z;
    }, far(a, prior?.slope) + far(b, prior?.offset));
  let now = loss(slope, offset);
  for (let step = 0; step < 100; step++) {
    const [onSlope, onOffset] = [pull(slope, prior?.slope), pull(offset, prior?.offset)];
    let [ga, gb, hab] = [onSlope.by, onOffset.by, 0];
    let [haa, hbb] = [1e-9 + onSlope.weight, 1e-9 + onOffset.weight];
    scores.forEach((score, i) => {
      const p = sigmoid(slope * score + offset);
      const d = p - (targets[i] ?? 0);
      const h = p * (1 - p);
      ga += d * score;
      gb += d;
      haa += h * score * score;
      hab += h * score;
      hbb += h;
    });
    const determinant = haa * hbb - hab * hab;
    if (Math.abs(determinant) < 1e-15) break;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    let size = 1;
    let next = loss(slope - da, offset - db);
    while (next > now && size > 1e-6) {
      size /= 2;
      next = loss(slope - size * da, offset - size * db);
    }
    if (next > now) break;
    slope -= size * da;
    offset -= size * db;
    if (now - next < 1e-10) break;
    now = next;
  }
  return { kind: 'platt', slope, offset };
}

/** Pools neighbours until nothing falls (“pool adjacent violators”, Ayer et al. 1955). */
export function fitIsotonic(scores: readonly number[], positive: readonly boolean[]): IsotonicScaling {
  const order = scores
    .map((score, i) => ({ low: score, high: score, sum: Number(positive[i] ?? false), weight: 1 }))
    .sort((a, b) => a.low - b.low);
  const pools: typeof order = [];
  for (const one of order) {
    pools.push({ ...one });
    for (;;) {
      const [before, last] = [pools.at(-2), pools.at(-1)];
      if (!before || !last) break;
      const falls = before.sum / before.weight >= last.sum / last.weight || before.high === last.low;
      if (!falls) break;
      before.high = last.high;
      before.sum += last.sum;
      before.weight += last.weight;
      pools.pop();
    }
  }
  const points = pools.flatMap(({ low, high, sum, weight }) => {
    const p = sum / weight;
    return low === high ? [[low, p] as const] : [[low, p] as const, [high, p] as const];
  });
  return { kind: 'isotonic', scores: points.map(([s]) => s), probabilities: points.map(([, p]) => p) };
}

/** The probability that belongs to a score. */
export function calibrated(calibration: Calibration, score: number): number {
  if (calibration.kind === 'platt') return sigmoid(calibration.slope * score + calibration.offset);
  const { scores, probabilities } = calibration;
  const above = scores.findIndex((one) => one >= score);
  if (above < 0) return probabilities.at(-1) ?? 0.5;
  const high = probabilities[above] ?? 0.5;
  const [at = score, before] = [scores[above], scores[above - 1]];
  if (above === 0 || before === undefined || at === before) return high;
  const low = probabilities[above - 1] ?? high;
  return low + ((high - low) * (score - before)) / (at - before);
}

function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}
