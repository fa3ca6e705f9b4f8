/**
 * All partitions of a store: opens them from their images and the journal, adds to the newest, seals it once it is full.
 * Everything here can be made anew from the journal.
 */
import type { TelemetryEvent } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import { type Identity, identityOf } from './batch.ts';
import type { EncodedEvents } from './encode.ts';
import { type EventSource, parseEvent, placeOf, type ReadText } from './event-source.ts';
import { FRAME_HEADER_BYTES, type Frame } from './frame.ts';
import { eventsOfFrame, runsOf } from './frame-events.ts';
import { type Hidden, isHidden } from './hidden.ts';
import { KeyIndex } from './key-index.ts';
import { MemoryBudget } from './memory-budget.ts';
import { Partition, type PartitionHead } from './partition.ts';
import { PartitionImages } from './partition-images.ts';
import type { Image, Images, Journal, JournalPosition, SegmentDamage } from './ports.ts';
import type { SealedPartition } from './sealed.ts';
import type { SqliteModule } from './sqlite.ts';

export interface PartitionOptions {
  sqlite: SqliteModule;
  journal: Journal;
  images: Images<PartitionHead>;
  platform: Pick<Platform, 'decodeUtf8'>;
  /** Events in a partition. */
  partitionEvents: number;
  /** Events that are in the journal and not to be seen. */
  hidden?: Hidden | undefined;
  /** Bytes that sealed partitions, keys and columns may take in memory. */
  memoryBytes: number;
}

/** What opening found. */
export interface Opened {
  fromImages: number;
  fromJournal: number;
  damage: SegmentDamage[];
}

/** A full partition until its image is durable. */
interface Sealing {
  partition: Partition;
  position: JournalPosition;
  lastSequence: number;
  queued: boolean;
}

/** Of the memory for partitions; the rest is for blocks that were given back and that the allocator keeps. */
const HELD = 0.8;

export class Partitions {
  readonly opened: Opened = { fromImages: 0, fromJournal: 0, damage: [] };
  readonly #options: PartitionOptions;
  readonly #images: PartitionImages;
  readonly #keys = new KeyIndex();
  #sealed: SealedPartition[] = [];
  #sealing: Sealing[] = [];
  #hot: Partition;
  #sources: EventSource[];
  /** End of the last frame whose events are here. */
  #position: JournalPosition | null = null;
  #lastSequence = 0;
  #sinceImage = 0;

  private constructor(options: PartitionOptions) {
    this.#options = options;
    this.#images = new PartitionImages({
      ...options,
      keys: this.#keys,
      budget: new MemoryBudget(options.memoryBytes * HELD, () => this.#keys.bytes),
      hiddenKey: options.hidden?.key || undefined,
    });
    this.#hot = Partition.empty(options.sqlite, 0, null);
    this.#sources = [this.#hot];
  }

  /** Opens on what images there are and the journal behind them; cuts the journal's torn tail. */
  static open(options: PartitionOptions): Partitions {
    const partitions = new Partitions(options);
    const used = partitions.#adoptImages();
    try {
      partitions.#replay();
      partitions.#images.keepOnly(used);
      return partitions;
    } catch {
      // The images name a stretch of the journal that is not there: the journal alone decides.
      partitions.drop();
      const fromJournal = new Partitions(options);
      fromJournal.#replay();
      fromJournal.#images.keepOnly(new Set());
      return fromJournal;
    }
  }

  /** Events that are here. */
  get count(): number {
    return this.#hot.firstOrdinal + this.#hot.count;
  }

  /** Keys of the events that are here, and behind them of those on their way. */
  get keys(): KeyIndex {
    return this.#keys;
  }

  /** Highest sequence that was ever given. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** End of the last frame whose events are here; null for none. */
  get position(): JournalPosition | null {
    return this.#position;
  }

  /** Events that no image holds yet. */
  get sinceImage(): number {
    return this.#sinceImage;
  }

  /** Why images cannot be written, in words. */
  get fault(): string | undefined {
    return this.#images.fault;
  }

  /** Oldest first. */
  sources(): EventSource[] {
    return [...this.#sources];
  }

  readonly read: ReadText = ({ segment, offset, length }) =>
    this.#options.platform.decodeUtf8(this.#options.journal.read(segment, offset, length));

  /** Whether the event of an ordinal has this key. */
  isEvent(ordinal: number, { id, source }: Identity): boolean {
    const stored = this.#eventOf(ordinal);
    return stored.id === id && stored.source === source;
  }

  /** Events with an id, whatever their source; `slot` is its hash. */
  withId(id: string, slot: number): TelemetryEvent[] {
    const found: TelemetryEvent[] = [];
    this.#keys.find(slot, undefined, (ordinal) => {
      const event = ordinal < this.count ? this.#eventOf(ordinal) : undefined;
      if (event?.id === id) found.push(event);
      return false;
    });
    return found.sort((a, b) => a.sequence - b.sequence);
  }

  /**
   * Adds events of which none is here, durable at `place`; their keys are in {@link keys} already. Seals the partition
   * first where it is full.
   */
  add(events: EncodedEvents, firstSequence: number, place: JournalPosition): void {
    this.#makeRoom(events);
    this.#insert(events, firstSequence, place);
    this.#reached(firstSequence + events.count - 1, {
      segment: place.segment,
      offset: place.offset + events.payload.length,
    });
  }

  /** Writes the images that are due; resolves when all are durable, rejects where one could not be written. */
  async save(): Promise<void> {
    for (const sealing of this.#sealing) this.#saveSealing(sealing);
    if (this.#position && this.#sinceImage > 0) {
      this.#sinceImage = 0;
      // Whoever waits is told by `saving`.
      this.#images.save(this.#hot, this.#position, this.#lastSequence, false).catch(() => undefined);
    }
    await this.#images.saving;
  }

  /** Resolves once no image is being written. */
  async settled(): Promise<void> {
    await this.#images.saving.catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.settled();
    this.drop();
  }

  /** Frees the memory; no image may be under way. */
  drop(): void {
    for (const sealed of this.#sealed) sealed.close();
    for (const { partition } of this.#sealing) partition.close();
    this.#hot.close();
  }

  #reached(sequence: number, position: JournalPosition): void {
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
    this.#position = position;
  }

  #insert(events: EncodedEvents, firstSequence: number, place: JournalPosition): void {
    this.#hot.add(events, firstSequence, place);
    this.#sinceImage += events.count;
  }

  #eventOf(ordinal: number): TelemetryEvent {
    let low = 0;
    let high = this.#sources.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#sources[middle] as EventSource).firstOrdinal <= ordinal) low = middle;
      else high = middle - 1;
    }
    const source = this.#sources[low] as EventSource;
    return parseEvent(placeOf(source, ordinal - source.firstOrdinal), this.read);
  }

  /** Only ever between two frames, so that an image covers whole frames. */
  #makeRoom(events: EncodedEvents): void {
    if (!this.#position || !this.#hot.isFull(events, this.#options.partitionEvents)) return;
    const full = this.#hot;
    const sealing = {
      partition: full,
      position: this.#position,
      lastSequence: this.#lastSequence,
      queued: false,
    };
    this.#sealing.push(sealing);
    this.#hot = Partition.empty(this.#options.sqlite, full.firstOrdinal + full.count, this.#position);
    this.#sinceImage = 0;
    this.#arrange();
    this.#saveSealing(sealing);
  }

  #arrange(): void {
    const full: EventSource[] = [...this.#sealed, ...this.#sealing.map(({ partition }) => partition)];
    full.sort((a, b) => a.firstOrdinal - b.firstOrdinal);
    this.#sources = [...full, this.#hot];
  }

  #saveSealing(sealing: Sealing): void {
    if (sealing.queued) return;
    sealing.queued = true;
    const { partition, position, lastSequence } = sealing;
    this.#images
      .save(partition, position, lastSequence, true)
      .then((image) => {
        this.#sealed.push(this.#images.sealed(image));
        this.#sealing = this.#sealing.filter((one) => one !== sealing);
        this.#arrange();
        partition.close();
      })
      .catch(() => {
        sealing.queued = false;
      });
  }

  /** Takes the partitions whose images are usable, as far as they follow each other; returns the images that stay. */
  #adoptImages(): Set<string> {
    const used = new Set<string>();
    const byStart = this.#images.byStart();
    this.#keys.reserve(
      [...byStart.values()].reduce((sum, [image]) => sum + (image?.head.columns.count ?? 0), 0),
    );
    for (let images = byStart.get(0); images; images = byStart.get(this.#keys.count)) {
      for (const { name } of images) used.add(name);
      const before = this.#keys.count;
      if (!images.reverse().some((image) => this.#adopt(image)) || this.#keys.count === before) break;
      if (this.#hot.count > 0) break;
    }
    this.#arrange();
    return used;
  }

  /** Takes a partition from its image; false where that cannot be done. */
  #adopt(image: Image<PartitionHead>): boolean {
    const { head } = image;
    const { count } = head.columns;
    const keys = this.#images.keysOf(image);
    if (!keys) return false;
    const next = head.sealed
      ? Partition.empty(this.#options.sqlite, head.firstOrdinal + count, head.to)
      : this.#images.reopen(image);
    if (!next) return false;
    if (head.sealed) this.#sealed.push(this.#images.sealed(image));
    this.#hot.close();
    this.#hot = next;
    this.#keys.add(keys, count);
    this.opened.fromImages += count;
    this.#reached(head.lastSequence, head.to);
    return true;
  }

  #replay(): void {
    this.#options.journal.replay(this.#position, {
      onFrame: (frame, segment) => this.#replayFrame(frame, segment),
      onDamage: (damage) => this.opened.damage.push(damage),
    });
  }

  #replayFrame(frame: Frame, segment: string): void {
    const { hidden, platform } = this.#options;
    const events = eventsOfFrame(frame, platform);
    const { start, end, firstSequence, count } = frame;
    if (typeof events === 'string') {
      this.opened.damage.push({ segment, start, end, reason: events, place: 'middle' });
    } else {
      this.#makeRoom(events);
      const place = { segment, offset: start + FRAME_HEADER_BYTES };
      const isSeen = (row: number) =>
        !isHidden(hidden, events, row, firstSequence + row, platform) && !this.#holds(events, row);
      for (const run of runsOf(events, isSeen)) {
        this.#insert(run.events, firstSequence + run.row, place);
        this.#keys.add(run.events.keys, run.events.count);
        this.opened.fromJournal += run.events.count;
      }
    }
    this.#reached(firstSequence + count - 1, { segment, offset: end });
  }

  /** A write that failed may have reached the disk all the same, and its events were sent again. */
  #holds(events: EncodedEvents, row: number): boolean {
    const { platform } = this.#options;
    const is = (ordinal: number) => this.isEvent(ordinal, identityOf(events, row, platform));
    return this.#keys.find(events.keys[row * 2] as number, events.keys[row * 2 + 1] as number, is) !== -1;
  }
}
