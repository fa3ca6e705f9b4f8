/**
 * Reads a journal by its documented format (`core/store/frame.ts`) and nothing else: no code is shared with the store,
 * so a mistake made there is not made here again. Whoever checks a fault test asks this reader and the store.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** An event as it stands in the journal. */
export interface JournalEvent {
  sequence: number;
  id: string;
  source: string;
  /** Its JSON text. */
  text: string;
}

export interface JournalContent {
  /** In the order of the journal. */
  events: JournalEvent[];
  /** Stretches that are no frame, with their bytes. */
  unreadable: { segment: string; start: number; end: number }[];
}

const SEGMENT_HEADER = 32;
const FRAME_HEADER = 48;
const FRAME_MAGIC = 'ABJF';
const LINES = 2;

/** Reads all segments of a journal folder, oldest first. Throws where a whole frame holds what it should not. */
export function readJournal(folder: string): JournalContent {
  const content: JournalContent = { events: [], unreadable: [] };
  for (const segment of segmentsIn(folder)) {
    const bytes = readFileSync(join(folder, segment));
    let at = SEGMENT_HEADER;
    let lost = -1;
    while (at < bytes.length) {
      const end = frameEnd(bytes, at);
      if (end === undefined) {
        if (lost < 0) lost = at;
        at += 1;
        continue;
      }
      if (lost >= 0) content.unreadable.push({ segment, start: lost, end: at });
      lost = -1;
      content.events.push(...frameEvents(bytes, at, end));
      at = end;
    }
    if (lost >= 0) content.unreadable.push({ segment, start: lost, end: bytes.length });
  }
  return content;
}

/** The segments of a journal folder, oldest first. */
export function segmentsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.journal'))
    .sort();
}

/** Where the frames of a segment begin and end, for tests that damage one of them. */
export function framesOf(bytes: Buffer): { start: number; end: number; count: number }[] {
  const frames: { start: number; end: number; count: number }[] = [];
  for (let at = SEGMENT_HEADER; at < bytes.length; ) {
    const end = frameEnd(bytes, at);
    if (end === undefined) throw new Error(`no frame at byte ${at}`);
    frames.push({ start: at, end, count: bytes.readUInt32LE(at + 16) });
    at = end;
  }
  return frames;
}

/** Where the frame that begins here ends; undefined where none begins. */
function frameEnd(bytes: Buffer, at: number): number | undefined {
  if (at + FRAME_HEADER > bytes.length || bytes.toString('latin1', at, at + 4) !== FRAME_MAGIC)
    return undefined;
  if (crc32(bytes.subarray(at, at + 44)) !== bytes.readUInt32LE(at + 44)) return undefined;
  const end = at + FRAME_HEADER + bytes.readUInt32LE(at + 4);
  if (end > bytes.length || crc32(bytes.subarray(at + FRAME_HEADER, end)) !== bytes.readUInt32LE(at + 40))
    return undefined;
  return end;
}

function frameEvents(bytes: Buffer, at: number, end: number): JournalEvent[] {
  const kind = bytes.readUInt8(at + 20);
  const flags = bytes.readUInt8(at + 21);
  if (kind !== LINES || flags !== 0) throw new Error(`a frame of kind ${kind} with flags ${flags}`);
  const lines = bytes
    .toString('utf8', at + FRAME_HEADER, end)
    .split('\n')
    .slice(0, -1);
  const count = bytes.readUInt32LE(at + 16);
  if (lines.length !== count) throw new Error(`a frame says ${count} events and holds ${lines.length}`);
  const first = Number(bytes.readBigUInt64LE(at + 8));
  return lines.map((text, i) => {
    const { id, source } = JSON.parse(text) as { id: string; source: string };
    return { sequence: first + i, id, source, text };
  });
}
