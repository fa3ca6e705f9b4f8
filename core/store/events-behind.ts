/** Events of some types behind a sequence, in order of recording; those of other types are not even read. */
import type { EventType, TelemetryEvent } from '../contract/event.ts';
import type { EventFilter } from '../contract/methods.ts';
import { typeCode } from './encode.ts';
import type { EventReader } from './event-reader.ts';
import { parseEvent, placesOf } from './event-source.ts';
import { matchOf, stretchesOf } from './filter.ts';

/** At most `limit` of them, and the sequence up to which everything has been looked at. */
export function eventsOfTypesBehind(
  reader: EventReader,
  types: readonly EventType[],
  sequence: number,
  limit: number,
): { events: TelemetryEvent[]; upTo: number } {
  const wanted = new Set(types.map(typeCode));
  const named = new Set(types);
  const events: TelemetryEvent[] = [];
  let upTo = sequence;
  for (const source of reader.sources()) {
    if (source.count === 0 || source.runs.sequenceOf(source.count - 1) <= sequence) continue;
    const { kind } = source.columns();
    const rows: number[] = [];
    let row = source.runs.rowAfter(sequence, source.count);
    for (; row < source.count && events.length + rows.length < limit; row++)
      if (wanted.has((kind[row] as number) >> 2)) rows.push(row);
    if (row > 0) upTo = Math.max(upTo, source.runs.sequenceOf(row - 1));
    for (const place of placesOf(source, rows, named)) events.push(parseEvent(place, reader.read));
    if (events.length >= limit) break;
  }
  return { events, upTo };
}

/** The sequence behind which exactly `count` events of a type were recorded; 0 where there are no more than that. */
export function sequenceBeforeNewest(reader: EventReader, type: EventType, count: number): number {
  const wanted = typeCode(type);
  let left = count;
  for (const source of reader.sources().reverse()) {
    const { kind } = source.columns();
    for (let row = source.count - 1; row >= 0; row--) {
      if ((kind[row] as number) >> 2 !== wanted) continue;
      if (left-- === 0) return source.runs.sequenceOf(row);
    }
  }
  return 0;
}

/**
 * Sequences of the events that match, the newest `most` by time where there are more, ascending; and how many match.
 * They stay good while other work comes first: {@link eventsWithSequences} passes over what was erased meanwhile.
 */
export function newestSequences(
  reader: EventReader,
  filter: EventFilter,
  most: number,
): { sequences: Float64Array; total: number } {
  const parts: { times: Float64Array; sequences: Float64Array }[] = [];
  for (const source of reader.sources()) {
    const match = matchOf(source, filter);
    if (!match) continue;
    const columns = source.columns();
    const stretches = stretchesOf(columns, match);
    let rows = 0;
    for (let i = 0; i < stretches.length; i += 2)
      rows += (stretches[i + 1] as number) - (stretches[i] as number);
    const times = new Float64Array(rows);
    const sequences = new Float64Array(rows);
    let next = 0;
    for (let i = 0; i < stretches.length; i += 2)
      for (let row = stretches[i] as number; row < (stretches[i + 1] as number); row++, next++) {
        times[next] = columns.ts[row] as number;
        sequences[next] = source.runs.sequenceOf(row);
      }
    parts.push({ times, sequences });
  }
  const total = parts.reduce((sum, { times }) => sum + times.length, 0);
  const since = total > most ? timeOfNewest(parts, total, most) : Number.NEGATIVE_INFINITY;
  const chosen = parts.flatMap(({ times, sequences }) => [
    ...sequences.filter((_, i) => (times[i] as number) >= since),
  ]);
  return { sequences: Float64Array.from(chosen.slice(-most)), total };
}

/** Events by their sequences, ascending; those that are gone are left out. */
export function eventsWithSequences(reader: EventReader, sequences: Float64Array): TelemetryEvent[] {
  const events: TelemetryEvent[] = [];
  let next = 0;
  for (const source of reader.sources()) {
    if (source.count === 0) continue;
    const last = source.runs.sequenceOf(source.count - 1);
    const rows: number[] = [];
    for (; next < sequences.length && (sequences[next] as number) <= last; next++) {
      const sequence = sequences[next] as number;
      const row = source.runs.rowAfter(sequence - 1, source.count);
      if (row < source.count && source.runs.sequenceOf(row) === sequence) rows.push(row);
    }
    for (const place of placesOf(source, rows)) events.push(parseEvent(place, reader.read));
  }
  return events;
}

function timeOfNewest(parts: readonly { times: Float64Array }[], total: number, most: number): number {
  const all = new Float64Array(total);
  let next = 0;
  for (const { times } of parts) {
    all.set(times, next);
    next += times.length;
  }
  return all.sort()[total - most] as number;
}
