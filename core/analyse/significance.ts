/** Whether a difference is more than chance: tests, intervals, and the correction for having asked many times. */
import { wilson } from '../numbers.ts';

/** Distribution function of the standard normal. Abramowitz & Stegun 26.2.17; error below 7.5e-8. */
export function normalCdf(z: number): number {
  if (z < 0) return 1 - normalCdf(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}

/** Two-sided p-value of a standard normal. */
export function twoSided(z: number): number {
  return Math.min(1, 2 * (1 - normalCdf(Math.abs(z))));
}

/**
 * Two-sided p-value of two shares being the same: Fisher's exact test (1922), by summing the tables that are no more
 * likely than the one at hand. Exact for few cases too.
 */
export function fisher(hits: number, total: number, otherHits: number, otherTotal: number): number {
  const all = total + otherTotal;
  const allHits = hits + otherHits;
  const constant = logChoose(all, allHits);
  const likely = (x: number) => Math.exp(logChoose(total, x) + logChoose(otherTotal, allHits - x) - constant);
  const observed = likely(hits) * (1 + 1e-7);
  let p = 0;
  for (let x = Math.max(0, allHits - otherTotal); x <= Math.min(total, allHits); x++) {
    const chance = likely(x);
    if (chance <= observed) p += chance;
  }
  return Math.min(1, p);
}

/** 95 % interval of the difference of two shares (Newcombe 1998, method 10: from two Wilson intervals). */
export function newcombe(
  hits: number,
  total: number,
  otherHits: number,
  otherTotal: number,
): { low: number; high: number } {
  const a = wilson(hits, total);
  const b = wilson(otherHits, otherTotal);
  const [p, q] = [total === 0 ? 0 : hits / total, otherTotal === 0 ? 0 : otherHits / otherTotal];
  return {
    low: p - q - Math.hypot(p - a.low, b.high - q),
    high: p - q + Math.hypot(a.high - p, q - b.low),
  };
}

/** Two-sided p-value of one sample lying higher or lower than another (Mann & Whitney 1947), corrected for ties. */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return 1;
  const all = [...a.map((value) => ({ value, own: 1 })), ...b.map((value) => ({ value, own: 0 }))].sort(
    (x, y) => x.value - y.value,
  );
  let rankSum = 0;
  let ties = 0;
  for (let i = 0; i < all.length; ) {
    let end = i;
    let own = 0;
    while (end < all.length && all[end]?.value === all[i]?.value) own += all[end++]?.own ?? 0;
    const count = end - i;
    rankSum += own * ((i + 1 + end) / 2);
    ties += count ** 3 - count;
    i = end;
  }
  const size = n + m;
  const u = rankSum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (size + 1 - ties / (size * (size - 1)));
  if (!(variance > 0)) return 1;
  return twoSided(Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance));
}

/** Two-sided p-value of two counts over two spans having the same rate (normal approximation of Poisson counts). */
export function rateDifference(count: number, span: number, otherCount: number, otherSpan: number): number {
  const variance = count / span ** 2 + otherCount / otherSpan ** 2;
  return variance > 0 ? twoSided((count / span - otherCount / otherSpan) / Math.sqrt(variance)) : 1;
}

/**
 * Which of many p-values hold when so many were asked: at most `rate` of those that hold are chance (Benjamini &
 * Hochberg 1995). Give every p-value that was looked at, not only the small ones.
 */
export function benjaminiHochberg(pValues: readonly number[], rate = 0.05): boolean[] {
  const order = pValues.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  let last = -1;
  for (const [rank, { p }] of order.entries()) if (p <= (rate * (rank + 1)) / pValues.length) last = rank;
  const holds = pValues.map(() => false);
  for (const { i } of order.slice(0, last + 1)) holds[i] = true;
  return holds;
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const factorials = [0];

function logFactorial(n: number): number {
  for (let i = factorials.length; i <= n; i++) factorials.push((factorials[i - 1] ?? 0) + Math.log(i));
  return factorials[n] ?? 0;
}
