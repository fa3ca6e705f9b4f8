/**
 * All partitions of a store: opens them from their images and the journal, seals the one that is full, writes images.
 * Everything here can be made anew from the journal.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { TelemetryEvent } from '../contract/event.ts';
import { groupBy } from '../numbers.ts';
import type { Platform } from '../platform.ts';
import { type Identity, identityOf } from './batch.ts';
import { Columns } from './columns.ts';
import { type EncodedEvents, selectEvents } from './encode.ts';
import { type EventSource, parseEvent, placeOf, type ReadText } from './event-source.ts';
import { FRAME_HEADER_BYTES, type Frame } from './frame.ts';
import { eventsOfFrame } from './frame-events.ts';
import { KeyIndex } from './key-index.ts';
import { MemoryBudget } from './memory-budget.ts';
import { KINDS, Partition, type PartitionHead, PROJECTION_VERSION } from './partition.ts';
import type { Image, Images, Journal, JournalPosition, SegmentDamage } from './ports.ts';
import { PARTS, type RebuiltImage, SealedPartition } from './sealed.ts';
import { SequenceRuns } from './sequence-runs.ts';
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

/** Events that are to be erased: left out of everything that is made from the journal. */
export interface Hidden {
  /** Names the choice: an image that was made under another one is not used. */
  key: string;
  /** By an event's JSON text and its sequence. */
  has(text: string, sequence: number): boolean;
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
  readonly #budget: MemoryBudget;
  #keys = new KeyIndex();
  #sealed: SealedPartition[] = [];
  #sealing: Sealing[] = [];
  #hot: Partition;
  #sources: EventSource[];
  /** End of the last frame whose events are here. */
  #position: JournalPosition | null = null;
  #lastSequence = 0;
  #saving: Promise<void> = Promise.resolve();
  #sinceImage = 0;
  #fault: string | undefined;

  private constructor(options: PartitionOptions) {
    this.#options = options;
    this.#budget = new MemoryBudget(options.memoryBytes * HELD, () => this.#keys.bytes);
    this.#hot = Partition.empty(options.sqlite, 0, null);
    this.#sources = [this.#hot];
  }

  /** Opens on what images there are and the journal behind them; cuts the journal's torn tail. */
  static open(options: PartitionOptions): Partitions {
    const partitions = new Partitions(options);
    const used = partitions.#adoptImages();
    try {
      partitions.#replay();
      for (const { name } of options.images.list()) if (!used.has(name)) options.images.remove(name);
      return partitions;
    } catch {
      // The images name a stretch of the journal that is not there: the journal alone decides.
      partitions.drop();
      const fromJournal = new Partitions(options);
      fromJournal.#replay();
      for (const { name } of options.images.list()) options.images.remove(name);
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
    return this.#fault;
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
      // Whoever waits is told by `#saving`.
      this.#saveImage(this.#hot, this.#position, this.#lastSequence, false).catch(() => undefined);
    }
    await this.#saving;
  }

  /** Resolves once no image is being written. */
  async settled(): Promise<void> {
    await this.#saving.catch(() => undefined);
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
    this.#saveImage(partition, position, lastSequence, true)
      .then(({ name, head }) => {
        this.#sealed.push(this.#sealedPartition(name, head));
        this.#sealing = this.#sealing.filter((one) => one !== sealing);
        this.#arrange();
        partition.close();
      })
      .catch(() => {
        sealing.queued = false;
      });
  }

  #saveImage(
    partition: Partition,
    position: JournalPosition,
    lastSequence: number,
    sealed: boolean,
  ): Promise<Image<PartitionHead>> {
    const { images } = this.#options;
    const { head, columns, tables } = partition.image(position, lastSequence, sealed, this.#hiddenKey);
    const from = partition.firstOrdinal;
    const keys = new Uint8Array(this.#keys.hashes(from, from + partition.count).slice().buffer);
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

  #sealedPartition(name: string, head: PartitionHead): SealedPartition {
    const { sqlite, images } = this.#options;
    return new SealedPartition(
      { name, head },
      { sqlite, images, budget: this.#budget, rebuild: (lost) => this.#rebuild(name, lost) },
    );
  }

  /** Of a partition the newest two images stay, of a sealed one only that. */
  #removeOlder(head: PartitionHead): void {
    const { images } = this.#options;
    const same = images.list().filter((image) => image.head.firstOrdinal === head.firstOrdinal);
    for (const { name } of same.slice(0, head.sealed ? -1 : -2)) images.remove(name);
  }

  /** Takes the partitions whose images are usable, as far as they follow each other; returns the images that stay. */
  #adoptImages(): Set<string> {
    const used = new Set<string>();
    const byStart = groupBy(
      this.#options.images.list().filter(({ head }) => isReadable(head) && head.hidden === this.#hiddenKey),
      ({ head }) => head.firstOrdinal,
    );
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
  #adopt({ name, head }: Image<PartitionHead>): boolean {
    const { images, sqlite } = this.#options;
    const { count } = head.columns;
    const keys = images.part(name, PARTS.keys);
    if (!keys || keys.length !== count * KEY_BYTES) return false;
    const next = head.sealed
      ? Partition.empty(sqlite, head.firstOrdinal + count, head.to)
      : this.#reopened(name, head);
    if (!next) return false;
    if (head.sealed) this.#sealed.push(this.#sealedPartition(name, head));
    this.#hot.close();
    this.#hot = next;
    this.#keys.add(new Uint32Array(keys.slice().buffer), count);
    this.opened.fromImages += count;
    this.#reached(head.lastSequence, head.to);
    return true;
  }

  #reopened(name: string, head: PartitionHead): Partition | undefined {
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

  #replay(): void {
    this.#options.journal.replay(this.#position, {
      onFrame: (frame, segment) => this.#replayFrame(frame, segment),
      onDamage: (damage) => this.opened.damage.push(damage),
    });
  }

  #replayFrame(frame: Frame, segment: string): void {
    const events = eventsOfFrame(frame, this.#options.platform);
    const { start, end, firstSequence, count } = frame;
    if (typeof events === 'string') {
      this.opened.damage.push({ segment, start, end, reason: events, place: 'middle' });
    } else {
      this.#makeRoom(events);
      const place = { segment, offset: start + FRAME_HEADER_BYTES };
      const isSeen = (row: number) =>
        !this.#isHidden(events, row, firstSequence + row) && !this.#holds(events, row);
      for (const run of runsOf(events, isSeen)) {
        this.#insert(run.events, firstSequence + run.row, place);
        this.#keys.add(run.events.keys, run.events.count);
        this.opened.fromJournal += run.events.count;
      }
    }
    this.#reached(firstSequence + count - 1, { segment, offset: end });
  }

  get #hiddenKey(): string | undefined {
    return this.#options.hidden?.key || undefined;
  }

  #isHidden(events: EncodedEvents, row: number, sequence: number): boolean {
    const { hidden, platform } = this.#options;
    if (!hidden?.key) return false;
    const text = platform.decodeUtf8(events.payload.subarray(events.starts[row], events.ends[row]));
    return hidden.has(text.trimEnd(), sequence);
  }

  /** A write that failed may have reached the disk all the same, and its events were sent again. */
  #holds(events: EncodedEvents, row: number): boolean {
    const { platform } = this.#options;
    const is = (ordinal: number) => this.isEvent(ordinal, identityOf(events, row, platform));
    return this.#keys.find(events.keys[row * 2] as number, events.keys[row * 2 + 1] as number, is) !== -1;
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
    const from = head.firstOrdinal;
    const keys = new Uint8Array(this.#keys.hashes(from, from + count).slice().buffer);
    void images.save(name, rebuilt.head, [keys, rebuilt.columns, rebuilt.tables]).catch(() => undefined);
    return rebuilt;
  }
}

const KEY_BYTES = 8;

function isReadable({ version, types }: PartitionHead): boolean {
  return version === PROJECTION_VERSION && types.join() === KINDS.join();
}

/** Stretches of events for which `wanted` holds, each with the row of its first. */
function* runsOf(
  events: EncodedEvents,
  wanted: (row: number) => boolean,
): Iterable<{ row: number; events: EncodedEvents }> {
  let rows: number[] = [];
  for (let row = 0; row <= events.count; row++) {
    if (row < events.count && wanted(row)) {
      rows.push(row);
    } else if (rows.length > 0) {
      yield {
        row: rows[0] as number,
        events: rows.length === events.count ? events : selectEvents(events, rows),
      };
      rows = [];
    }
  }
}

function nameOf({ firstOrdinal, columns }: PartitionHead): string {
  return `${String(firstOrdinal).padStart(12, '0')}-${String(columns.count).padStart(8, '0')}`;
}
