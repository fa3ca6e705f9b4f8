/** The events of a frame: decoded, and where in its payload each one's text stands. */
import type { Platform } from '../platform.ts';
import { describeEvents, type EncodedEvents, lineEnds, selectEvents, type UnstoredEvent } from './encode.ts';
import { FRAME_FLAGS, FRAME_KINDS, type Frame } from './frame.ts';

/** The events of a frame, or in words why they cannot be read here. */
export function eventsOfFrame(frame: Frame, platform: Pick<Platform, 'decodeUtf8'>): EncodedEvents | string {
  const { kind, flags, keyId, payload, count } = frame;
  if (flags & FRAME_FLAGS.encrypted)
    return `the frame is encrypted with key ${keyId}, which is not known here`;
  if (flags !== 0) return `the frame has flags (${flags}) that are not known here`;
  if (kind !== FRAME_KINDS.array && kind !== FRAME_KINDS.lines)
    return `the frame is of kind ${kind}, which is not known here; a newer version wrote it`;
  try {
    const text = platform.decodeUtf8(payload);
    const json = kind === FRAME_KINDS.array ? text : `[${text.slice(0, -1).replaceAll('\n', ',')}]`;
    const events = JSON.parse(json) as UnstoredEvent[];
    if (events.length !== count) return `the frame says ${count} events and holds ${events.length}`;
    const places = kind === FRAME_KINDS.array ? elementEnds(payload, count) : lineEnds(payload, count);
    return describeEvents(events, { payload, ...places });
  } catch (error) {
    return `the frame's events cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
}

/** Stretches of events for which `wanted` holds, each with the row of its first. */
export function* runsOf(
  events: EncodedEvents,
  wanted: (row: number) => boolean,
): Iterable<{ row: number; events: EncodedEvents }> {
  let rows: number[] = [];
  for (let row = 0; row <= events.count; row++) {
    if (row < events.count && wanted(row)) {
      rows.push(row);
    } else if (rows.length > 0) {
      yield {
        row: rows[0] as number,
        events: rows.length === events.count ? events : selectEvents(events, rows),
      };
      rows = [];
    }
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Where the elements of a JSON array of objects begin and end. */
function elementEnds(payload: Uint8Array, count: number): Pick<EncodedEvents, 'starts' | 'ends'> {
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let depth = 0;
  let element = 0;
  let inText = false;
  for (let at = 0; at < payload.length; at++) {
    const byte = payload[at];
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) inText = !inText;
    else if (inText) continue;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++depth === 2) starts[element] = at;
    } else if (byte === 0x5d || byte === 0x7d) {
      if (depth-- === 2) ends[element++] = at + 1;
    }
  }
  return { starts, ends };
}
