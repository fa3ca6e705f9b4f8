/** Which of the predictions that a run judged count, and when that was. */
import { inTurns, type Steps } from '../steps.ts';
import type { Entry } from './ledger-entry.ts';

/** Someone who edits a migration asks many times before it runs; what was said last is what counts. */
export function* lastBeforeRun(entries: readonly Entry[]): Steps<Entry[]> {
  const last = new Map<string, Entry>();
  yield* inTurns(entries, (entry) => {
    const { run, modelId, migration, statement, id } = entry;
    const key = run?.eventId
      ? [run.eventId, modelId, migration, statement, entry.failureProbability === undefined].join('\n')
      : id;
    last.set(key, entry);
  });
  return [...last.values()];
}

/** When it turned out. */
export function timeOf(entry: Entry): number {
  return entry.run?.at ?? entry.judged?.at ?? entry.at;
}

export function byTime(a: { at: number; entry: Entry }, b: { at: number; entry: Entry }): number {
  return a.at - b.at || a.entry.sequence - b.entry.sequence;
}
