/**
 * The durations of a partition that no longer changes, sorted once for each operation: a quantile over many of them
 * looks at a few buckets instead of every event.
 */
import type { Columns } from './columns.ts';
import { bucketOf } from './duration-buckets.ts';
import { statusCode } from './encode.ts';

/** Of one operation, by its number in the columns' names. */
export interface OperationDurations {
  operation: number;
  failures: number;
  /** Milliseconds, in order of size. */
  values: Float64Array;
  /** Buckets that hold a value, in order, and behind which value each ends. */
  buckets: Uint16Array;
  ends: Uint32Array;
}

export interface SortedDurations {
  operations: readonly OperationDurations[];
  /** Memory it takes. */
  bytes: number;
}

const ERROR = statusCode('error');

/** Sorts the durations of all rows; rows without operation or duration are left out. */
export function sortDurationsOf(columns: Columns): SortedDurations {
  const { operation, duration, kind, count } = columns;
  const sizes = new Uint32Array(columns.names.size + 1);
  for (let row = 0; row < count; row++)
    if (!Number.isNaN(duration[row])) (sizes[operation[row] as number] as number)++;
  const values = Array.from(sizes, (size, id) => new Float64Array(id === 0 ? 0 : size));
  const failures = new Uint32Array(sizes.length);
  const filled = new Uint32Array(sizes.length);
  for (let row = 0; row < count; row++) {
    const id = operation[row] as number;
    const took = duration[row] as number;
    if (id === 0 || Number.isNaN(took)) continue;
    (values[id] as Float64Array)[filled[id] as number] = took;
    (filled[id] as number)++;
    if (((kind[row] as number) & 3) === ERROR) (failures[id] as number)++;
  }
  const operations = values.flatMap((own, id) =>
    own.length === 0 ? [] : [{ operation: id, failures: failures[id] as number, ...bucketed(own.sort()) }],
  );
  const bytes = operations.reduce(
    (sum, one) => sum + one.values.byteLength + one.buckets.byteLength + one.ends.byteLength,
    0,
  );
  return { operations, bytes };
}

function bucketed(values: Float64Array): Pick<OperationDurations, 'values' | 'buckets' | 'ends'> {
  const words = new Uint32Array(values.buffer);
  const buckets: number[] = [];
  const ends: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const bucket = bucketOf(words[i * 2 + 1] as number);
    if (bucket !== buckets.at(-1)) {
      buckets.push(bucket);
      ends.push(i);
    }
    ends[ends.length - 1] = i + 1;
  }
  return { values, buckets: Uint16Array.from(buckets), ends: Uint32Array.from(ends) };
}
