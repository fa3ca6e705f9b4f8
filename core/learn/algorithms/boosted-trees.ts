/**
 * Gradient-boosted regression trees on binned features (Friedman 2001; bins, second-order gains and a learned way for
 * missing values as in Chen & Guestrin 2016). NaN is “missing”, never a number. Deterministic: same rows, options and
 * seed, same artifact, byte for byte.
 */
import { quantile, seededRandom } from '../../numbers.ts';

/** `{ quantile: 0.9 }` is the pinball loss, whose minimum is that quantile. */
export type BoostingLoss = 'squared' | 'log' | { quantile: number };

export interface BoostingOptions {
  loss: BoostingLoss;
  rounds: number;
  learningRate: number;
  /** Questions between the root and a leaf. */
  depth: number;
  /** Weight that a leaf needs at least. */
  minLeaf: number;
  /** Values of a feature are told apart as so many; at most 255. */
  bins: number;
  /** Pulls leaves towards 0: so many more rows that say nothing. */
  l2: number;
  /** Share of the rows, and of the features, that each tree sees. */
  rowShare: number;
  featureShare: number;
  /** By feature: 1 where the prediction must not fall with it, -1 where it must not rise, 0 where it may do either. */
  monotone?: readonly number[];
  seed: number;
}

export const BOOSTING_DEFAULTS: Omit<BoostingOptions, 'loss'> = {
  rounds: 200,
  learningRate: 0.08,
  depth: 4,
  minLeaf: 8,
  bins: 64,
  l2: 1,
  rowShare: 0.8,
  featureShare: 0.8,
  seed: 1,
};

/** Nodes in the order in which they were made; a leaf has feature -1 and its value in `at`. */
interface Tree {
  feature: number[];
  /** Threshold of a question (`value <= at` goes left), or the value of a leaf. */
  at: number[];
  /** Where a missing value goes: 1 is left. */
  missingLeft: (0 | 1)[];
  left: number[];
  right: number[];
}

/** JSON. */
export interface BoostedTrees {
  loss: BoostingLoss;
  base: number;
  trees: Tree[];
}

/**
 * Trains on rows of features (NaN where missing) and targets; for the log loss a target is 0 or 1. Throws a RangeError
 * without rows or with a target that is not finite.
 */
export function trainBoostedTrees(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  options: Partial<BoostingOptions> & Pick<BoostingOptions, 'loss'>,
  weights: readonly number[] = targets.map(() => 1),
): BoostedTrees {
  if (rows.length === 0 || rows.length !== targets.length)
    throw new RangeError('rows and targets must match');
  if (!targets.every(Number.isFinite)) throw new RangeError('a target is not finite');
  const all = { ...BOOSTING_DEFAULTS, ...options };
  const { loss } = all;
  const random = seededRandom(all.seed);
  const binned = bin(rows, all.bins);
  const base = start(targets, weights, loss);
  const scores = new Float64Array(rows.length).fill(base);
  const trees: Tree[] = [];
  const width = rows[0]?.length ?? 0;
  for (let round = 0; round < all.rounds; round++) {
    const { gradient, hessian } = derivatives(scores, targets, weights, loss);
    const inTree = Int32Array.from(targets.keys()).filter(() => random() < all.rowShare);
    const features = [...Array(width).keys()].filter(() => random() < all.featureShare);
    const grown = new Grower(binned, gradient, hessian, features, all).grow(inTree);
    for (const { node, members, low, high } of grown.leaves) {
      const value = leafValue(members, loss, { gradient, hessian, scores, targets, l2: all.l2 });
      grown.tree.at[node] = compact(all.learningRate * Math.min(high, Math.max(low, value)));
    }
    trees.push(grown.tree);
    for (let i = 0; i < rows.length; i++) scores[i] = (scores[i] ?? 0) + treeValue(grown.tree, rows[i] ?? []);
  }
  return { loss, base: compact(base), trees };
}

/** A function from features to the prediction; a probability for the log loss. */
export function loadBoostedTrees(model: BoostedTrees): (features: readonly number[]) => number {
  const { base, trees, loss } = model;
  return (features) => {
    let score = base;
    for (const tree of trees) score += treeValue(tree, features);
    return loss === 'log' ? 1 / (1 + Math.exp(-score)) : score;
  };
}

/** Share of all gain-giving questions that ask about each feature: which ones the model leans on. */
export function questionShares({ trees }: BoostedTrees, width: number): number[] {
  const counts = new Array<number>(width).fill(0);
  for (const { feature } of trees) for (const f of feature) if (f >= 0) counts[f] = (counts[f] ?? 0) + 1;
  const sum = counts.reduce((total, count) => total + count, 0) || 1;
  return counts.map((count) => count / sum);
}

function treeValue(tree: Tree, features: readonly number[]): number {
  let node = 0;
  for (;;) {
    const feature = tree.feature[node] ?? -1;
    const at = tree.at[node] ?? 0;
    if (feature < 0) return at;
    const value = features[feature] ?? Number.NaN;
    const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= at;
    node = (goesLeft ? tree.left[node] : tree.right[node]) ?? 0;
  }
}

/** Six digits are plenty for a leaf, and keep an artifact small. */
function compact(value: number): number {
  return Number(value.toPrecision(6));
}

interface Binned {
  /** By feature, then row: the bin, or 255 where missing. */
  bins: Uint8Array[];
  /** By feature: the largest value in each bin. */
  edges: number[][];
}

const MISSING = 255;

function bin(rows: readonly (readonly number[])[], most: number): Binned {
  const width = rows[0]?.length ?? 0;
  const edges: number[][] = [];
  const bins: Uint8Array[] = [];
  for (let f = 0; f < width; f++) {
    const values = rows.map((row) => row[f] ?? Number.NaN);
    const known = [...new Set(values.filter((value) => !Number.isNaN(value)))].sort((a, b) => a - b);
    const own = edgesOf(known, Math.min(most, MISSING));
    edges.push(own);
    bins.push(Uint8Array.from(values, (value) => (Number.isNaN(value) ? MISSING : indexIn(own, value))));
  }
  return { bins, edges };
}

/** Half-way between neighbours, so that a threshold does not lean on one row. */
function edgesOf(known: readonly number[], most: number): number[] {
  const count = Math.min(known.length, most);
  const edges: number[] = [];
  for (let i = 1; i <= count; i++) {
    const at = Math.round((i * known.length) / count) - 1;
    const value = known[at] ?? 0;
    const next = known[at + 1];
    edges.push(next === undefined ? value : compact((value + next) / 2));
  }
  return edges;
}

function indexIn(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function start(targets: readonly number[], weights: readonly number[], loss: BoostingLoss): number {
  if (typeof loss === 'object') return quantile(targets, loss.quantile);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const mean = targets.reduce((total, target, i) => total + target * (weights[i] ?? 1), 0) / sum;
  if (loss === 'squared') return mean;
  const share = Math.min(1 - 1e-6, Math.max(1e-6, mean));
  return Math.log(share / (1 - share));
}

function derivatives(
  scores: Float64Array,
  targets: readonly number[],
  weights: readonly number[],
  loss: BoostingLoss,
): { gradient: Float64Array; hessian: Float64Array } {
  const gradient = new Float64Array(scores.length);
  const hessian = new Float64Array(scores.length);
  for (let i = 0; i < scores.length; i++) {
    const [score = 0, target = 0, weight = 1] = [scores[i], targets[i], weights[i]];
    if (loss === 'log') {
      const p = 1 / (1 + Math.exp(-score));
      gradient[i] = weight * (p - target);
      hessian[i] = weight * Math.max(1e-6, p * (1 - p));
    } else {
      hessian[i] = weight;
      if (loss === 'squared') gradient[i] = weight * (score - target);
      else gradient[i] = weight * (target > score ? -loss.quantile : 1 - loss.quantile);
    }
  }
  return { gradient, hessian };
}

/** One Newton step; for a quantile the quantile of what is left over, as its second derivative says nothing. */
function leafValue(
  members: Int32Array,
  loss: BoostingLoss,
  of: {
    gradient: Float64Array;
    hessian: Float64Array;
    scores: Float64Array;
    targets: readonly number[];
    l2: number;
  },
): number {
  if (typeof loss === 'object') {
    const left = Array.from(members, (i) => (of.targets[i] ?? 0) - (of.scores[i] ?? 0));
    return left.length === 0 ? 0 : (quantile(left, loss.quantile) * left.length) / (left.length + of.l2);
  }
  let g = 0;
  let h = 0;
  for (const i of members) {
    g += of.gradient[i] ?? 0;
    h += of.hessian[i] ?? 0;
  }
  return -g / (h + of.l2);
}

interface Leaf {
  node: number;
  members: Int32Array;
  /** Bounds that monotone features set. */
  low: number;
  high: number;
}

interface Split {
  gain: number;
  feature: number;
  bin: number;
  missingLeft: boolean;
  leftValue: number;
  rightValue: number;
}

/** Grows one tree, depth first. */
class Grower {
  readonly #binned: Binned;
  readonly #gradient: Float64Array;
  readonly #hessian: Float64Array;
  readonly #features: readonly number[];
  readonly #options: BoostingOptions;
  readonly #tree: Tree = { feature: [], at: [], missingLeft: [], left: [], right: [] };
  readonly #leaves: Leaf[] = [];
  readonly #sums = { g: new Float64Array(256), h: new Float64Array(256), n: new Float64Array(256) };

  constructor(
    binned: Binned,
    gradient: Float64Array,
    hessian: Float64Array,
    features: readonly number[],
    options: BoostingOptions,
  ) {
    this.#binned = binned;
    this.#gradient = gradient;
    this.#hessian = hessian;
    this.#features = features;
    this.#options = options;
  }

  grow(rows: Int32Array): { tree: Tree; leaves: Leaf[] } {
    this.#node(rows, this.#options.depth, -Infinity, Infinity);
    return { tree: this.#tree, leaves: this.#leaves };
  }

  #node(members: Int32Array, depth: number, low: number, high: number): number {
    const tree = this.#tree;
    const node = tree.feature.push(-1) - 1;
    tree.at.push(0);
    tree.missingLeft.push(0);
    tree.left.push(0);
    tree.right.push(0);
    const best = depth === 0 ? undefined : this.#bestSplit(members, low, high);
    if (!best) {
      this.#leaves.push({ node, members, low, high });
      return node;
    }
    const bins = this.#binned.bins[best.feature] ?? new Uint8Array();
    const goesLeft = (i: number) => {
      const own = bins[i] ?? MISSING;
      return own === MISSING ? best.missingLeft : own <= best.bin;
    };
    tree.feature[node] = best.feature;
    tree.at[node] = this.#binned.edges[best.feature]?.[best.bin] ?? 0;
    tree.missingLeft[node] = best.missingLeft ? 1 : 0;
    const way = this.#options.monotone?.[best.feature] ?? 0;
    const middle = (best.leftValue + best.rightValue) / 2;
    tree.left[node] = this.#node(
      members.filter(goesLeft),
      depth - 1,
      way < 0 ? Math.max(low, middle) : low,
      way > 0 ? Math.min(high, middle) : high,
    );
    tree.right[node] = this.#node(
      members.filter((i) => !goesLeft(i)),
      depth - 1,
      way > 0 ? Math.max(low, middle) : low,
      way < 0 ? Math.min(high, middle) : high,
    );
    return node;
  }

  #bestSplit(members: Int32Array, low: number, high: number): Split | undefined {
    let g = 0;
    let h = 0;
    for (const i of members) {
      g += this.#gradient[i] ?? 0;
      h += this.#hessian[i] ?? 0;
    }
    let best: Split | undefined;
    for (const feature of this.#features) {
      const found = this.#bestOf(feature, members, { g, h, n: members.length }, low, high);
      if (found && found.gain > (best?.gain ?? 1e-9)) best = found;
    }
    return best;
  }

  #bestOf(
    feature: number,
    members: Int32Array,
    all: { g: number; h: number; n: number },
    low: number,
    high: number,
  ): Split | undefined {
    const { g, h, n } = this.#sums;
    g.fill(0);
    h.fill(0);
    n.fill(0);
    const bins = this.#binned.bins[feature] ?? new Uint8Array();
    for (const i of members) {
      const own = bins[i] ?? MISSING;
      g[own] = (g[own] ?? 0) + (this.#gradient[i] ?? 0);
      h[own] = (h[own] ?? 0) + (this.#hessian[i] ?? 0);
      n[own] = (n[own] ?? 0) + 1;
    }
    const { l2, minLeaf, monotone } = this.#options;
    const way = monotone?.[feature] ?? 0;
    const whole = (all.g * all.g) / (all.h + l2);
    const last = (this.#binned.edges[feature]?.length ?? 0) - 1;
    const missing = { g: g[MISSING] ?? 0, h: h[MISSING] ?? 0, n: n[MISSING] ?? 0 };
    let best: Split | undefined;
    for (const missingLeft of missing.n > 0 ? [false, true] : [false]) {
      let gl = missingLeft ? missing.g : 0;
      let hl = missingLeft ? missing.h : 0;
      let nl = missingLeft ? missing.n : 0;
      // Behind the last bin only “missing or not” is asked.
      for (let b = 0; b < (missing.n > 0 && !missingLeft ? last + 1 : last); b++) {
        gl += g[b] ?? 0;
        hl += h[b] ?? 0;
        nl += n[b] ?? 0;
        const nr = all.n - nl;
        if (nl < minLeaf) continue;
        if (nr < minLeaf) break;
        const [gr, hr] = [all.g - gl, all.h - hl];
        const gain = (gl * gl) / (hl + l2) + (gr * gr) / (hr + l2) - whole;
        if (gain <= (best?.gain ?? 0)) continue;
        const leftValue = Math.min(high, Math.max(low, -gl / (hl + l2)));
        const rightValue = Math.min(high, Math.max(low, -gr / (hr + l2)));
        if (way * (rightValue - leftValue) < 0) continue;
        best = { gain, feature, bin: b, missingLeft, leftValue, rightValue };
      }
    }
    return best;
  }
}
