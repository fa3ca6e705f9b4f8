/** Looking for a text in all stored events, in the order of recording, in steps between which other work may come. */
import type { EventFilter } from '../contract/methods.ts';
import type { EventReader } from './event-reader.ts';
import { type EventSource, parseEvent, placesOf } from './event-source.ts';
import { matchesRow, matchOf, type TextCheck } from './filter.ts';

/** Events looked at in a step; some milliseconds. */
const STEP = 2_000;

/** How far a search has come. */
export interface Searched {
  /** The last sequence that was looked at; 0 at first. */
  sequence: number;
  /** How many events were looked at or passed over. */
  seen: number;
}

/**
 * Tells time and status of each event behind `searched` that the filter and the check let through, and moves `searched`
 * on with every step, so that a later search can go on from there.
 */
export function* searchTexts(
  reader: EventReader,
  filter: EventFilter,
  check: TextCheck,
  searched: Searched,
  onFound: (ts: number, status: number) => void,
): Generator<void, void> {
  for (;;) {
    // Asked for anew in each step: what was recorded or sealed meanwhile changes the sources.
    const source = reader.sources().find((one) => lastOf(one) > searched.sequence);
    if (!source) return;
    const first = source.runs.rowAfter(searched.sequence, source.count);
    const match = matchOf(source, filter);
    const end = match ? Math.min(first + STEP, source.count) : source.count;
    if (match) {
      const columns = source.columns();
      const rows: number[] = [];
      for (let row = first; row < end; row++) if (matchesRow(columns, match, row)) rows.push(row);
      const found = textsOf(reader, source, rows, check);
      for (const row of found) onFound(columns.ts[row] as number, (columns.kind[row] as number) & 3);
    }
    searched.seen += end - first;
    searched.sequence = source.runs.sequenceOf(end - 1);
    yield;
  }
}

/** Those of the rows whose text the check lets through. */
function textsOf(reader: EventReader, source: EventSource, rows: number[], check: TextCheck): number[] {
  const places = placesOf(source, rows);
  return rows.filter((_, i) => {
    const place = places[i];
    if (!place) return false;
    const json = reader.read(place);
    return check.json(json) && check.event(parseEvent(place, () => json));
  });
}

function lastOf({ count, runs }: EventSource): number {
  return count === 0 ? 0 : runs.sequenceOf(count - 1);
}
