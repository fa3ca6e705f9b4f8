/**
 * Images as files, `<name>.image`, each written beside and renamed. A file is a line `AIBOSIMG 1 <bytes of the head>
 * <CRC-32 of the head>`, the head as JSON, then the parts one after another; the head says how long each is and its
 * CRC-32. So a list needs the heads only, and a part is read by itself.
 */
import { closeSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Image, Images } from '../../store/ports.ts';
import { nodePlatform } from '../platform.ts';
import { makeFolder, replaceFileAsync, syncFolder } from './durable-file.ts';

interface Stored<Head> {
  head: Head;
  parts: { length: number; crc: number }[];
}

const SUFFIX = '.image';
const MAGIC = 'AIBOSIMG 1';
const LONGEST_LINE = 64;

export class ImageFiles<Head> implements Images<Head> {
  readonly #folder: string;
  /** Heads as they were last read or written, and where the parts begin. */
  readonly #known = new Map<string, Stored<Head> & { start: number }>();

  /** Memory of passing parts. */
  #passing = Buffer.alloc(0);

  constructor(folder: string) {
    this.#folder = folder;
    makeFolder(folder);
  }

  list(): Image<Head>[] {
    const images: Image<Head>[] = [];
    for (const file of readdirSync(this.#folder).sort()) {
      if (!file.endsWith(SUFFIX)) continue;
      const name = file.slice(0, -SUFFIX.length);
      const stored = this.#known.get(name) ?? this.#readHead(name);
      if (stored) images.push({ name, head: stored.head });
    }
    return images;
  }

  part(name: string, index: number): Uint8Array | undefined {
    return this.#part(name, index, (length) => Buffer.allocUnsafeSlow(length));
  }

  passingPart(name: string, index: number): Uint8Array | undefined {
    return this.#part(name, index, (length) => {
      if (this.#passing.length < length) this.#passing = Buffer.allocUnsafeSlow(length);
      return this.#passing.subarray(0, length);
    });
  }

  #part(name: string, index: number, room: (length: number) => Buffer): Uint8Array | undefined {
    const stored = this.#known.get(name) ?? this.#readHead(name);
    const part = stored?.parts[index];
    if (!stored || !part) return undefined;
    const offset = stored.parts.slice(0, index).reduce((sum, { length }) => sum + length, stored.start);
    const bytes = this.#read(name, offset, room(part.length));
    return bytes && nodePlatform.crc32(bytes) === part.crc ? bytes : undefined;
  }

  async save(name: string, head: Head, parts: readonly Uint8Array[]): Promise<void> {
    const stored: Stored<Head> = {
      head,
      parts: parts.map((part) => ({ length: part.length, crc: nodePlatform.crc32(part) })),
    };
    const json = nodePlatform.encodeUtf8(`${JSON.stringify(stored)}\n`);
    const line = nodePlatform.encodeUtf8(`${MAGIC} ${json.length} ${nodePlatform.crc32(json)}\n`);
    await replaceFileAsync(this.#path(name), [line, json, ...parts]);
    this.#known.set(name, { ...stored, start: line.length + json.length });
  }

  remove(name: string): void {
    this.#known.delete(name);
    rmSync(this.#path(name), { force: true });
  }

  clear(): void {
    this.#known.clear();
    for (const file of readdirSync(this.#folder)) rmSync(join(this.#folder, file), { force: true });
    syncFolder(this.#folder);
  }

  #path(name: string): string {
    return join(this.#folder, name + SUFFIX);
  }

  /** Undefined where the file is cut off, altered or no image. */
  #readHead(name: string): (Stored<Head> & { start: number }) | undefined {
    const beginning = this.#read(name, 0, Buffer.alloc(LONGEST_LINE), false);
    const text = beginning ? Buffer.from(beginning).toString('latin1') : '';
    const match = /^AIBOSIMG 1 (\d{1,9}) (\d{1,10})\n/.exec(text);
    if (!match) return undefined;
    const start = match[0].length;
    const json = this.#read(name, start, Buffer.allocUnsafeSlow(Number(match[1])));
    if (!json || nodePlatform.crc32(json) !== Number(match[2])) return undefined;
    const stored = JSON.parse(nodePlatform.decodeUtf8(json)) as Stored<Head>;
    const known = { ...stored, start: start + json.length };
    this.#known.set(name, known);
    return known;
  }

  /** Fills `bytes`; what there is of it where not the `whole` is wanted. */
  #read(name: string, offset: number, bytes: Buffer, whole = true): Uint8Array | undefined {
    const { length } = bytes;
    let file: number | undefined;
    try {
      file = openSync(this.#path(name), 'r');
      let done = 0;
      while (done < length) {
        const got = readSync(file, bytes, done, length - done, offset + done);
        if (got === 0) break;
        done += got;
      }
      return done === length ? bytes : whole ? undefined : bytes.subarray(0, done);
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}
