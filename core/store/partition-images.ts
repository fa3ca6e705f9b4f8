/**
 * The images of partitions: written one after the other, read when a store opens, made anew from the journal where one is
 * damaged.
 */
import { TelemetryError } from '../contract/errors.ts';
import { groupBy } from '../numbers.ts';
import type { Platform } from '../platform.ts';
import { Columns } from './columns.ts';
import { FRAME_HEADER_BYTES } from './frame.ts';
import { eventsOfFrame, runsOf } from './frame-events.ts';
import type { KeyIndex } from './key-index.ts';
import type { MemoryBudget } from './memory-budget.ts';
import { KINDS, Partition, type PartitionHead, PROJECTION_VERSION } from './partition.ts';
import type { Image, Images, Journal, JournalPosition } from './ports.ts';
import { PARTS, type RebuiltImage, SealedPartition } from './sealed.ts';
import { SequenceRuns } from './sequence-runs.ts';
import type { SqliteModule } from './sqlite.ts';

export interface PartitionImagesOptions {
  sqlite: SqliteModule;
  journal: Journal;
  images: Images<PartitionHead>;
  platform: Pick<Platform, 'decodeUtf8'>;
  /** Of all events that are here; their hashes go with the images. */
  keys: KeyIndex;
  /** Holds what sealed partitions load. */
  budget: MemoryBudget;
  /** Names what is hidden: an image that was made under another choice is not used. */
  hiddenKey: string | undefined;
}

const KEY_BYTES = 8;

export class PartitionImages {
  readonly #options: PartitionImagesOptions;
  #saving: Promise<void> = Promise.resolve();
  #fault: string | undefined;

  constructor(options: PartitionImagesOptions) {
    this.#options = options;
  }

  /** Why images cannot be written, in words. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Resolves once all that was asked for is durable; rejects where the last one could not be written. */
  get saving(): Promise<void> {
    return this.#saving;
  }

  /** Usable images by the ordinal that they begin with; of one partition the oldest first. */
  byStart(): Map<number, Image<PartitionHead>[]> {
    const { images, hiddenKey } = this.#options;
    const usable = images.list().filter(({ head }) => isReadable(head) && head.hidden === hiddenKey);
    return groupBy(usable, ({ head }) => head.firstOrdinal);
  }

  /** Removes all but those. */
  keepOnly(used: ReadonlySet<string>): void {
    const { images } = this.#options;
    for (const { name } of images.list()) if (!used.has(name)) images.remove(name);
  }

  /** Hashes of the keys of an image's events; undefined where they cannot be read. */
  keysOf({ name, head }: Image<PartitionHead>): Uint32Array | undefined {
    const keys = this.#options.images.part(name, PARTS.keys);
    if (keys?.length !== head.columns.count * KEY_BYTES) return undefined;
    return new Uint32Array(keys.slice().buffer);
  }

  /** A partition that is still written to; undefined where its image is damaged. */
  reopen({ name, head }: Image<PartitionHead>): Partition | undefined {
    const { images, sqlite } = this.#options;
    const columns = images.part(name, PARTS.columns);
    const tables = images.part(name, PARTS.tables);
    if (!columns || !tables) return undefined;
    try {
      return Partition.fromImage(sqlite, head, Columns.fromImage(head.columns, columns), tables);
    } catch {
      return undefined;
    }
  }

  /** A partition that is full; its image is read when it is needed. */
  sealed(image: Image<PartitionHead>): SealedPartition {
    const { sqlite, images, budget } = this.#options;
    const rebuild = (head: PartitionHead) => this.#rebuild(image.name, head);
    return new SealedPartition(image, { sqlite, images, budget, rebuild });
  }

  /** Writes an image of a partition as it is now, behind those that were asked for before. */
  save(
    partition: Partition,
    position: JournalPosition,
    lastSequence: number,
    sealed: boolean,
  ): Promise<Image<PartitionHead>> {
    const { images, hiddenKey } = this.#options;
    const { head, columns, tables } = partition.image(position, lastSequence, sealed, hiddenKey);
    const keys = this.#keyBytes(partition.firstOrdinal, partition.count);
    const name = nameOf(head);
    const saved = this.#saving
      .catch(() => undefined)
      .then(() => images.save(name, head, [keys, columns, tables]))
      .then(() => this.#removeOlder(head));
    this.#saving = saved.then(
      () => {
        this.#fault = undefined;
      },
      (error) => {
        this.#fault = `Images of the tables cannot be written (${String(error)}); the next start takes longer.`;
        throw error;
      },
    );
    this.#saving.catch(() => undefined);
    return saved.then(() => ({ name, head }));
  }

  #keyBytes(from: number, count: number): Uint8Array {
    return new Uint8Array(this.#options.keys.hashes(from, from + count).slice().buffer);
  }

  /** Of a partition the newest two images stay, of a sealed one only that. */
  #removeOlder(head: PartitionHead): void {
    const { images } = this.#options;
    const same = images.list().filter((image) => image.head.firstOrdinal === head.firstOrdinal);
    for (const { name } of same.slice(0, head.sealed ? -1 : -2)) images.remove(name);
  }

  /** A sealed partition whose image is damaged, from the journal; its image is written again. */
  #rebuild(name: string, head: PartitionHead): RebuiltImage {
    const { journal, sqlite, platform, images } = this.#options;
    const runs = new SequenceRuns(head.runs);
    const { count } = head.columns;
    const partition = Partition.empty(sqlite, head.firstOrdinal, head.from);
    const isMember = (sequence: number) => {
      const row = runs.rowAfter(sequence - 1, count);
      return row < count && runs.sequenceOf(row) === sequence;
    };
    journal.visit(head.from, head.to, {
      onFrame: (frame, segment) => {
        const events = eventsOfFrame(frame, platform);
        if (typeof events === 'string') return;
        const place = { segment, offset: frame.start + FRAME_HEADER_BYTES };
        for (const run of runsOf(events, (row) => isMember(frame.firstSequence + row)))
          partition.add(run.events, frame.firstSequence + run.row, place);
      },
      onDamage: () => undefined,
    });
    const rebuilt = partition.image(head.to, head.lastSequence, true, head.hidden);
    partition.close();
    if (rebuilt.head.columns.count !== count) {
      images.remove(name);
      throw new TelemetryError(
        'storage-failed',
        `An image of ${count} events is damaged and the journal has ${rebuilt.head.columns.count} of them. Start the engine again to go on with those.`,
      );
    }
    const keys = this.#keyBytes(head.firstOrdinal, count);
    void images.save(name, rebuilt.head, [keys, rebuilt.columns, rebuilt.tables]).catch(() => undefined);
    return rebuilt;
  }
}

function isReadable({ version, types }: PartitionHead): boolean {
  return version === PROJECTION_VERSION && types.join() === KINDS.join();
}

function nameOf({ firstOrdinal, columns }: PartitionHead): string {
  return `${String(firstOrdinal).padStart(12, '0')}-${String(columns.count).padStart(8, '0')}`;
}
