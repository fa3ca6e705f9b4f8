/**
 * The fingerprints of each file's statements as they were recorded last. Kept in the data folder's cache, one small
 * file for each migration, so that two windows do not overwrite each other; safe to delete.
 */
import { readFileSync } from 'node:fs';
import type { DataFolder } from '../../../core/node/data-folder.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { replaceFile } from '../../../core/node/store/durable-file.ts';

/** Raise it when fingerprints are made in another way: older ones are then not looked at. */
const VERSION = 1;

export class Baselines {
  readonly #folder: DataFolder;
  readonly #known = new Map<string, readonly string[]>();

  constructor(folder: DataFolder) {
    this.#folder = folder;
  }

  /** Undefined for a file of which no version was recorded. */
  get(workspace: string, path: string): readonly string[] | undefined {
    const place = this.#place(workspace, path);
    const known = this.#known.get(place) ?? stored(place);
    if (known) this.#known.set(place, known);
    return known;
  }

  /** Keeps the version that has just been recorded. */
  set(workspace: string, path: string, fingerprints: readonly string[]): void {
    const place = this.#place(workspace, path);
    this.#known.set(place, fingerprints);
    const text = JSON.stringify({ version: VERSION, workspace, path, fingerprints });
    replaceFile(place, [nodePlatform.encodeUtf8(text)]);
  }

  /** Passes over a version, for this run only unless an earlier one was recorded: a pause leaves no new traces. */
  skipTo(workspace: string, path: string, fingerprints: readonly string[]): void {
    const place = this.#place(workspace, path);
    if (stored(place)) this.set(workspace, path, fingerprints);
    else this.#known.set(place, fingerprints);
  }

  #place(workspace: string, path: string): string {
    this.#folder.folder('cache', 'editor');
    const digest = nodePlatform.sha256(`${workspace}\n${path}`).slice(0, 24);
    return this.#folder.in('cache', 'editor', `${digest}.json`);
  }
}

function stored(place: string): readonly string[] | undefined {
  try {
    const { version, fingerprints } = JSON.parse(readFileSync(place, 'utf8')) as {
      version: number;
      fingerprints: unknown;
    };
    const whole = Array.isArray(fingerprints) && fingerprints.every((one) => typeof one === 'string');
    return version === VERSION && whole ? fingerprints : undefined;
  } catch {
    return undefined;
  }
}
