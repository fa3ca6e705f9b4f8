/** Events of some types behind a sequence, in order of recording; those of other types are not even read. */
import type { EventType, TelemetryEvent } from '../contract/event.ts';
import { typeCode } from '../store/encode.ts';
import type { EventReader } from '../store/event-reader.ts';
import { eventAt } from '../store/event-source.ts';

/** At most `limit` of them, and the sequence up to which everything has been looked at. */
export function relevantEvents(
  reader: EventReader,
  types: readonly EventType[],
  sequence: number,
  limit: number,
): { events: TelemetryEvent[]; upTo: number } {
  const wanted = new Set(types.map(typeCode));
  const events: TelemetryEvent[] = [];
  let upTo = sequence;
  for (const source of reader.sources()) {
    if (source.count === 0 || source.runs.sequenceOf(source.count - 1) <= sequence) continue;
    const { kind } = source.columns();
    for (let row = source.runs.rowAfter(sequence, source.count); row < source.count; row++) {
      if (events.length >= limit) return { events, upTo };
      upTo = source.runs.sequenceOf(row);
      if (wanted.has((kind[row] as number) >> 2)) events.push(eventAt(source, row, reader.read));
    }
  }
  return { events, upTo };
}
