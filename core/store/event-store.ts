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
import { type Batch, EncodedBatch, ObjectBatch } from './batch.ts';
import { type EncodedEvents, textOf, type UnstoredEvent } from './encode.ts';
import { type EventReader, eventsBehind, eventsReferring } from './event-reader.ts';
import type { EventSource, ReadText } from './event-source.ts';
import { eventsOfFrame } from './frame-events.ts';
import { type Glance, glancesBehind } from './glance.ts';
import { type Group, type Pending, takeGroup } from './group.ts';
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
  readonly #maxQueued: number;
  readonly #listeners: Listeners;
  /** Batches on their way to the disk, in order. Their keys are noted, so that a repeat waits for the first. */
  #flying: Pending[] = [];
  #queue: Pending[] = [];
  #queued = 0;
  #next: number;
  #writing: Promise<void> | undefined;
  #closed = false;
  #fault: string | undefined;

  private constructor(options: StoreOptions, partitions: Partitions) {
    this.#options = options;
    this.#partitions = partitions;
    this.#hidden = options.hidden;
    this.#listeners = new Listeners(options.platform);
    this.#maxQueued = options.maxQueued ?? MAX_QUEUED;
    this.#next = partitions.lastSequence + 1;
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
    const duplicates = await this.#store(new ObjectBatch(events));
    return events.map(({ id }, i) => ({ id, duplicate: duplicates[i] ?? false }));
  }

  /** Like {@link append}, for events that were encoded elsewhere; says of each whether it was stored already. */
  appendEncoded(events: EncodedEvents): Promise<boolean[]> {
    return this.#store(new EncodedBatch(events, this.#options.platform));
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
    return this.#queued;
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
    while (this.#writing) await this.#writing;
    await this.#partitions.save();
  }

  /** Waits for what is queued, writes an image where it pays, closes the files. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#writing) await this.#writing;
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
    while (this.#writing) await this.#writing;
    await this.#partitions.settled();
    if (this.#writing) return this.#reopen(hidden, change);
    if (this.#closed) throw new TelemetryError('unavailable', 'The engine is shutting down.');
    this.#partitions.drop();
    try {
      const changed = change?.();
      this.#hidden = hidden;
      return changed;
    } finally {
      this.#partitions = openPartitions(this.#options, this.#hidden);
      this.#next = Math.max(this.#next, this.#partitions.lastSequence + 1);
    }
  }

  /** Stores what is new of a batch; what is on its way already is looked at again once that has ended. */
  async #store(batch: Batch): Promise<boolean[]> {
    if (this.#closed) throw new TelemetryError('unavailable', 'The engine is shutting down.');
    if (this.#fault) throw new TelemetryError('storage-failed', this.#fault);
    if (this.#queued + batch.count > this.#maxQueued) {
      throw new TelemetryError('overloaded', `${this.#queued} events are waiting for the disk; try again.`, {
        retryAfterSeconds: 1,
      });
    }
    const firstOrdinal = this.#partitions.keys.count;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { fresh, again, waits, duplicates } = this.#sort(batch, promise);
    if (fresh.length > 0) {
      const part = fresh.length === batch.count ? batch : batch.select(fresh);
      this.#enqueue({ batch: part, firstOrdinal, durable: promise, done: resolve, failed: reject });
      await promise;
    }
    if (again.length > 0) {
      await Promise.allSettled(waits);
      const answers = await this.#store(batch.select(again));
      again.forEach((row, i) => {
        duplicates[row] = answers[i] ?? false;
      });
    }
    return duplicates;
  }

  /** Which events of a batch are new, known, or on their way; the keys of new ones are noted. */
  #sort(batch: Batch, promise: Promise<void>) {
    const { keys } = this.#partitions;
    const firstOrdinal = keys.count;
    const duplicates = new Array<boolean>(batch.count).fill(false);
    const fresh: number[] = [];
    const again: number[] = [];
    const waits = new Set<Promise<unknown>>();
    try {
      for (let i = 0; i < batch.count; i++) {
        const slot = batch.keys[i * 2] as number;
        const print = batch.keys[i * 2 + 1] as number;
        const stored = this.#partitions.count;
        const is = (ordinal: number) =>
          ordinal >= stored || this.#partitions.isEvent(ordinal, batch.identity(i));
        const known = keys.find(slot, print, is);
        if (known === -1) {
          keys.addOne(slot, print);
          fresh.push(i);
        } else if (known < stored) {
          duplicates[i] = true;
        } else {
          again.push(i);
          waits.add(known >= firstOrdinal ? promise : this.#flyingWith(known));
        }
      }
      return { fresh, again, waits, duplicates };
    } catch (error) {
      keys.truncate(firstOrdinal);
      throw error;
    }
  }

  /** Settles when the event of an ordinal that is on its way has arrived or failed. */
  #flyingWith(ordinal: number): Promise<void> {
    const pending = this.#flying.findLast(({ firstOrdinal }) => firstOrdinal <= ordinal);
    return pending?.durable ?? Promise.resolve();
  }

  #enqueue(pending: Pending): void {
    this.#flying.push(pending);
    this.#queue.push(pending);
    this.#queued += pending.batch.count;
    this.#write();
  }

  /** Whoever waited for a write that failed may queue again before its end is noted: then writing begins anew. */
  #write(): void {
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
      if (this.#queue.length > 0) this.#write();
    });
  }

  /** Writes group after group until nothing waits. While one group syncs, the one before it gets into the tables. */
  async #drain(): Promise<void> {
    await Promise.resolve();
    let durable: { group: Group; places: JournalPosition[] } | undefined;
    while (this.#queue.length > 0) {
      const group = takeGroup(this.#queue, this.#next, this.#options.platform);
      this.#next = group.nextSequence;
      const written = this.#options.journal.append(
        group.frames.map(({ events, firstSequence }) => ({
          firstSequence,
          count: events.count,
          payload: events.payload,
        })),
      );
      // Told at once, so that a rejection is never without a listener.
      const outcome = written.then(
        (places) => ({ group, places }),
        (error: unknown) => this.#fail(group, error),
      );
      if (durable) this.#publish(durable.group, durable.places);
      durable = (await outcome) ?? undefined;
    }
    if (durable) this.#publish(durable.group, durable.places);
    if (this.#partitions.sinceImage >= EVENTS_PER_IMAGE) this.#partitions.save().catch(() => undefined);
  }

  #settle(group: Group): void {
    this.#flying.splice(0, group.pending.length);
    for (const { batch } of group.pending) this.#queued -= batch.count;
  }

  /** What was behind the group moves up: its events get the ordinals of those that failed. */
  #fail(group: Group, error: unknown): void {
    this.#settle(group);
    const { keys } = this.#partitions;
    const first = group.pending[0]?.firstOrdinal ?? keys.count;
    keys.truncate(first);
    for (const pending of this.#flying) {
      pending.firstOrdinal = keys.count;
      keys.add(pending.batch.keys, pending.batch.count);
    }
    for (const pending of group.pending) pending.failed(error);
  }

  #publish(group: Group, places: readonly JournalPosition[]): void {
    group.frames.forEach(({ events, firstSequence }, i) => {
      if (this.#fault) return;
      try {
        this.#partitions.add(events, firstSequence, places[i] as JournalPosition);
      } catch (error) {
        this.#fault = `The journal holds events that the tables do not (${String(error)}); a restart rebuilds them.`;
      }
    });
    this.#settle(group);
    for (const pending of group.pending) pending.done();
    this.#listeners.wake();
    for (const { events, firstSequence } of group.frames) this.#listeners.tell(events, firstSequence);
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
