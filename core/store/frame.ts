/**
 * The journal's file format, version 1. Numbers are little-endian.
 *
 * A segment file is a 32-byte header and then frames, one after another:
 *
 *     header  0  8  magic "AIBOSJNL"      8  2  version (1)       10  2  header length (32)
 *            12  4  reserved             16  8  first sequence    24  4  reserved
 *            28  4  CRC-32 of bytes 0 to 27
 *     frame   0  4  magic "ABJF"          4  4  payload length     8  8  first sequence
 *            16  4  record count         20  1  kind              21  1  flags (1 encrypted, 2 compressed)
 *            22  2  reserved             24  4  key id            28 12  nonce
 *            40  4  CRC-32 of payload    44  4  CRC-32 of bytes 0 to 43
 *            48  …  payload, UTF-8: of kind 1 a JSON array of events (read, no longer written), of kind 2 a line of
 *                   JSON for each event, each ended by a line feed
 *
 * The header's own checksum lets a reader trust the length before it reads that far; the magic lets it find the next
 * frame behind a damaged one. Key id and nonce are there so that encryption needs no new format. CRC-32 (IEEE) and not
 * CRC-32C: Node computes it natively (`zlib.crc32`), see docs/decisions/0002-journal-checksum.md.
 */
import type { Platform } from '../platform.ts';

export const FORMAT_VERSION = 1;
export const SEGMENT_HEADER_BYTES = 32;
export const FRAME_HEADER_BYTES = 48;
/** A frame longer than this is taken for damage, not data. */
export const MAX_PAYLOAD_BYTES = 256 * 1024 * 1024;

const SEGMENT_MAGIC = [0x41, 0x49, 0x42, 0x4f, 0x53, 0x4a, 0x4e, 0x4c];
const FRAME_MAGIC = 0x464a4241;
export const FRAME_KINDS = { array: 1, lines: 2 } as const;
/** A frame whose payload is not the plain text: its flags, and what undoes them. */
export const FRAME_FLAGS = { encrypted: 1, compressed: 2 } as const;

type Crc = Platform['crc32'];

export interface Frame {
  firstSequence: number;
  count: number;
  kind: number;
  flags: number;
  keyId: number;
  nonce: Uint8Array;
  payload: Uint8Array;
  /** Where the frame begins and ends in its segment, in bytes. */
  start: number;
  end: number;
}

/** A stretch of a segment that could not be read. */
export interface Damage {
  start: number;
  end: number;
  reason: string;
  /** `tail`: nothing readable follows, so it is an append that was cut off. */
  place: 'header' | 'middle' | 'tail';
}

export function encodeSegmentHeader(firstSequence: number, crc: Crc): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(SEGMENT_MAGIC);
  view.setUint16(8, FORMAT_VERSION, true);
  view.setUint16(10, SEGMENT_HEADER_BYTES, true);
  view.setBigUint64(16, BigInt(firstSequence), true);
  view.setUint32(28, crc(bytes.subarray(0, 28)), true);
  return bytes;
}

/** Header and payload of a frame, to be written one after the other. */
export function encodeFrame(
  firstSequence: number,
  count: number,
  payload: Uint8Array,
  crc: Crc,
): Uint8Array[] {
  const header = new Uint8Array(FRAME_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, FRAME_MAGIC, true);
  view.setUint32(4, payload.length, true);
  view.setBigUint64(8, BigInt(firstSequence), true);
  view.setUint32(16, count, true);
  view.setUint8(20, FRAME_KINDS.lines);
  view.setUint32(40, crc(payload), true);
  view.setUint32(44, crc(header.subarray(0, 44)), true);
  return [header, payload];
}

/**
 * Reads a segment from byte `from` on, and tells each readable frame in order. Never throws by itself: what cannot be
 * read is in `damage`. `end` is where the last readable frame ends, and so where an append may go on.
 */
export function readSegment(
  bytes: Uint8Array,
  crc: Crc,
  onFrame: (frame: Frame) => void,
  from = SEGMENT_HEADER_BYTES,
): { damage: Damage[]; end: number } {
  const damage: Damage[] = [];
  const headerProblem = segmentHeaderProblem(bytes, crc);
  if (headerProblem) {
    const end = Math.min(bytes.length, SEGMENT_HEADER_BYTES);
    damage.push({ start: 0, end, reason: headerProblem, place: 'header' });
  }
  let offset = Math.max(from, SEGMENT_HEADER_BYTES);
  let end = Math.min(offset, bytes.length);
  while (offset < bytes.length) {
    const found = readFrame(bytes, offset, crc);
    if (typeof found !== 'string') {
      onFrame(found);
      offset = end = found.end;
      continue;
    }
    const next = nextFrame(bytes, offset + 1, crc);
    const place = next === -1 ? 'tail' : 'middle';
    damage.push({ start: offset, end: next === -1 ? bytes.length : next, reason: found, place });
    if (next === -1) break;
    offset = next;
  }
  return { damage, end };
}

function segmentHeaderProblem(bytes: Uint8Array, crc: Crc): string | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'the segment header is cut off';
  if (SEGMENT_MAGIC.some((byte, i) => bytes[i] !== byte))
    return 'the file does not begin as a journal segment';
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER_BYTES);
  if (view.getUint32(28, true) !== crc(bytes.subarray(0, 28)))
    return 'the segment header’s checksum is wrong';
  const version = view.getUint16(8, true);
  return version === FORMAT_VERSION ? undefined : `format version ${version} is not known here`;
}

/** The frame at `offset`, or in words why there is none. */
function readFrame(bytes: Uint8Array, offset: number, crc: Crc): Frame | string {
  if (offset + FRAME_HEADER_BYTES > bytes.length) return 'a frame header is cut off';
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, FRAME_HEADER_BYTES);
  if (view.getUint32(0, true) !== FRAME_MAGIC) return 'no frame begins here';
  const header = bytes.subarray(offset, offset + 44);
  if (view.getUint32(44, true) !== crc(header)) return 'a frame header’s checksum is wrong';
  const length = view.getUint32(4, true);
  if (length > MAX_PAYLOAD_BYTES) return `a frame claims ${length} bytes`;
  const start = offset + FRAME_HEADER_BYTES;
  if (start + length > bytes.length) return 'a frame is cut off';
  const payload = bytes.subarray(start, start + length);
  if (view.getUint32(40, true) !== crc(payload)) return 'a frame’s checksum is wrong';
  return {
    firstSequence: Number(view.getBigUint64(8, true)),
    count: view.getUint32(16, true),
    kind: view.getUint8(20),
    flags: view.getUint8(21),
    keyId: view.getUint32(24, true),
    nonce: bytes.subarray(offset + 28, offset + 40),
    payload,
    start: offset,
    end: start + length,
  };
}

/** Offset of the next readable frame at or behind `from`, -1 if there is none. */
function nextFrame(bytes: Uint8Array, from: number, crc: Crc): number {
  const first = FRAME_MAGIC & 0xff;
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (typeof readFrame(bytes, at, crc) !== 'string') return at;
  }
  return -1;
}
