/** Groups points around centres. Deterministic for a source of random numbers. */
import { distance } from './metrics.ts';

const RESTARTS = 8;
const STEPS = 50;

/** Lloyd’s algorithm with k-means++ seeding (Arthur & Vassilvitskii 2007), best of some restarts. */
export function kMeans(rows: number[][], k: number, random: () => number): number[][] {
  let best: { centres: number[][]; cost: number } | undefined;
  for (let restart = 0; restart < RESTARTS; restart++) {
    const centres = lloyd(rows, plusPlus(rows, k, random));
    const cost = rows.reduce((sum, row) => sum + distance(row, centres[nearest(centres, row)] ?? []) ** 2, 0);
    if (!best || cost < best.cost) best = { centres, cost };
  }
  return best?.centres ?? [];
}

/** Moves centres to the means of their points until nothing moves. A centre without points stays. */
export function lloyd(rows: readonly number[][], start: number[][]): number[][] {
  let centres = start;
  for (let step = 0; step < STEPS; step++) {
    const members = rows.map((row) => nearest(centres, row));
    const next = centres.map((centre, i) => meanOf(rows.filter((_, j) => members[j] === i)) ?? centre);
    const moved = next.some((centre, i) => distance(centre, centres[i] ?? []) > 1e-9);
    centres = next;
    if (!moved) break;
  }
  return centres;
}

/** Place of the nearest centre; of as near ones the first. */
export function nearest(centres: readonly number[][], row: readonly number[]): number {
  let best = 0;
  for (let i = 1; i < centres.length; i++) {
    if (distance(row, centres[i] ?? []) < distance(row, centres[best] ?? [])) best = i;
  }
  return best;
}

function plusPlus(rows: number[][], k: number, random: () => number): number[][] {
  const centres = [rows[Math.floor(random() * rows.length)] ?? []];
  while (centres.length < k) {
    const weights = rows.map((row) => Math.min(...centres.map((centre) => distance(row, centre) ** 2)));
    let left = random() * weights.reduce((a, b) => a + b, 0);
    const chosen = weights.findIndex((weight) => {
      left -= weight;
      return left <= 0;
    });
    centres.push(rows[Math.max(0, chosen)] ?? []);
  }
  return centres;
}

function meanOf(rows: readonly number[][]): number[] | undefined {
  if (rows.length === 0) return undefined;
  return (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length);
}
