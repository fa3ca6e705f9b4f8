/**
 * Finds features that tell the outcome by themselves. Before a run nothing knows that much, so such a column was
 * filled in afterwards; a model that used it would shine on the hold-out and know nothing on the day.
 */
import { significant } from '../numbers.ts';
import type { Feature } from './features.ts';
import { auc } from './metrics.ts';

export interface Leak {
  /** Place of the column. */
  column: number;
  said: string;
}

const TELLS = 0.99;
/** With fewer values, and fewer of each outcome, a column may sort them by chance. */
const FEWEST = 20;
const FEWEST_OF_A_KIND = 5;

/** Columns that sort failures from successes by themselves: area under the ROC curve above 0.99. */
export function leaksOfOutcome(
  features: readonly Feature[],
  rows: readonly number[][],
  failed: readonly boolean[],
): Leak[] {
  return features.flatMap(({ name }, column) => {
    const known = rows.flatMap((row, i) => (Number.isNaN(row[column]) ? [] : [i]));
    const labels = known.map((i) => failed[i] ?? false);
    const failures = labels.filter(Boolean).length;
    if (known.length < FEWEST || Math.min(failures, known.length - failures) < FEWEST_OF_A_KIND) return [];
    const area = auc(
      known.map((i) => rows[i]?.[column] ?? 0),
      labels,
    );
    const strength = Math.max(area, 1 - area);
    if (strength <= TELLS) return [];
    const said = `${name} was left out: it tells failures by itself (AUROC ${significant(strength)}), so it was probably written down afterwards`;
    return [{ column, said }];
  });
}

/** Columns that put durations in order by themselves: rank correlation (Spearman) beyond 0.99. */
export function leaksOfNumber(
  features: readonly Feature[],
  rows: readonly number[][],
  values: readonly number[],
): Leak[] {
  return features.flatMap(({ name }, column) => {
    const known = rows.flatMap((row, i) => (Number.isNaN(row[column]) ? [] : [i]));
    if (known.length < FEWEST) return [];
    const rank = correlation(
      ranks(known.map((i) => rows[i]?.[column] ?? 0)),
      ranks(known.map((i) => values[i] ?? 0)),
    );
    if (!(Math.abs(rank) > TELLS)) return [];
    const said = `${name} was left out: it puts durations in order by itself (rank correlation ${significant(rank)}), so it was probably written down afterwards`;
    return [{ column, said }];
  });
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const result = new Array<number>(values.length).fill(0);
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && values[order[j] as number] === values[order[i] as number]) j++;
    for (let k = i; k < j; k++) result[order[k] as number] = (i + j - 1) / 2;
    i = j;
  }
  return result;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  a.forEach((value, i) => {
    const [da, db] = [value - meanA, (b[i] ?? 0) - meanB];
    product += da * db;
    squaresA += da * da;
    squaresB += db * db;
  });
  return product / Math.sqrt(squaresA * squaresB);
}
