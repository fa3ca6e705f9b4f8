/** Reads a journal without changing it: what is in each segment, and what is wrong with it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORMAT_VERSION, FRAME_FLAGS, FRAME_KINDS, type Frame, readSegment } from '../../store/frame.ts';
import { eventsOfFrame } from '../../store/frame-events.ts';
import { nodePlatform } from '../platform.ts';
import { segmentNames } from './journal-files.ts';

export interface InspectedFrame {
  offset: number;
  bytes: number;
  kind: string;
  firstSequence: number;
  events: number;
  /** Key that the payload is encrypted with. */
  keyId?: number;
  /** Why its events cannot be read here. */
  problem?: string;
}

export interface InspectedSegment {
  name: string;
  bytes: number;
  frames: InspectedFrame[];
  events: number;
  firstSequence: number | undefined;
  lastSequence: number | undefined;
  damage: { start: number; end: number; place: string; reason: string }[];
}

export interface JournalInspection {
  formatVersion: number;
  segments: InspectedSegment[];
  events: number;
  bytes: number;
  /** Sequences that no readable frame has, between the first and the last: pairs of first and last missing. */
  gaps: [from: number, to: number][];
}

/** Throws where the folder cannot be read; damage in it is part of the answer. */
export function inspectJournal(folder: string): JournalInspection {
  const segments = segmentNames(folder).map((name) => inspectSegment(name, readFileSync(join(folder, name))));
  return {
    formatVersion: FORMAT_VERSION,
    segments,
    events: segments.reduce((sum, { events }) => sum + events, 0),
    bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    gaps: gapsOf(segments.flatMap(({ frames }) => frames)),
  };
}

function inspectSegment(name: string, bytes: Uint8Array): InspectedSegment {
  const frames: InspectedFrame[] = [];
  const { damage } = readSegment(bytes, nodePlatform.crc32, (frame) => frames.push(inspectFrame(frame)));
  const last = frames.at(-1);
  return {
    name,
    bytes: bytes.length,
    frames,
    events: frames.reduce((sum, { events }) => sum + events, 0),
    firstSequence: frames[0]?.firstSequence,
    lastSequence: last && last.firstSequence + last.events - 1,
    damage,
  };
}

function inspectFrame(frame: Frame): InspectedFrame {
  const kind = Object.entries(FRAME_KINDS).find(([, value]) => value === frame.kind)?.[0];
  const events = eventsOfFrame(frame, nodePlatform);
  return {
    offset: frame.start,
    bytes: frame.end - frame.start,
    kind: kind ?? `unknown (${frame.kind})`,
    firstSequence: frame.firstSequence,
    events: frame.count,
    ...(frame.flags & FRAME_FLAGS.encrypted ? { keyId: frame.keyId } : {}),
    ...(typeof events === 'string' ? { problem: events } : {}),
  };
}

function gapsOf(frames: readonly InspectedFrame[]): [number, number][] {
  const gaps: [number, number][] = [];
  let next = frames[0]?.firstSequence ?? 1;
  for (const { firstSequence, events } of frames) {
    if (firstSequence > next) gaps.push([next, firstSequence - 1]);
    next = Math.max(next, firstSequence + events);
  }
  return gaps;
}
