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

/** Leading bits that make a bucket: sign, 11 of exponent and 7 of fraction, so a bucket is less than 0.8 % wide. */
const SHIFT = 13;
/** Buckets begin at 2^-10 ms and end at 2^30 ms; what lies outside goes to the first or the last. */
const LOWEST = (1023 - 10) << 7;
const BUCKETS = 40 << 7;
const ERROR = statusCode('error');

/** Summaries of so many groups; a group without a duration has a count of 0. */
export function summariseDurations(
  parts: readonly GroupedRows[],
  groups: number,
  wanted: readonly number[],
): GroupSummary[] {
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
