/**
 * The journal as files: `journal/<first sequence>.journal`, the newest one appended to. Format: `core/store/frame.ts`.
 *
 * An append resolves after `fdatasync`. When a write or a sync fails nobody knows what reached the disk, so the segment
 * is abandoned: nothing is written to it again, and the next append begins a new one (Rebello et al., "Can
 * Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import { encodeFrame, encodeSegmentHeader, readSegment, SEGMENT_HEADER_BYTES } from '../../store/frame.ts';
import type { Journal, JournalInfo, JournalPosition, SegmentDamage } from '../../store/ports.ts';
import { nodePlatform } from '../platform.ts';
import { syncFolder } from './durable-file.ts';

const SUFFIX = '.journal';
const DEFAULT_SEGMENT_BYTES = 64 * 1024 * 1024;

export interface JournalOptions {
  /** A segment is closed once it is longer than this. */
  segmentBytes?: number;
}

interface Segment {
  name: string;
  file: FileHandle;
  length: number;
}

export class JournalFiles implements Journal {
  readonly #folder: string;
  readonly #segmentBytes: number;
  #segment: Segment | undefined;
  /** Segment to append to as the last replay found it: its readable length. */
  #resume: { name: string; length: number } | undefined;
  #sealedBytes = 0;
  #sealed = 0;

  /** Makes the folder where it is missing. Call {@link replay} before the first append. */
  constructor(folder: string, options: JournalOptions = {}) {
    this.#folder = folder;
    this.#segmentBytes = options.segmentBytes ?? DEFAULT_SEGMENT_BYTES;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  replay(
    after: JournalPosition | null,
    onFrame: Parameters<Journal['replay']>[1],
    onDamage: (damage: SegmentDamage) => void,
  ): void {
    const names = segmentNames(this.#folder);
    if (after && !names.includes(after.segment)) {
      throw new TelemetryError('storage-failed', `The journal has no segment ${after.segment}.`);
    }
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
      const from = after?.segment === name ? after.offset : undefined;
      const { frames, damage, end } = readSegment(bytes, nodePlatform.crc32, from);
      for (const frame of frames) onFrame(frame);
      for (const found of damage) onDamage({ ...found, segment: name });
      if (!isLast) {
        this.#countSealed(bytes.length);
      } else if (damage.some(({ place }) => place === 'header')) {
        this.#countSealed(bytes.length);
      } else {
        if (damage.some(({ place }) => place === 'tail')) cutTail(path, bytes, end);
        this.#resume = { name, length: end };
      }
    }
  }

  async append(frames: Parameters<Journal['append']>[0]): Promise<void> {
    const first = frames[0];
    if (!first) return;
    const parts = frames.flatMap(({ firstSequence, count, payload }) =>
      encodeFrame(firstSequence, count, payload, nodePlatform.crc32),
    );
    let segment: Segment | undefined;
    try {
      segment = await this.#current(first.firstSequence);
      await writeAt(segment, parts);
      await segment.file.datasync();
    } catch (cause) {
      await this.#abandon();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TelemetryError(
        'storage-failed',
        `The journal could not be written (${why}). Nothing was acknowledged.`,
        {
          cause,
          retryAfterSeconds: 1,
        },
      );
    }
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
    const segment = this.#segment;
    this.#segment = undefined;
    await segment?.file.close();
  }

  async #current(firstSequence: number): Promise<Segment> {
    if (this.#segment && this.#segment.length < this.#segmentBytes) return this.#segment;
    if (this.#segment) await this.#seal(this.#segment);
    this.#segment = this.#resume ? await this.#reopen(this.#resume) : await this.#begin(firstSequence);
    return this.#segment;
  }

  async #reopen(resume: { name: string; length: number }): Promise<Segment> {
    const file = await open(join(this.#folder, resume.name), 'r+');
    this.#resume = undefined;
    return { ...resume, file };
  }

  async #begin(firstSequence: number): Promise<Segment> {
    const name = this.#freeName(firstSequence);
    const file = await open(join(this.#folder, name), 'wx', 0o600);
    const segment = { name, file, length: 0 };
    try {
      await writeAt(segment, [encodeSegmentHeader(firstSequence, nodePlatform.crc32)]);
      await file.datasync();
      syncFolder(this.#folder);
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    return segment;
  }

  /** A crash may have left a file of this name that was never begun; `~` sorts behind the plain name. */
  #freeName(firstSequence: number): string {
    const plain = String(firstSequence).padStart(16, '0');
    for (let i = 0; ; i++) {
      const name = (i === 0 ? plain : `${plain}~${i}`) + SUFFIX;
      if (!existsSync(join(this.#folder, name))) return name;
    }
  }

  async #seal(segment: Segment): Promise<void> {
    this.#countSealed(segment.length);
    this.#segment = undefined;
    await segment.file.close();
  }

  async #abandon(): Promise<void> {
    const segment = this.#segment;
    if (segment) {
      this.#countSealed(segment.length);
      this.#segment = undefined;
      await segment.file.close().catch(() => undefined);
    } else if (this.#resume) {
      this.#countSealed(this.#resume.length);
    }
    this.#resume = undefined;
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

async function writeAt(segment: Segment, parts: Uint8Array[]): Promise<void> {
  const wanted = parts.reduce((sum, part) => sum + part.length, 0);
  const { bytesWritten } = await segment.file.writev(parts, segment.length);
  if (bytesWritten !== wanted) throw new Error(`only ${bytesWritten} of ${wanted} bytes were written`);
  segment.length += wanted;
}

/** Cuts what follows the last whole frame; the cut bytes stay beside the segment for whoever wants to look. */
function cutTail(path: string, bytes: Uint8Array, end: number): void {
  writeFileSync(`${path}.torn-${end}`, bytes.subarray(end), { mode: 0o600 });
  truncateSync(path, end);
}
