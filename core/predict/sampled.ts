/**
 * What statistics from a sample say of a whole table. PostgreSQL’s ANALYZE looks at 300 rows for each of its 100
 * statistics targets (analyze.c), so of a table with at most that many rows its figures are counts.
 */
import { roughly } from '../report/format.ts';
import { type ColumnStatistics, distinctValues } from '../statistics/statistics.ts';

export const SAMPLED_ROWS = 30_000;

/** Probabilities of what counts say: they may be older than the rows. */
export const SURELY = 0.997;
export const HARDLY = 0.003;
/** The same from a sample that was the whole table. */
export const LIKELY_SURE = 0.995;
export const LIKELY_NOT = 0.008;

/** Before anything is seen as many tables are bad as good; a bad one has between one row and this share of bad rows. */
const MOST_BAD = 0.3;

/**
 * The chance that a table has bad rows of which a sample saw none.
 * @param seen the chance to see none, by the share of bad rows
 */
export function unseen(rows: number, seen: (share: number) => number): number {
  const steps = 60;
  const from = Math.log(1 / Math.max(2, rows));
  const to = Math.log(MOST_BAD);
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += seen(Math.exp(from + ((to - from) * (i + 0.5)) / steps));
  const missed = sum / steps;
  return missed / (1 + missed);
}

export interface Evidence {
  /** Probability by reasoning alone. */
  p: number;
  /** `exact`: counted over every row; `sample`: a sample speaks; `none`: nothing tells. */
  from: 'exact' | 'sample' | 'none';
  /** What it was told by, in words. */
  because: string;
}

/** Whether a column has NULLs. */
export function nullsIn(column: ColumnStatistics | undefined, rows: number): Evidence {
  if (column?.nulls !== undefined) {
    const { nulls } = column;
    return nulls > 0
      ? { p: SURELY, from: 'exact', because: `${count(nulls)} NULLs counted` }
      : { p: HARDLY, from: 'exact', because: 'no NULL counted' };
  }
  const share = column?.nullFraction;
  if (share === undefined || share === null)
    return { p: 0.5, from: 'none', because: 'nobody knows its NULLs' };
  if (share > 0) return { p: LIKELY_SURE, from: 'sample', because: `${roughly(share)} NULLs` };
  if (rows <= SAMPLED_ROWS) return { p: LIKELY_NOT, from: 'sample', because: 'no NULL at the last ANALYZE' };
  const p = unseen(rows, (bad) => Math.exp(-SAMPLED_ROWS * bad));
  return {
    p,
    from: 'sample',
    because: `no NULL in a sample of ${count(SAMPLED_ROWS)} of ${count(rows)} rows`,
  };
}

/** Whether a column holds a value twice; NULLs are no duplicates. */
export function duplicatesIn(column: ColumnStatistics | undefined, rows: number): Evidence {
  if (rows <= 1) return { p: HARDLY, from: 'exact', because: 'at most one row' };
  if (column?.exactDistinct !== undefined && column.nulls !== undefined) {
    const again = rows - column.nulls - column.exactDistinct;
    return again > 0.5
      ? { p: SURELY, from: 'exact', because: `${count(again)} rows repeat a value` }
      : { p: HARDLY, from: 'exact', because: 'every value counted once' };
  }
  const distinct = column && distinctValues(column, rows);
  if (!column || distinct === undefined || column.nullFraction === null)
    return { p: 0.5, from: 'none', because: 'nobody knows its repeated values' };
  const filled = rows * (1 - column.nullFraction);
  if (filled <= 1) return { p: LIKELY_NOT, from: 'sample', because: 'hardly a value' };
  const again = filled - distinct;
  if (rows <= SAMPLED_ROWS) {
    // Files are rounded to six digits at best.
    return again > Math.max(0.5, rows * 2e-6)
      ? { p: LIKELY_SURE, from: 'sample', because: `about ${count(Math.max(1, again))} rows repeat a value` }
      : { p: LIKELY_NOT, from: 'sample', because: 'every value once at the last ANALYZE' };
  }
  if (again > filled * 0.0005)
    return {
      p: LIKELY_SURE,
      from: 'sample',
      because: `about ${roughly(again / filled)} of its values are repeated`,
    };
  const seenBoth = (SAMPLED_ROWS / rows) ** 2;
  const p = unseen(rows, (bad) => Math.exp(-bad * rows * seenBoth));
  return {
    p,
    from: 'sample',
    because: `no value twice in a sample of ${count(SAMPLED_ROWS)} of ${count(rows)} rows`,
  };
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-GB');
}
