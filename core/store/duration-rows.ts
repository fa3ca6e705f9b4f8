/** Rows whose durations are asked for by group, and their summaries by sorting: the fastest way for few rows. */
import { quantileSorted } from '../numbers.ts';
import type { Columns } from './columns.ts';
import { statusCode } from './encode.ts';
import type { SortedDurations } from './sorted-durations.ts';

/** Rows to look at. */
export interface GroupedRows {
  columns: Columns;
  /** Pairs of a first row and the row behind the last. */
  stretches: readonly number[];
  /** Group of each operation's number, from 1; 0 for none. */
  groups: Uint32Array;
}

/** Durations that somebody keeps sorted. */
export interface SortedRows {
  durations: SortedDurations;
  groups: Uint32Array;
}

export interface GroupSummary {
  count: number;
  failures: number;
  max: number;
  quantiles: number[];
}

const ERROR = statusCode('error');

/** Summaries of so many groups, of so many rows: one group's durations behind the other's. */
export function sortDurations(
  parts: readonly GroupedRows[],
  presorted: readonly SortedRows[],
  groups: number,
  rows: number,
  wanted: readonly number[],
): GroupSummary[] {
  const groupOf = new Uint32Array(rows);
  const took = new Float64Array(rows);
  const ends = new Uint32Array(groups + 1);
  const failures = new Uint32Array(groups);
  let found = 0;
  for (const { columns, stretches, groups: numbers } of parts) {
    for (let i = 0; i < stretches.length; i += 2) {
      for (let row = stretches[i] as number; row < (stretches[i + 1] as number); row++) {
        const group = (numbers[columns.operation[row] as number] as number) - 1;
        const duration = columns.duration[row] as number;
        if (group < 0 || Number.isNaN(duration)) continue;
        groupOf[found] = group;
        took[found++] = duration;
        ends[group + 1] = (ends[group + 1] as number) + 1;
        if (((columns.kind[row] as number) & 3) === ERROR) failures[group] = (failures[group] as number) + 1;
      }
    }
  }
  for (const { durations, groups: numbers } of presorted) {
    for (const { operation, values, failures: failed } of durations.operations) {
      const group = (numbers[operation] as number) - 1;
      groupOf.fill(group, found, found + values.length);
      took.set(values, found);
      found += values.length;
      ends[group + 1] = (ends[group + 1] as number) + values.length;
      failures[group] = (failures[group] as number) + failed;
    }
  }
  for (let group = 0; group < groups; group++)
    ends[group + 1] = (ends[group + 1] as number) + (ends[group] as number);
  const next = ends.slice();
  const sorted = new Float64Array(found);
  for (let i = 0; i < found; i++) {
    const group = groupOf[i] as number;
    const at = next[group] as number;
    sorted[at] = took[i] as number;
    next[group] = at + 1;
  }
  return Array.from({ length: groups }, (_, group) => {
    const durations = sorted.subarray(ends[group], ends[group + 1]).sort();
    return {
      count: durations.length,
      failures: failures[group] ?? 0,
      max: durations.at(-1) ?? 0,
      quantiles: wanted.map((p) => quantileSorted(durations, p)),
    };
  });
}

/** How many durations are kept sorted. */
export function durationsIn({ durations }: SortedRows): number {
  return durations.operations.reduce((sum, { values }) => sum + values.length, 0);
}

/** How many rows stretches hold. */
export function rowsOf(stretches: readonly number[]): number {
  let rows = 0;
  for (let i = 0; i < stretches.length; i += 2)
    rows += (stretches[i + 1] as number) - (stretches[i] as number);
  return rows;
}
