/**
 * Exact quantiles of durations by group, in two passes over the columns. The first counts durations by the leading bits
 * of their floating-point number, which are in order of size; that tells in which narrow bucket a quantile lies. The
 * second collects the few durations of those buckets, and only they are sorted.
 */
import { quantileSorted } from '../numbers.ts';
import { BUCKETS, bucketOf } from './duration-buckets.ts';
import {
  durationsIn,
  type GroupedRows,
  type GroupSummary,
  rowsOf,
  type SortedRows,
  sortDurations,
} from './duration-rows.ts';
import { statusCode } from './encode.ts';

const ERROR = statusCode('error');
/** Upper 32 bits, but for the sign, from which on a number is none. */
const NOT_A_NUMBER = 0x7ff80000;
/** Below so many rows, and above so many groups, sorting each group is faster than counting. */
const FEW_ROWS = 30_000;
const MANY_GROUPS = 2_000;

/** Summaries of so many groups; a group without a duration has a count of 0. */
export function summariseDurations(
  parts: readonly GroupedRows[],
  sorted: readonly SortedRows[],
  groups: number,
  wanted: readonly number[],
): GroupSummary[] {
  const rows =
    parts.reduce((sum, { stretches }) => sum + rowsOf(stretches), 0) +
    sorted.reduce((sum, part) => sum + durationsIn(part), 0);
  if (rows < FEW_ROWS || groups > MANY_GROUPS) return sortDurations(parts, sorted, groups, rows, wanted);
  const counts = new Uint32Array((groups + 1) * BUCKETS);
  const failures = new Uint32Array(groups + 1);
  const slots = parts.map((part) => countPart(part, counts, failures));
  for (const part of sorted) countSorted(part, counts, failures);
  const totals = Array.from({ length: groups }, (_, i) =>
    counts.subarray((i + 1) * BUCKETS, (i + 2) * BUCKETS).reduce((sum, count) => sum + count, 0),
  );
  const chosen = new Uint8Array(counts.length);
  totals.forEach((count, i) => {
    for (const p of [...wanted, 1]) choose(chosen, counts, i + 1, count, p);
  });
  const kept = new Map<number, number[]>();
  parts.forEach((part, i) => {
    collectPart(part, slots[i] as Uint32Array, chosen, kept);
  });
  for (const part of sorted) collectSorted(part, chosen, kept);
  for (const values of kept.values()) values.sort((a, b) => a - b);
  return totals.map((count, i) => {
    const at = (p: number) => quantileOf(counts, kept, i + 1, count, p);
    const max = count === 0 ? 0 : at(1);
    return { count, failures: failures[i + 1] ?? 0, max, quantiles: wanted.map(at) };
  });
}

/** Counts the rows of a part; says of each in which slot of `counts` it went, 0 for none. */
function countPart(
  { columns, stretches, groups }: GroupedRows,
  counts: Uint32Array,
  failures: Uint32Array,
): Uint32Array {
  const { duration, operation, kind } = columns;
  const words = new Uint32Array(duration.buffer, duration.byteOffset);
  const slots = new Uint32Array(rowsOf(stretches));
  let next = 0;
  for (let i = 0; i < stretches.length; i += 2) {
    const to = stretches[i + 1] as number;
    for (let row = stretches[i] as number; row < to; row++, next++) {
      const group = groups[operation[row] as number] as number;
      const word = words[row * 2 + 1] as number;
      if (group === 0 || (word & 0x7fffffff) >= NOT_A_NUMBER) continue;
      const slot = group * BUCKETS + bucketOf(word);
      slots[next] = slot;
      (counts[slot] as number)++;
      if (((kind[row] as number) & 3) === ERROR) (failures[group] as number)++;
    }
  }
  return slots;
}

function collectPart(
  { columns, stretches }: GroupedRows,
  slots: Uint32Array,
  chosen: Uint8Array,
  kept: Map<number, number[]>,
): void {
  const { duration } = columns;
  let next = 0;
  for (let i = 0; i < stretches.length; i += 2) {
    const to = stretches[i + 1] as number;
    for (let row = stretches[i] as number; row < to; row++, next++) {
      const slot = slots[next] as number;
      if (chosen[slot] === 0) continue;
      const values = kept.get(slot);
      if (values) values.push(duration[row] as number);
      else kept.set(slot, [duration[row] as number]);
    }
  }
}

function countSorted({ durations, groups }: SortedRows, counts: Uint32Array, failures: Uint32Array): void {
  for (const { operation, buckets, ends, failures: failed } of durations.operations) {
    const group = groups[operation] as number;
    for (let i = 0; i < buckets.length; i++) {
      const at = group * BUCKETS + (buckets[i] as number);
      counts[at] = (counts[at] as number) + (ends[i] as number) - (i === 0 ? 0 : (ends[i - 1] as number));
    }
    failures[group] = (failures[group] as number) + failed;
  }
}

function collectSorted(
  { durations, groups }: SortedRows,
  chosen: Uint8Array,
  kept: Map<number, number[]>,
): void {
  for (const { operation, values, buckets, ends } of durations.operations) {
    const first = (groups[operation] as number) * BUCKETS;
    for (let i = 0; i < buckets.length; i++) {
      const at = first + (buckets[i] as number);
      if (chosen[at] === 0) continue;
      const found = kept.get(at) ?? [];
      for (let k = i === 0 ? 0 : (ends[i - 1] as number); k < (ends[i] as number); k++)
        found.push(values[k] as number);
      kept.set(at, found);
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
