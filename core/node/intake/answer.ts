/** What a recorded body is answered with, put together from bytes: the ids were written as JSON by the reading thread. */
import type { RecordResult } from '../../contract/methods.ts';

/** How many of a batch are new, and what was refused. */
export type RecordCounts = Omit<RecordResult, 'ids'>;

export interface RecordedBody {
  counts: RecordCounts;
  /** The whole answer, a `RecordResult`, as JSON. */
  json: Uint8Array;
}

/** @param ids the JSON array of the ids that were accepted or known */
export function recordedBody(counts: RecordCounts, ids: Uint8Array): RecordedBody {
  const { accepted, duplicates, rejected } = counts;
  const json = Buffer.concat([
    Buffer.from(`{"accepted":${accepted},"duplicates":${duplicates},"ids":`),
    ids,
    Buffer.from(`,"rejected":${JSON.stringify(rejected)}}`),
  ]);
  return { counts, json };
}
