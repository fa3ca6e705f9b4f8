/** The stored events, for reading only: what queries need of the store. */
import type { EventType, TelemetryEvent } from '../contract/event.ts';
import { refersTo, typeCode } from './encode.ts';
import { type EventSource, eventAt, type Place, parseEvent, type ReadText } from './event-source.ts';
import type { Glance } from './glance.ts';
import { hashText } from './hash.ts';

export interface EventReader {
  /** All partitions, oldest first. */
  sources(): EventSource[];
  /** The text of an event. */
  read: ReadText;
  /** Events with an id, of one source or of all. */
  withId(id: string, source?: string): TelemetryEvent[];
  /** Events of a type that are about another one, in order of recording. */
  about(type: EventType, id: string): TelemetryEvent[];
  /** Events behind a sequence, oldest first. */
  after(sequence: number, limit: number): TelemetryEvent[];
  /** Like `after`, without reading the events; of some types or all. */
  glancesAfter(sequence: number, limit: number, types?: ReadonlySet<EventType>): Glance[];
}

/** The events about another one, by the tables' index. */
export function eventsReferring(
  sources: readonly EventSource[],
  read: ReadText,
  type: EventType,
  id: string,
): TelemetryEvent[] {
  const events: TelemetryEvent[] = [];
  for (const source of sources) {
    const places = source.tables().all(
      `SELECT seq, segment, place, length FROM events WHERE refers = ? AND refers <> 0 AND type = ? ORDER BY seq`,
      [hashText(id), typeCode(type)],
      (row): Place => ({
        sequence: Number(row[0]),
        segment: source.segments[Number(row[1])] ?? '',
        offset: Number(row[2]),
        length: Number(row[3]),
      }),
    );
    for (const place of places) {
      const event = parseEvent(place, read);
      if (refersTo(event) === id) events.push(event);
    }
  }
  return events;
}

/** Events behind a sequence, oldest first. */
export function eventsBehind(
  sources: readonly EventSource[],
  read: ReadText,
  sequence: number,
  limit: number,
): TelemetryEvent[] {
  const events: TelemetryEvent[] = [];
  for (const source of sources) {
    if (source.count === 0 || source.runs.sequenceOf(source.count - 1) <= sequence) continue;
    for (let row = source.runs.rowAfter(sequence, source.count); row < source.count; row++) {
      if (events.length >= limit) return events;
      events.push(eventAt(source, row, read));
    }
  }
  return events;
}
