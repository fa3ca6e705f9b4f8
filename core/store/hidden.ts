/** What is in the journal and not to be seen. */
import type { Platform } from '../platform.ts';
import type { EncodedEvents } from './encode.ts';

/** Events that are to be erased: left out of everything that is made from the journal. */
export interface Hidden {
  /** Names the choice: an image that was made under another one is not used. */
  key: string;
  /** By an event's JSON text and its sequence. */
  has(text: string, sequence: number): boolean;
}

/** Whether the event of a row is one of them. */
export function isHidden(
  hidden: Hidden | undefined,
  events: EncodedEvents,
  row: number,
  sequence: number,
  { decodeUtf8 }: Pick<Platform, 'decodeUtf8'>,
): boolean {
  if (!hidden?.key) return false;
  return hidden.has(
    decodeUtf8(events.payload.subarray(events.starts[row], events.ends[row])).trimEnd(),
    sequence,
  );
}
