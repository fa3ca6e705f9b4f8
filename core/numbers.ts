/** Small statistics used in several places. */

/**
 * The `p`-quantile (0 to 1) of sorted numbers by linear interpolation (type 7 of Hyndman & Fan 1996, as in NumPy and
 * R). NaN for no numbers.
 */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const below = sorted[low] ?? Number.NaN;
  const above = sorted[Math.min(low + 1, sorted.length - 1)] ?? Number.NaN;
  return below + (above - below) * (at - low);
}

/** The `p`-quantile of numbers in any order. */
export function quantile(values: Iterable<number>, p: number): number {
  return quantileSorted(Float64Array.from(values).sort(), p);
}

/**
 * Like {@link quantileSorted} of numbers in any order, without sorting all of them: selection as in Hoare 1961. Changes
 * their order.
 */
export function quantileInPlace(values: Float64Array, p: number): number {
  if (values.length === 0) return Number.NaN;
  const at = (values.length - 1) * p;
  const low = Math.floor(at);
  const below = select(values, low);
  if (low === at) return below;
  let above = Number.POSITIVE_INFINITY;
  for (let i = low + 1; i < values.length; i++) above = Math.min(above, values[i] as number);
  return below + (above - below) * (at - low);
}

/** Puts the value of a rank in its place, smaller ones before it and larger ones behind it. */
function select(values: Float64Array, rank: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[(from + to) >> 1] as number;
    let i = from;
    let j = to;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) break;
      const moved = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = moved;
    }
    if (rank <= j) to = j;
    else if (rank >= i) from = i;
    else break;
  }
  return values[rank] as number;
}

export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Rounds to so many significant digits, for figures that people read. */
export function significant(value: number, digits = 3): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Wilson score interval of a share at 95 % (Wilson 1927): honest for few observations too. */
export function wilson(successes: number, total: number): { low: number; high: number } {
  if (total === 0) return { low: 0, high: 1 };
  const z = 1.959964;
  const share = successes / total;
  const centre = share + (z * z) / (2 * total);
  const spread = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  const scale = 1 + (z * z) / total;
  return { low: clamp((centre - spread) / scale, 0, 1), high: clamp((centre + spread) / scale, 0, 1) };
}

/** Groups items by a key, in order of first appearance. */
export function groupBy<T, K>(items: Iterable<T>, key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

/** A pseudo-random source with a seed (mulberry32, public domain): same seed, same numbers. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
