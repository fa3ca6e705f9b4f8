/**
 * Exact quantiles of durations by group, in two passes over the columns. The first counts durations by the leading bits
 * of their floating-point number, which are in order of size; that tells in which narrow bucket a quantile lies. The
 * second collects the few durations of those buckets, and only they are sorted.
 */
import { quantileSorted } from '../numbers.ts';
import type { Columns } from './columns.ts';
import { statusCode } from './encode.ts';

/** Rows to look at. */
export interface GroupedRows {
  columns: Columns;
  /** Pairs of a first row and the row behind the last. */
  stretches: readonly number[];
  /** Group of each operation's number, from 1; 0 for none. */
  groups: Uint32Array;
}

export interface GroupSummary {
  count: number;
  failures: number;
  max: number;
  quantiles: number[];
}

/** Leading bits that make a bucket: sign, 11 of exponent and 5 of fraction, so a bucket is at most 3 % wide. */
const SHIFT = 15;
/** Buckets begin at 2^-10 ms and end at 2^30 ms; what lies outside goes to the first or the last. */
const LOWEST = (1023 - 10) << 5;
const BUCKETS = 40 << 5;
const ERROR = statusCode('error');
/** Below so many rows, and above so many groups, sorting each group is faster than counting. */
const FEW_ROWS = 30_000;
const MANY_GROUPS = 2_000;

/** Summaries of so many groups; a group without a duration has a count of 0. */
export function summariseDurations(
  parts: readonly GroupedRows[],
  groups: number,
  wanted: readonly number[],
): GroupSummary[] {
  const rows = parts.reduce((sum, { stretches }) => sum + rowsOf(stretches), 0);
  if (rows < FEW_ROWS || groups > MANY_GROUPS) return sortDurations(parts, groups, rows, wanted);
  const counts = new Uint32Array(groups * BUCKETS);
  const failures = new Uint32Array(groups);
  const max = new Float64Array(groups);
  for (const part of parts) countPart(part, counts, failures, max);
  const summaries = Array.from({ length: groups }, (_, group) => ({
    count: counts.subarray(group * BUCKETS, (group + 1) * BUCKETS).reduce((sum, count) => sum + count, 0),
    failures: failures[group] ?? 0,
    max: max[group] ?? 0,
    quantiles: [] as number[],
  }));
  const chosen = new Uint8Array(counts.length);
  summaries.forEach(({ count }, group) => {
    for (const p of wanted) choose(chosen, counts, group, count, p);
  });
  const kept = new Map<number, number[]>();
  for (const part of parts) collectPart(part, chosen, kept);
  for (const values of kept.values()) values.sort((a, b) => a - b);
  summaries.forEach((summary, group) => {
    summary.quantiles = wanted.map((p) => quantileOf(counts, kept, group, summary.count, p));
  });
  return summaries;
}

/** The same by sorting: one group's durations behind the other's. */
function sortDurations(
  parts: readonly GroupedRows[],
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

function rowsOf(stretches: readonly number[]): number {
  let rows = 0;
  for (let i = 0; i < stretches.length; i += 2)
    rows += (stretches[i + 1] as number) - (stretches[i] as number);
  return rows;
}

function countPart(
  { columns, stretches, groups }: GroupedRows,
  counts: Uint32Array,
  failures: Uint32Array,
  max: Float64Array,
): void {
  const { duration, operation, kind } = columns;
  const words = new Uint32Array(duration.buffer);
  for (let i = 0; i < stretches.length; i += 2) {
    const to = stretches[i + 1] as number;
    for (let row = stretches[i] as number; row < to; row++) {
      const group = (groups[operation[row] as number] as number) - 1;
      const took = duration[row] as number;
      if (group < 0 || Number.isNaN(took)) continue;
      let bucket = ((words[row * 2 + 1] as number) >>> SHIFT) - LOWEST;
      if (bucket < 0) bucket = 0;
      else if (bucket >= BUCKETS) bucket = BUCKETS - 1;
      const at = group * BUCKETS + bucket;
      counts[at] = (counts[at] as number) + 1;
      if (took > (max[group] as number)) max[group] = took;
      if (((kind[row] as number) & 3) === ERROR) failures[group] = (failures[group] as number) + 1;
    }
  }
}

function collectPart(
  { columns, stretches, groups }: GroupedRows,
  chosen: Uint8Array,
  kept: Map<number, number[]>,
): void {
  const { duration, operation } = columns;
  const words = new Uint32Array(duration.buffer);
  for (let i = 0; i < stretches.length; i += 2) {
    const to = stretches[i + 1] as number;
    for (let row = stretches[i] as number; row < to; row++) {
      const group = (groups[operation[row] as number] as number) - 1;
      if (group < 0) continue;
      let bucket = ((words[row * 2 + 1] as number) >>> SHIFT) - LOWEST;
      if (bucket < 0) bucket = 0;
      else if (bucket >= BUCKETS) bucket = BUCKETS - 1;
      const at = group * BUCKETS + bucket;
      if (chosen[at] === 0) continue;
      const took = duration[row] as number;
      if (Number.isNaN(took)) continue;
      const values = kept.get(at);
      if (values) values.push(took);
      else kept.set(at, [took]);
    }
  }
}

/** Marks the buckets that hold the two values between which a quantile lies. */
function choose(chosen: Uint8Array, counts: Uint32Array, group: number, total: number, p: number): void {
  if (total === 0) return;
  const rank = Math.floor((total - 1) * p);
  for (const wanted of [rank, Math.min(rank + 1, total - 1)])
    chosen[group * BUCKETS + bucketOfRank(counts, group, wanted).bucket] = 1;
}

function bucketOfRank(counts: Uint32Array, group: number, rank: number): { bucket: number; before: number } {
  let before = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const count = counts[group * BUCKETS + bucket] as number;
    if (before + count > rank) return { bucket, before };
    before += count;
  }
  throw new RangeError(`a group has no ${rank}th duration`);
}

/** As `quantileSorted` interpolates, from the two values alone. */
function quantileOf(
  counts: Uint32Array,
  kept: ReadonlyMap<number, number[]>,
  group: number,
  total: number,
  p: number,
): number {
  if (total === 0) return Number.NaN;
  const at = (total - 1) * p;
  const durationAt = (rank: number) => {
    const { bucket, before } = bucketOfRank(counts, group, rank);
    return kept.get(group * BUCKETS + bucket)?.[rank - before] ?? Number.NaN;
  };
  const low = Math.floor(at);
  return quantileSorted([durationAt(low), durationAt(Math.min(low + 1, total - 1))], at - low);
}
