/** Column statistics from a sample, where the server keeps none. Only counts ever leave the server. */
import type { ColumnStatistics } from '../../statistics/statistics.ts';

/** Rows that are looked at of one table. */
export const SAMPLE_ROWS = 30_000;

/** Of one column in the sample. */
export interface SampledColumn {
  name: string;
  /** Rows in which it is not NULL. */
  filled: number;
  /** Different values among them, and how many of those occur once. */
  distinct: number;
  once: number;
  /** Mean bytes of a value. */
  width: number | null;
}

/** @param sampled rows in the sample @param rows of the table */
export function fromSample(column: SampledColumn, sampled: number, rows: number): ColumnStatistics {
  const { name, filled, width } = column;
  return {
    name,
    nullFraction: sampled === 0 ? 0 : share(1 - filled / sampled),
    distinct: sampled === 0 ? 0 : distinctAsPostgres(estimateDistinct(column, sampled, rows), rows),
    avgWidth: width === null ? null : Math.round(width),
  };
}

/**
 * Values in the whole table: the estimator that PostgreSQL's ANALYZE uses, `n d / (n - f1 + f1 n / N)` (Haas and Stokes
 * 1998, “Duj1”). Of a sample that is the whole table it is the count itself.
 */
function estimateDistinct({ filled, distinct, once }: SampledColumn, sampled: number, rows: number): number {
  if (filled === 0) return 0;
  const all = Math.max(filled, (rows * filled) / sampled);
  const estimate = (filled * distinct) / (filled - once + (once * filled) / all);
  return Math.min(all, Math.max(distinct, estimate));
}

/** As `pg_stats.n_distinct`: above a tenth of the rows it is taken to grow with the table (PostgreSQL's analyze.c). */
export function distinctAsPostgres(distinct: number, rows: number): number {
  if (rows > 0 && distinct > 0.1 * rows) return -share(distinct / rows);
  return Math.round(distinct);
}

/** Rounded to six digits, and inside 0 to 1. */
export function share(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1e6) / 1e6;
}
