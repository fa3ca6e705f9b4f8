/**
 * The journal as files: `journal/<number>.journal`, read in order of their numbers, the newest one
 * appended to. The number is the first sequence where nothing went wrong. Format: `core/store/frame.ts`.
 *
 * An append resolves after `fdatasync`. When a write or a sync fails nobody knows what reached the disk, so the segment
 * is abandoned: it is cut to what was synced, nothing is written to it again, and the next append begins a new one. A
 * restart would otherwise read from the system's cache what is not on the disk (Rebello et al., "Can Applications
 * Recover from fsync Failures?", USENIX ATC 2020). For the same reason a replay syncs what it reads: a process that was
 * killed may have written more than it synced.
 */
import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writevSync,
} from 'node:fs';
import { join } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import {
  encodeFrame,
  encodeSegmentHeader,
  FRAME_HEADER_BYTES,
  readSegment,
  SEGMENT_HEADER_BYTES,
} from '../../store/frame.ts';
import type { Journal, JournalInfo, JournalPosition, JournalVisitor } from '../../store/ports.ts';
import { type FateOf, rewriteSegment } from '../../store/rewrite.ts';
import { nodePlatform } from '../platform.ts';
import { makeFolder, replaceFile, syncFolder } from './durable-file.ts';
import { SegmentReader } from './segment-reader.ts';

const SUFFIX = '.journal';
const DEFAULT_SEGMENT_BYTES = 64 * 1024 * 1024;
/** Tails that were cut off, and what unfinished writes left. */
const LEFTOVER = /\.torn-\d+$|^\..*\.tmp$/;
/** Buffers that one write takes; systems allow 1,024. */
const MOST_PARTS = 1_000;

export interface JournalOptions {
  /** A segment is closed once it is longer than this. */
  segmentBytes?: number;
}

interface Segment {
  name: string;
  file: number;
  length: number;
  /** So much of it is durable. */
  synced: number;
}

export class JournalFiles implements Journal {
  readonly #folder: string;
  readonly #segmentBytes: number;
  readonly #reader: SegmentReader;
  #segment: Segment | undefined;
  /** Segment to append to as the last replay found it: its readable length. */
  #resume: { name: string; length: number } | undefined;
  #sealedBytes = 0;
  #sealed = 0;

  /** Makes the folder where it is missing. Call {@link replay} before the first append. */
  constructor(folder: string, options: JournalOptions = {}) {
    this.#folder = folder;
    this.#segmentBytes = options.segmentBytes ?? DEFAULT_SEGMENT_BYTES;
    this.#reader = new SegmentReader(folder);
    makeFolder(folder);
  }

  replay(after: JournalPosition | null, visitor: JournalVisitor): void {
    try {
      this.#replay(after, visitor);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === undefined || TelemetryError.is(cause)) throw cause;
      throw new TelemetryError(
        'storage-failed',
        `The journal in ${this.#folder} cannot be written (${message}). Make room or the folder writable, or choose another data folder.`,
        { cause },
      );
    }
  }

  #replay(after: JournalPosition | null, { onFrame, onDamage }: JournalVisitor): void {
    const names = segmentNames(this.#folder);
    this.#check(names, after);
    this.#sealed = 0;
    this.#sealedBytes = 0;
    this.#resume = undefined;
    for (const [i, name] of names.entries()) {
      const path = join(this.#folder, name);
      const isLast = i === names.length - 1;
      if (after && name < after.segment) {
        this.#countSealed(statSync(path).size);
        continue;
      }
      const bytes = readFileSync(path);
      makeDurable(path, bytes);
      const from = after?.segment === name ? after.offset : undefined;
      const { damage, end } = readSegment(bytes, nodePlatform.crc32, (frame) => onFrame(frame, name), from);
      for (const found of damage) onDamage({ ...found, segment: name });
      if (!isLast || damage.some(({ place }) => place === 'header')) {
        this.#countSealed(bytes.length);
      } else {
        if (damage.some(({ place }) => place === 'tail')) cutTail(path, bytes, end);
        this.#resume = { name, length: end };
      }
    }
    syncFolder(this.#folder);
  }

  visit(after: JournalPosition | null, until: JournalPosition, { onFrame, onDamage }: JournalVisitor): void {
    const names = segmentNames(this.#folder);
    this.#check(names, after);
    for (const name of names) {
      if ((after && name < after.segment) || name > until.segment) continue;
      const path = join(this.#folder, name);
      const whole = readFileSync(path);
      const bytes = name === until.segment ? whole.subarray(0, until.offset) : whole;
      const from = after?.segment === name ? after.offset : undefined;
      const { damage } = readSegment(bytes, nodePlatform.crc32, (frame) => onFrame(frame, name), from);
      for (const found of damage) onDamage({ ...found, segment: name });
    }
  }

  append(frames: Parameters<Journal['append']>[0]): Promise<JournalPosition[]> {
    let segment: Segment;
    try {
      const first = frames[0];
      if (!first) return Promise.resolve([]);
      segment = this.#current(first.firstSequence);
      const places = this.#write(segment, frames);
      const written = segment.length;
      return new Promise((resolve, reject) => {
        fdatasync(segment.file, (error) => {
          if (error) {
            reject(this.#abandon(segment, error));
          } else {
            segment.synced = written;
            resolve(places);
          }
        });
      });
    } catch (error) {
      return Promise.reject(this.#abandon(this.#segment, error));
    }
  }

  rewrite(fateOf: FateOf, onStep: (step: string) => void = () => undefined) {
    this.#reader.close();
    if (this.#segment) closeSync(this.#segment.file);
    this.#segment = undefined;
    this.#resume = undefined;
    const done = { dropped: 0, replaced: 0 };
    const names = segmentNames(this.#folder);
    for (const name of names) {
      const path = join(this.#folder, name);
      const rewritten = rewriteSegment(readFileSync(path), fateOf, nodePlatform);
      if (!rewritten) continue;
      onStep(`rewrite ${name}`);
      // The newest one stays, even empty: its number keeps the sequences behind it from being given again.
      if (rewritten.parts.length > 0) replaceFile(path, rewritten.parts);
      else if (name !== names.at(-1)) rmSync(path);
      else replaceFile(path, [encodeSegmentHeader(Number.parseInt(name, 10), nodePlatform.crc32)]);
      done.dropped += rewritten.dropped;
      done.replaced += rewritten.replaced;
    }
    onStep('remove leftovers');
    for (const name of readdirSync(this.#folder))
      if (LEFTOVER.test(name)) rmSync(join(this.#folder, name), { force: true });
    syncFolder(this.#folder);
    return done;
  }

  read(segment: string, offset: number, length: number): Uint8Array {
    return this.#reader.read(segment, offset, length);
  }

  position(): JournalPosition {
    if (this.#segment) return { segment: this.#segment.name, offset: this.#segment.length };
    return this.#resume
      ? { segment: this.#resume.name, offset: this.#resume.length }
      : { segment: '', offset: SEGMENT_HEADER_BYTES };
  }

  info(): JournalInfo {
    const open = this.#segment ?? this.#resume;
    return { segments: this.#sealed + (open ? 1 : 0), bytes: this.#sealedBytes + (open?.length ?? 0) };
  }

  async close(): Promise<void> {
    this.#reader.close();
    const segment = this.#segment;
    this.#segment = undefined;
    if (segment) closeSync(segment.file);
  }

  #check(names: readonly string[], after: JournalPosition | null): void {
    if (after && !names.includes(after.segment)) {
      throw new TelemetryError('storage-failed', `The journal has no segment ${after.segment}.`);
    }
  }

  /** Writes frames behind the segment's end; the places of their payloads. */
  #write(segment: Segment, frames: Parameters<Journal['append']>[0]): JournalPosition[] {
    const places: JournalPosition[] = [];
    const parts: Uint8Array[] = [];
    let end = segment.length;
    for (const { firstSequence, count, payload } of frames) {
      parts.push(...encodeFrame(firstSequence, count, payload, nodePlatform.crc32));
      places.push({ segment: segment.name, offset: end + FRAME_HEADER_BYTES });
      end += FRAME_HEADER_BYTES + payload.length;
    }
    this.#writeAt(segment, parts);
    return places;
  }

  #writeAt(segment: Segment, parts: Uint8Array[]): void {
    const wanted = parts.reduce((sum, part) => sum + part.length, 0);
    for (let i = 0, at = segment.length; i < parts.length; i += MOST_PARTS) {
      const some = parts.slice(i, i + MOST_PARTS);
      const bytes = some.reduce((sum, part) => sum + part.length, 0);
      const written = writevSync(segment.file, some, at);
      if (written !== bytes) throw new Error(`only ${written} of ${bytes} bytes were written`);
      at += bytes;
    }
    segment.length += wanted;
  }

  #current(firstSequence: number): Segment {
    if (this.#segment && this.#segment.length >= this.#segmentBytes) {
      this.#countSealed(this.#segment.length);
      const full = this.#segment;
      this.#segment = undefined;
      closeSync(full.file);
    }
    this.#segment ??= this.#resume ? this.#reopen(this.#resume) : this.#begin(firstSequence);
    return this.#segment;
  }

  #reopen(resume: { name: string; length: number }): Segment {
    const file = openSync(join(this.#folder, resume.name), 'r+');
    this.#resume = undefined;
    return { ...resume, file, synced: resume.length };
  }

  #begin(firstSequence: number): Segment {
    const name = this.#nextName(firstSequence);
    const file = openSync(join(this.#folder, name), 'wx', 0o600);
    const segment = { name, file, length: 0, synced: 0 };
    try {
      this.#writeAt(segment, [encodeSegmentHeader(firstSequence, nodePlatform.crc32)]);
      fdatasyncSync(file);
      syncFolder(this.#folder);
    } catch (error) {
      closeSync(file);
      rmSync(join(this.#folder, name), { force: true });
      throw error;
    }
    segment.synced = segment.length;
    return segment;
  }

  /**
   * Segments are read in order of their names. A crash may have left one that was begun for sequences which were never
   * given after all: the new one must still come behind it.
   */
  #nextName(firstSequence: number): string {
    const newest = Number.parseInt(segmentNames(this.#folder).at(-1) ?? '0', 10);
    return String(Math.max(firstSequence, newest + 1)).padStart(16, '0') + SUFFIX;
  }

  /** Nothing is written to the segment again; returns what the caller is told. */
  #abandon(segment: Segment | undefined, cause: unknown): TelemetryError {
    if (segment && segment === this.#segment) {
      this.#countSealed(segment.synced);
      this.#segment = undefined;
      try {
        ftruncateSync(segment.file, segment.synced);
        fdatasyncSync(segment.file);
      } catch {
        // It is given up in any case.
      }
      this.#close(segment);
    } else if (!segment && this.#resume) {
      this.#countSealed(this.#resume.length);
      this.#resume = undefined;
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `The journal could not be written (${why}). Nothing was acknowledged.`;
    return new TelemetryError('storage-failed', message, { cause, retryAfterSeconds: 1 });
  }

  #close(segment: Segment): void {
    try {
      closeSync(segment.file);
    } catch {
      // Some systems tell here of a write that failed; whoever waited for it knows.
    }
  }

  #countSealed(bytes: number): void {
    this.#sealed += 1;
    this.#sealedBytes += bytes;
  }
}

/** Names of the segments in a journal folder, oldest first. */
export function segmentNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .sort();
}

/** Syncs a file that another process may have written to; where that fails, puts a synced copy in its place. */
function makeDurable(path: string, bytes: Uint8Array): void {
  try {
    const file = openSync(path, 'r+');
    try {
      fdatasyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    replaceFile(path, [bytes]);
  }
}

/** Cuts what follows the last whole frame; the cut bytes stay beside the segment for whoever wants to look. */
function cutTail(path: string, bytes: Uint8Array, end: number): void {
  try {
    writeFileSync(`${path}.torn-${end}`, bytes.subarray(end), { mode: 0o600 });
  } catch {
    // A full disk has no room for them; they were never acknowledged.
  }
  truncateSync(path, end);
}
