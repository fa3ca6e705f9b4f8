/**
 * Reads single events out of the journal's segments. Neighbours are often wanted next, so whole blocks are kept; who reads
 * on from block to block is given a long run of them at once. What is read lies in memory that is used again.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';

const BLOCK_BYTES = 16 * 1024;
const MOST_BLOCKS = 256;
const MOST_FILES = 32;
/** Bytes that are read at once for who reads on. */
const RUN_BYTES = 256 * 1024;

/** A stretch of a segment, in memory. */
interface Run {
  segment: string;
  offset: number;
  bytes: Buffer;
}

export class SegmentReader {
  readonly #folder: string;
  /** Both in order of last use. */
  readonly #files = new Map<string, number>();
  readonly #blocks = new Map<string, Buffer>();
  #run: Run | undefined;
  readonly #runMemory = Buffer.allocUnsafeSlow(RUN_BYTES);
  /** The last block that was read from the disk. */
  #latest: { segment: string; block: number } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Good until the next call. Throws `storage-failed` where the bytes are not there. */
  read(segment: string, offset: number, length: number): Uint8Array {
    const found = this.#inRun(segment, offset, length);
    if (found) return found;
    const block = Math.floor(offset / BLOCK_BYTES);
    const start = offset - block * BLOCK_BYTES;
    if (this.#readsOn(segment, block)) {
      this.#readRun(segment, block);
      const behind = this.#inRun(segment, offset, length);
      if (behind) return behind;
    }
    if (start + length <= BLOCK_BYTES) {
      const bytes = this.#block(segment, block, start + length);
      if (bytes) return bytes.subarray(start, start + length);
    }
    const bytes = Buffer.allocUnsafe(length);
    if (this.#fill(segment, offset, bytes) === length) return bytes;
    throw new TelemetryError(
      'storage-failed',
      `The journal's segment ${segment} does not hold bytes ${offset} to ${offset + length}.`,
    );
  }

  close(): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
    this.#blocks.clear();
    this.#run = undefined;
    this.#latest = undefined;
  }

  #inRun(segment: string, offset: number, length: number): Uint8Array | undefined {
    const run = this.#run;
    if (!run || run.segment !== segment || offset < run.offset) return undefined;
    const start = offset - run.offset;
    return start + length <= run.bytes.length ? run.bytes.subarray(start, start + length) : undefined;
  }

  /** Whether a block is the last one that was read, or the one behind it. */
  #readsOn(segment: string, block: number): boolean {
    const latest = this.#latest;
    return latest?.segment === segment && (block === latest.block || block === latest.block + 1);
  }

  #readRun(segment: string, block: number): void {
    const offset = block * BLOCK_BYTES;
    const read = this.#fill(segment, offset, this.#runMemory);
    this.#run = { segment, offset, bytes: this.#runMemory.subarray(0, read) };
    this.#latest = { segment, block: block + Math.max(0, Math.ceil(read / BLOCK_BYTES) - 1) };
  }

  /** A block with at least so many bytes: the newest grows while it is kept. */
  #block(segment: string, block: number, least: number): Buffer | undefined {
    const key = `${segment}:${block}`;
    let bytes = this.#blocks.get(key);
    this.#blocks.delete(key);
    if (!bytes || bytes.length < least) {
      const read = Buffer.allocUnsafeSlow(BLOCK_BYTES);
      bytes = read.subarray(0, this.#fill(segment, block * BLOCK_BYTES, read));
      this.#latest = { segment, block };
    }
    this.#blocks.set(key, bytes);
    dropOldest(this.#blocks, MOST_BLOCKS);
    return bytes.length < least ? undefined : bytes;
  }

  /** Reads as much as there is; returns how much. */
  #fill(segment: string, offset: number, into: Buffer): number {
    const file = this.#open(segment);
    let done = 0;
    while (done < into.length) {
      const got = readSync(file, into, done, into.length - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return done;
  }

  #open(segment: string): number {
    let file = this.#files.get(segment);
    if (file === undefined) {
      try {
        file = openSync(join(this.#folder, segment), 'r');
      } catch (cause) {
        throw new TelemetryError('storage-failed', `The journal's segment ${segment} cannot be read.`, {
          cause,
        });
      }
    } else {
      this.#files.delete(segment);
    }
    this.#files.set(segment, file);
    dropOldest(this.#files, MOST_FILES, closeSync);
    return file;
  }
}

function dropOldest<T>(kept: Map<string, T>, most: number, drop: (value: T) => void = () => undefined): void {
  if (kept.size <= most) return;
  const [oldest] = kept;
  if (!oldest) return;
  kept.delete(oldest[0]);
  drop(oldest[1]);
}
