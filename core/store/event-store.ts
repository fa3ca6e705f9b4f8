/**
 * The store: every event goes to the journal first and is acknowledged once that is durable; columns and tables follow
 * and can always be made anew from it.
 *
 * Invariants: an acknowledged event is in the journal. `(source, id)` is stored once, however often it is sent. A
 * sequence is given once and never again. What can be read is durable.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { EventType, TelemetryEvent } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import { EncodedBatch, ObjectBatch } from './batch.ts';
import { type EncodedEvents, textOf, type UnstoredEvent } from './encode.ts';
import { type EventReader, eventsBehind, eventsReferring } from './event-reader.ts';
import type { EventSource, ReadText } from './event-source.ts';
import { EventWriter } from './event-writer.ts';
import { eventsOfFrame } from './frame-events.ts';
import { type Glance, glancesBehind } from './glance.ts';
import type { Group } from './group.ts';
import { hashKey } from './hash.ts';
import type { Hidden } from './hidden.ts';
import { Listeners } from './listeners.ts';
import type { PartitionHead } from './partition.ts';
import { Partitions } from './partitions.ts';
import type { Images, Journal, JournalInfo, JournalPosition, SegmentDamage } from './ports.ts';
import type { FateOf } from './rewrite.ts';
import type { SqliteModule } from './sqlite.ts';

export type { UnstoredEvent } from './encode.ts';

export interface StoreOptions {
  sqlite: SqliteModule;
  journal: Journal;
  images: Images<PartitionHead>;
  platform: Pick<Platform, 'encodeTexts' | 'decodeUtf8'>;
  /** Events that may wait for the disk before more are refused. */
  maxQueued?: number;
  /** Events in a partition. */
  partitionEvents?: number;
  /** Memory for what can be loaded again, and for the keys. */
  maxMemoryMb?: number;
  /** Events that are in the journal and not to be seen. */
  hidden?: Hidden | undefined;
}

/** What opening found that was not as it should be. */
export interface Recovery {
  /** Events read from images, and from the journal behind them. */
  fromCheckpoint: number;
  fromJournal: number;
  damage: SegmentDamage[];
}

export interface Appended {
  id: string;
  duplicate: boolean;
}

const MAX_QUEUED = 100_000;
const PARTITION_EVENTS = 131_072;
const MAX_MEMORY_MB = 512;
/** Events between two images of the partition that is written to: they are replayed after a crash. */
const EVENTS_PER_IMAGE = 65_536;
/** Fewer are not worth an image at the end. */
const FEW_EVENTS = 200;

export class EventStore implements EventReader {
  readonly recovery: Recovery;
  readonly #options: StoreOptions;
  #partitions: Partitions;
  #hidden: Hidden | undefined;
  readonly #listeners: Listeners;
  readonly #writer: EventWriter;
  #closed = false;
  #fault: string | undefined;

  private constructor(options: StoreOptions, partitions: Partitions) {
    this.#options = options;
    this.#partitions = partitions;
    this.#hidden = options.hidden;
    this.#listeners = new Listeners(options.platform);
    this.#writer = new EventWriter(
      {
        journal: options.journal,
        platform: options.platform,
        maxQueued: options.maxQueued ?? MAX_QUEUED,
        partitions: () => this.#partitions,
        assertOpen: () => this.#assertOpen(),
        arrived: (group, places) => this.#add(group, places),
        published: (group) => this.#tell(group),
        drained: () => {
          if (this.#partitions.sinceImage >= EVENTS_PER_IMAGE) this.#partitions.save().catch(() => undefined);
        },
      },
      partitions.lastSequence + 1,
    );
    const { fromImages, fromJournal, damage } = partitions.opened;
    this.recovery = { fromCheckpoint: fromImages, fromJournal, damage };
  }

  /** Opens on the images that are usable plus the journal behind them, or on the journal alone. */
  static open(options: StoreOptions): EventStore {
    return new EventStore(options, openPartitions(options, options.hidden));
  }

  /** From now on `hidden` is not to be seen, and everything else is; made anew from the journal. */
  async hide(hidden: Hidden): Promise<void> {
    await this.#reopen(hidden);
  }

  /**
   * Takes events out of the journal for good. Images go first, so that at no moment one names a place that has moved;
   * then segment by segment. After a crash in between, doing it again ends it.
   *
   * @param hidden what is not to be seen afterwards
   * @param onStep told before each step that touches the disk
   */
  erase(fateOf: FateOf, hidden: Hidden, onStep?: (step: string) => void) {
    return this.#reopen(hidden, () => {
      onStep?.('remove images');
      this.#options.images.clear();
      return this.#options.journal.rewrite(fateOf, onStep);
    });
  }

  /** Tells the text of every event in the journal behind a place, hidden ones and repeats too; where that ends. */
  scan(
    after: JournalPosition | null,
    onEvent: (text: string, sequence: number) => void,
  ): JournalPosition | null {
    const until = this.#partitions.position;
    if (!until) return after;
    this.#options.journal.visit(after, until, {
      onFrame: (frame) => {
        const events = eventsOfFrame(frame, this.#options.platform);
        if (typeof events === 'string') return;
        for (let i = 0; i < events.count; i++)
          onEvent(this.#options.platform.decodeUtf8(textOf(events, i)).trimEnd(), frame.firstSequence + i);
      },
      onDamage: () => undefined,
    });
    return until;
  }

  /**
   * Stores events; resolves once they are durable and can be read. Answers in the order given. Rejects with
   * `overloaded` when too many are waiting, `storage-failed` when the disk does not take them.
   */
  async append(events: readonly UnstoredEvent[]): Promise<Appended[]> {
    const duplicates = await this.#writer.store(new ObjectBatch(events));
    return events.map(({ id }, i) => ({ id, duplicate: duplicates[i] ?? false }));
  }

  /** Like {@link append}, for events that were encoded elsewhere; says of each whether it was stored already. */
  appendEncoded(events: EncodedEvents): Promise<boolean[]> {
    return this.#writer.store(new EncodedBatch(events, this.#options.platform));
  }

  /** The events, for reading only. */
  get tables(): EventReader {
    return this;
  }

  /** Events stored. */
  get count(): number {
    return this.#partitions.count;
  }

  /** Highest sequence that can be read; 0 for none. */
  get lastSequence(): number {
    return this.#partitions.lastSequence;
  }

  /** Events waiting for the disk. */
  get queued(): number {
    return this.#writer.queued;
  }

  /** What keeps the store from being whole, in words. */
  get fault(): string | undefined {
    return this.#fault ?? this.#partitions.fault;
  }

  info(): JournalInfo {
    return this.#options.journal.info();
  }

  sources(): EventSource[] {
    return this.#partitions.sources();
  }

  get read(): ReadText {
    return this.#partitions.read;
  }

  withId(id: string, source?: string): TelemetryEvent[] {
    const hashes = new Uint32Array(2);
    hashKey(0, id, hashes, 0);
    const found = this.#partitions.withId(id, hashes[0] as number);
    return source === undefined ? found : found.filter((event) => event.source === source);
  }

  about(type: EventType, id: string): TelemetryEvent[] {
    return eventsReferring(this.sources(), this.read, type, id);
  }

  after(sequence: number, limit: number): TelemetryEvent[] {
    return eventsBehind(this.sources(), this.read, sequence, limit);
  }

  glancesAfter(sequence: number, limit: number, types?: ReadonlySet<EventType>): Glance[] {
    return glancesBehind(this.sources(), this.read, sequence, limit, types);
  }

  /**
   * Calls `listener` with the events of each frame once they are durable and can be read; with `types` only with those.
   * An event is parsed when a listener asks for it, once for all. The result ends it.
   */
  onAppended(listener: (events: Glance[]) => void, types?: readonly EventType[]): () => void {
    return this.#listeners.add(listener, types);
  }

  /** Like {@link onAppended} for one who reads at its own pace: calls without events, which costs nothing. */
  onDurable(wake: () => void): () => void {
    return this.#listeners.addWaker(wake);
  }

  /** Writes an image, so that the next start has less to replay. */
  async checkpoint(): Promise<void> {
    while (this.#writer.writing) await this.#writer.writing;
    await this.#partitions.save();
  }

  /** Waits for what is queued, writes an image where it pays, closes the files. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#writer.writing) await this.#writer.writing;
    try {
      if (this.#partitions.sinceImage > FEW_EVENTS) await this.#partitions.save();
    } finally {
      await this.#partitions.close();
      await this.#options.journal.close();
    }
  }

  /**
   * Waits until nothing is on its way; what comes then happens in one go, so nobody sees it half done. Where `change`
   * fails what was hidden stays so.
   */
  async #reopen<T>(hidden: Hidden, change?: () => T): Promise<T | undefined> {
    while (this.#writer.writing) await this.#writer.writing;
    await this.#partitions.settled();
    if (this.#writer.writing) return this.#reopen(hidden, change);
    if (this.#closed) throw new TelemetryError('unavailable', 'The engine is shutting down.');
    this.#partitions.drop();
    try {
      const changed = change?.();
      this.#hidden = hidden;
      return changed;
    } finally {
      this.#partitions = openPartitions(this.#options, this.#hidden);
      this.#writer.passOver(this.#partitions.lastSequence);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new TelemetryError('unavailable', 'The engine is shutting down.');
    if (this.#fault) throw new TelemetryError('storage-failed', this.#fault);
  }

  #add({ frames }: Group, places: readonly JournalPosition[]): void {
    frames.forEach(({ events, firstSequence }, i) => {
      if (this.#fault) return;
      try {
        this.#partitions.add(events, firstSequence, places[i] as JournalPosition);
      } catch (error) {
        this.#fault = `The journal holds events that the tables do not (${String(error)}); a restart rebuilds them.`;
      }
    });
  }

  #tell({ frames }: Group): void {
    this.#listeners.wake();
    for (const { events, firstSequence } of frames) this.#listeners.tell(events, firstSequence);
  }
}

function openPartitions(options: StoreOptions, hidden: Hidden | undefined): Partitions {
  return Partitions.open({
    ...options,
    hidden,
    partitionEvents: options.partitionEvents ?? PARTITION_EVENTS,
    memoryBytes: (options.maxMemoryMb ?? MAX_MEMORY_MB) * 1024 * 1024,
  });
}
