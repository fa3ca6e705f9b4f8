/** What an import remembers of a repository, so that the next one does only what is new. Safe to delete. */
import { readFileSync, rmSync } from 'node:fs';
import type { DataFolder } from '../data-folder.ts';
import { nodePlatform } from '../platform.ts';
import { replaceFile } from '../store/durable-file.ts';

/** Raise it when what is recorded changes, so that everything is imported again. */
const MEMORY_VERSION = 4;

export interface RememberedMigration {
  name: string;
  checksum: string;
  /** Indexes of its statements that left nothing behind; none where not given. */
  broken?: readonly number[];
}

export interface RememberedHistory {
  migrations: RememberedMigration[];
  /** Version that the schema stood at. */
  schemaVersion: string;
  /** Whether it begins on a schema that is not in it. */
  headless: boolean;
  /** File of the shadow database as it was after the last migration; null where there is none. */
  image: string | null;
}

export class ImportMemory {
  readonly #folder: DataFolder;
  readonly #file: string;
  readonly #histories: Record<string, RememberedHistory>;

  /** @param fresh begin without what was remembered, because the store does not have it */
  constructor(folder: DataFolder, workspace: string, fresh = false) {
    this.#folder = folder;
    folder.folder('imports');
    this.#file = folder.in('imports', `${nodePlatform.sha256(workspace).slice(0, 16)}.json`);
    this.#histories = fresh ? {} : readHistories(this.#file);
  }

  history(path: string): RememberedHistory | undefined {
    return this.#histories[path];
  }

  /** Remembers a history; its older image goes. */
  remember(path: string, history: RememberedHistory): void {
    const before = this.#histories[path];
    this.#histories[path] = history;
    replaceFile(this.#file, [
      nodePlatform.encodeUtf8(JSON.stringify({ version: MEMORY_VERSION, histories: this.#histories })),
    ]);
    if (before?.image && before.image !== history.image)
      rmSync(this.#imagePath(before.image), { force: true });
  }

  saveImage(name: string, image: Uint8Array): void {
    replaceFile(this.#imagePath(name), [image]);
  }

  loadImage(name: string): Uint8Array | undefined {
    try {
      return readFileSync(this.#imagePath(name));
    } catch {
      return undefined;
    }
  }

  #imagePath(name: string): string {
    this.#folder.folder('cache', 'shadow');
    return this.#folder.in('cache', 'shadow', name);
  }
}

function readHistories(file: string): Record<string, RememberedHistory> {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as {
      version: number;
      histories: Record<string, RememberedHistory>;
    };
    return read.version === MEMORY_VERSION ? read.histories : {};
  } catch {
    return {};
  }
}
