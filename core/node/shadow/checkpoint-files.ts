/**
 * Checkpoints of shadows as files, each named by the key of its state, in `cache/shadow/states/`. The oldest used go
 * when they become too many or too large; any may be deleted at any time.
 *
 *     offset 0   'AIBOSSH1'
 *            8   length of the JSON, unsigned 32 bit, little endian
 *           12   CRC-32 of the image
 *           16   JSON: what each migration up to here was judged, and the gaps
 *                image: to the end of the file
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Gaps } from '../../shadow/explain.ts';
import type { Checkpoint, Checkpoints, Passed } from '../../shadow/history-state.ts';
import { replaceFile } from '../store/durable-file.ts';

const MAGIC = 'AIBOSSH1';
const HEADER_BYTES = 16;
const ENDING = '.state';
const MOST_BYTES = 256 * 1024 * 1024;
const MOST_FILES = 48;

interface Written {
  passed: Passed[];
  gaps: { extensions: string[]; standIns: string[]; lost: Gaps['lost'] };
}

export class CheckpointFiles implements Checkpoints {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  has(key: string): boolean {
    return existsSync(this.#path(key));
  }

  load(key: string): (Checkpoint & { image: Uint8Array }) | undefined {
    return this.#reading(key, (path) => {
      const bytes = readFileSync(path);
      const { length, sum } = headerOf(bytes);
      const image = bytes.subarray(HEADER_BYTES + length);
      if (crc32(image) !== sum) throw new Error('the image is damaged');
      return { ...checkpointOf(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length)), image };
    });
  }

  peek(key: string): Checkpoint | undefined {
    return this.#reading(key, (path) => {
      const fd = openSync(path, 'r');
      try {
        const header = Buffer.alloc(HEADER_BYTES);
        readSync(fd, header);
        const json = Buffer.alloc(Math.min(headerOf(header).length, MOST_BYTES));
        readSync(fd, json, { position: HEADER_BYTES });
        return checkpointOf(json);
      } finally {
        closeSync(fd);
      }
    });
  }

  /** A checkpoint that cannot be written is one that is missing later; nothing else depends on it. */
  save(key: string, { passed, gaps }: Checkpoint, image: Uint8Array): void {
    const { extensions, standIns, lost } = gaps;
    const written: Written = { passed, gaps: { extensions: [...extensions], standIns: [...standIns], lost } };
    const json = Buffer.from(JSON.stringify(written));
    const header = Buffer.alloc(HEADER_BYTES);
    header.write(MAGIC);
    header.writeUInt32LE(json.length, 8);
    header.writeUInt32LE(crc32(image), 12);
    try {
      replaceFile(this.#path(key), [header, json, image]);
      this.#clear();
    } catch {
      rmSync(this.#path(key), { force: true });
    }
  }

  #reading<T>(key: string, read: (path: string) => T): T | undefined {
    const path = this.#path(key);
    if (!existsSync(path)) return undefined;
    try {
      const now = new Date();
      utimesSync(path, now, now);
      return read(path);
    } catch {
      rmSync(path, { force: true });
      return undefined;
    }
  }

  /** Lets the least lately used go. */
  #clear(): void {
    const files = readdirSync(this.#folder)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => ({ path: join(this.#folder, name), ...sizeAndTime(join(this.#folder, name)) }))
      .sort((a, b) => b.at - a.at);
    let bytes = 0;
    for (const [i, { path, size }] of files.entries()) {
      bytes += size;
      if (i > 0 && (i >= MOST_FILES || bytes > MOST_BYTES)) rmSync(path, { force: true });
    }
  }

  #path(key: string): string {
    return join(this.#folder, `${key.slice(0, 40)}${ENDING}`);
  }
}

function headerOf(bytes: Buffer): { length: number; sum: number } {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new Error('this is no checkpoint');
  return { length: bytes.readUInt32LE(8), sum: bytes.readUInt32LE(12) };
}

function checkpointOf(json: Uint8Array): Checkpoint {
  const { passed, gaps } = JSON.parse(Buffer.from(json).toString('utf8')) as Written;
  return {
    passed,
    gaps: { ...gaps, extensions: new Set(gaps.extensions), standIns: new Set(gaps.standIns) },
  };
}

function sizeAndTime(path: string): { size: number; at: number } {
  try {
    const { size, mtimeMs } = statSync(path);
    return { size, at: mtimeMs };
  } catch {
    return { size: 0, at: 0 };
  }
}
