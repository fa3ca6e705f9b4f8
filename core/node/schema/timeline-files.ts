/**
 * Timelines in the data folder: `schemas/<hash>.jsonl`, a head on the first line and an entry on each further one. An
 * import writes them anew where they are missing.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { Timeline, TimelineEntry, TimelineHead, Timelines } from '../../schema/timeline.ts';
import type { DataFolder } from '../data-folder.ts';
import { nodePlatform } from '../platform.ts';
import { replaceFile } from '../store/durable-file.ts';

/** Raise it when entries of before cannot be read as those of now. */
const FORMAT = 1;
const FOLDER = 'schemas';

export class TimelineFiles implements Timelines {
  readonly #folder: DataFolder;
  readonly #read = new Map<string, { stamp: string; timeline: Timeline }>();

  constructor(folder: DataFolder) {
    this.#folder = folder;
  }

  heads(): TimelineHead[] {
    let names: string[];
    try {
      names = readdirSync(this.#folder.in(FOLDER)).filter((name) => name.endsWith('.jsonl'));
    } catch {
      return [];
    }
    return names.sort().flatMap((name) => {
      const timeline = this.#load(this.#folder.in(FOLDER, name));
      return timeline ? [headOf(timeline)] : [];
    });
  }

  read(head: Pick<TimelineHead, 'workspace' | 'history'>): Timeline | undefined {
    return this.#load(this.#path(head));
  }

  /** Durable when it returns. */
  write(timeline: Timeline): void {
    this.#folder.folder(FOLDER);
    const lines = [{ format: FORMAT, ...headOf(timeline) }, ...timeline.entries];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    replaceFile(this.#path(timeline), [nodePlatform.encodeUtf8(text)]);
  }

  #path({ workspace, history }: Pick<TimelineHead, 'workspace' | 'history'>): string {
    const name = nodePlatform.sha256(`${workspace}\n${history}`).slice(0, 16);
    return this.#folder.in(FOLDER, `${name}.jsonl`);
  }

  /** Undefined where there is none, or one that cannot be read: the next import makes it again. */
  #load(path: string): Timeline | undefined {
    try {
      const { mtimeMs, size } = statSync(path);
      const stamp = `${mtimeMs} ${size}`;
      const known = this.#read.get(path);
      if (known?.stamp === stamp) return known.timeline;
      const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n').filter(Boolean);
      const { format, ...head } = JSON.parse(first) as TimelineHead & { format: number };
      if (format !== FORMAT) return undefined;
      const timeline = { ...head, entries: lines.map((line) => JSON.parse(line) as TimelineEntry) };
      this.#read.set(path, { stamp, timeline });
      return timeline;
    } catch {
      return undefined;
    }
  }
}

function headOf({ workspace, history, dialect }: TimelineHead): TimelineHead {
  return { workspace, history, dialect };
}
