/**
 * Checkpoints as files: `checkpoints/<sequence>.image`, each a JSON line (position, version, length and CRC-32 of the
 * image), then the SQLite image. Written beside and renamed, the newest two are kept.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint, Checkpoints, JournalPosition } from '../../store/ports.ts';
import { nodePlatform } from '../platform.ts';
import { replaceFile } from './durable-file.ts';

interface Head {
  position: JournalPosition;
  sequence: number;
  version: number;
  length: number;
  crc: number;
}

const SUFFIX = '.image';
const KEEP = 2;

export class CheckpointFiles implements Checkpoints {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  *load(): Iterable<Checkpoint> {
    for (const name of this.#names()) {
      const checkpoint = readCheckpoint(join(this.#folder, name));
      if (checkpoint) yield checkpoint;
    }
  }

  async save({ image, position, sequence, version }: Checkpoint): Promise<void> {
    const head: Head = { position, sequence, version, length: image.length, crc: nodePlatform.crc32(image) };
    const path = join(this.#folder, String(sequence).padStart(16, '0') + SUFFIX);
    replaceFile(path, [nodePlatform.encodeUtf8(`${JSON.stringify(head)}\n`), image]);
    for (const old of this.#names().slice(KEEP)) rmSync(join(this.#folder, old), { force: true });
  }

  #names(): string[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(SUFFIX))
      .sort()
      .reverse();
  }
}

/** The checkpoint in a file; undefined where it is cut off, altered or not one. */
function readCheckpoint(path: string): Checkpoint | undefined {
  try {
    const bytes = readFileSync(path);
    const line = bytes.indexOf(0x0a);
    const head = JSON.parse(bytes.toString('utf8', 0, line)) as Head;
    const image = bytes.subarray(line + 1);
    if (image.length !== head.length || nodePlatform.crc32(image) !== head.crc) return undefined;
    return { image, position: head.position, sequence: head.sequence, version: head.version };
  } catch {
    return undefined;
  }
}
