/** Draws from a seeded source. */
import type { Random } from './populate.ts';

export function pickOf<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** A share of rows between one row and `most`, evenly over orders of magnitude. */
export function shareOf(rows: number, most: number, random: Random): number {
  const least = 1 / Math.max(2, rows);
  return Math.min(most, Math.exp(Math.log(least) + random() * (Math.log(most) - Math.log(least))));
}
