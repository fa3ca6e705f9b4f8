/**
 * `predictor.json` in the data folder: what own outcomes taught, written by the engine and read by `aibos check`, which
 * needs no engine for it. May be deleted at any time; the next outcome makes it again.
 */
import { readFileSync, rmSync } from 'node:fs';
import type { OwnOutcomes } from '../../predict/own-outcomes.ts';
import type { OwnRecord } from '../../predict/own-record.ts';
import { DataFolder } from '../data-folder.ts';
import { nodePlatform } from '../platform.ts';
import { replaceFile } from '../store/durable-file.ts';

const NAME = 'predictor.json';

/** Undefined where there is none, or one that cannot be read. */
export function readOwnOutcomes(dataDir: string | undefined): OwnOutcomes | undefined {
  try {
    const found = JSON.parse(readFileSync(new DataFolder(dataDir).in(NAME), 'utf8')) as Partial<OwnOutcomes>;
    const whole =
      typeof found.version === 'string' && typeof found.duration?.shift === 'number' && found.failure;
    return whole ? (found as OwnOutcomes) : undefined;
  } catch {
    return undefined;
  }
}

/** Outcomes that arrive together are written together: so long after the first of them. */
const GATHER_MS = 500;

/** Writes what own outcomes taught whenever that may have moved, and tells when it is written. */
export class OwnOutcomesFile {
  readonly #folder: DataFolder;
  readonly #record: OwnRecord;
  readonly #listeners = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(folder: DataFolder, record: OwnRecord) {
    this.#folder = folder;
    this.#record = record;
    record.onChanged(() => {
      this.#timer ??= setTimeout(() => this.#write(), GATHER_MS).unref();
    });
  }

  /** Called when {@link readOwnOutcomes} may say something else than before, until the result is called. */
  readonly onWritten = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Writes what is still to be written. */
  close(): void {
    if (this.#timer) this.#write();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!writeOwnOutcomes(this.#folder, this.#record.current())) return;
    for (const listener of this.#listeners) listener();
  }
}

/** False where that failed: a full disk must not fail an engine, predictions are only less sharp until the next outcome. */
function writeOwnOutcomes(folder: DataFolder, own: OwnOutcomes | undefined): boolean {
  try {
    if (own) replaceFile(folder.in(NAME), [nodePlatform.encodeUtf8(JSON.stringify(own))]);
    else rmSync(folder.in(NAME), { force: true });
    return true;
  } catch {
    return false;
  }
}
