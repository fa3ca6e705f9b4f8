/**
 * The store: every event goes to the journal first and is acknowledged once that is durable; the SQLite tables follow
 * and can always be rebuilt from it.
 *
 * Invariants: an acknowledged event is in the journal. `(source, id)` is stored once, however often it is sent. A
 * sequence is given once and never again. What can be read is durable.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { TelemetryEvent } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import type { Frame } from './frame.ts';
import type { Checkpoints, Journal, JournalInfo, SegmentDamage } from './ports.ts';
import { eventOf, PROJECTION_VERSION, Projection } from './projection.ts';
import type { Sqlite, SqliteModule } from './sqlite.ts';

export type UnstoredEvent = Omit<TelemetryEvent, 'sequence'>;

export interface StoreOptions {
  sqlite: SqliteModule;
  journal: Journal;
  checkpoints: Checkpoints;
  platform: Pick<Platform, 'encodeUtf8' | 'decodeUtf8'>;
  /** Events that may wait for the disk before more are refused. */
  maxQueued?: number;
}

/** What opening found that was not as it should be. */
export interface Recovery {
  /** Events read from the checkpoint, and from the journal behind it. */
  fromCheckpoint: number;
  fromJournal: number;
  damage: SegmentDamage[];
}

export interface Appended {
  id: string;
  duplicate: boolean;
}

interface Pending {
  events: UnstoredEvent[];
  done: () => void;
  failed: (error: unknown) => void;
}

const MAX_EVENTS_PER_GROUP = 20_000;

export class EventStore {
  readonly recovery: Recovery;
  readonly #options: StoreOptions;
  readonly #projection: Projection;
  readonly #maxQueued: number;
  readonly #listeners = new Set<(events: TelemetryEvent[]) => void>();
  /** Keys on their way to the disk, so that a repeat waits for the first and is not written twice. */
  readonly #inFlight = new Map<string, Promise<void>>();
  #queue: Pending[] = [];
  #queued = 0;
  #next: number;
  #writing: Promise<void> | undefined;
  #sinceCheckpoint: number;
  #closed = false;
  #fault: string | undefined;

  private constructor(options: StoreOptions, projection: Projection, next: number, recovery: Recovery) {
    this.#options = options;
    this.#projection = projection;
    this.#maxQueued = options.maxQueued ?? 100_000;
    this.#next = next;
    this.#sinceCheckpoint = recovery.fromJournal;
    this.recovery = recovery;
  }

  /** Opens on the newest usable checkpoint plus the journal behind it, or on the journal alone. */
  static open(options: StoreOptions): EventStore {
    for (const checkpoint of options.checkpoints.load()) {
      if (checkpoint.version !== PROJECTION_VERSION) continue;
      try {
        const projection = Projection.fromImage(options.sqlite, checkpoint.image);
        return EventStore.#replay(options, projection, checkpoint.position, checkpoint.sequence);
      } catch {
        // An image that does not open, or a position that the journal does not have: the next older one may do.
      }
    }
    return EventStore.#replay(options, Projection.empty(options.sqlite), null, 0);
  }

  static #replay(
    options: StoreOptions,
    projection: Projection,
    after: Parameters<Journal['replay']>[0],
    sequence: number,
  ): EventStore {
    const recovery: Recovery = { fromCheckpoint: projection.last, fromJournal: 0, damage: [] };
    let next = Math.max(sequence, projection.last) + 1;
    const onFrame = (frame: Frame) => {
      const events = eventsOf(frame, options.platform);
      projection.apply(events);
      recovery.fromJournal += events.length;
      next = Math.max(next, frame.firstSequence + frame.count);
    };
    options.journal.replay(after, onFrame, (damage) => recovery.damage.push(damage));
    return new EventStore(options, projection, next, recovery);
  }

  /**
   * Stores events; resolves once they are durable and can be read. Answers in the order given. Rejects with
   * `overloaded` when too many are waiting, `storage-failed` when the disk does not take them.
   */
  async append(events: readonly UnstoredEvent[]): Promise<Appended[]> {
    if (this.#closed) throw new TelemetryError('unavailable', 'The engine is shutting down.');
    if (this.#queued + events.length > this.#maxQueued) {
      throw new TelemetryError('overloaded', `${this.#queued} events are waiting for the disk; try again.`, {
        retryAfterSeconds: 1,
      });
    }
    const fresh: UnstoredEvent[] = [];
    const waits: Promise<void>[] = [];
    const answers: Appended[] = [];
    const keys = new Set<string>();
    for (const event of events) {
      const key = keyOf(event);
      const flying = this.#inFlight.get(key);
      const duplicate = flying !== undefined || keys.has(key) || this.#projection.has(event.source, event.id);
      if (flying) waits.push(flying);
      if (!duplicate) {
        keys.add(key);
        fresh.push(event);
      }
      answers.push({ id: event.id, duplicate });
    }
    if (fresh.length > 0) waits.push(this.#enqueue(fresh, keys));
    await Promise.all(waits);
    return answers;
  }

  /** The tables, for reading only. */
  get tables(): Sqlite {
    return this.#projection.db;
  }

  /** Highest sequence that can be read; 0 for none. */
  get lastSequence(): number {
    return this.#projection.last;
  }

  /** Events waiting for the disk. */
  get queued(): number {
    return this.#queued;
  }

  /** What keeps the store from being whole, in words. */
  get fault(): string | undefined {
    return this.#fault;
  }

  info(): JournalInfo {
    return this.#options.journal.info();
  }

  /** Events behind a sequence, oldest first. */
  after(sequence: number, limit: number): TelemetryEvent[] {
    return this.tables.all(
      'SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?',
      [sequence, limit],
      eventOf,
    );
  }

  /** Calls `listener` with each group of events once it is durable and can be read. The result ends it. */
  onAppended(listener: (events: TelemetryEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes an image, so that the next start has less to replay. */
  async checkpoint(): Promise<void> {
    await this.#writing;
    const position = this.#options.journal.position();
    if (position.segment === '') return;
    await this.#options.checkpoints.save({
      image: this.tables.image(),
      position,
      sequence: this.#next - 1,
      version: PROJECTION_VERSION,
    });
    this.#sinceCheckpoint = 0;
  }

  /** Waits for what is queued, writes a checkpoint where it pays, closes the files. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#writing;
    try {
      if (this.#sinceCheckpoint > 200) await this.checkpoint();
    } finally {
      await this.#options.journal.close();
      this.tables.close();
    }
  }

  #enqueue(events: UnstoredEvent[], keys: ReadonlySet<string>): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    for (const key of keys) this.#inFlight.set(key, promise);
    this.#queue.push({ events, done: resolve, failed: reject });
    this.#queued += events.length;
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
    return promise.finally(() => {
      for (const key of keys) this.#inFlight.delete(key);
    });
  }

  /** Writes group after group until nothing waits. While one group syncs the next one gathers. */
  async #drain(): Promise<void> {
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const group = this.#takeGroup();
      const sequenced = group.map(({ events }) =>
        events.map((event) => ({ ...event, sequence: this.#next++ })),
      );
      try {
        await this.#options.journal.append(
          group.map(({ events }, i) => ({
            firstSequence: sequenced[i]?.[0]?.sequence ?? 0,
            count: events.length,
            payload: this.#options.platform.encodeUtf8(JSON.stringify(events)),
          })),
        );
      } catch (error) {
        this.#settle(group, (pending) => pending.failed(error));
        continue;
      }
      this.#publish(sequenced.flat());
      this.#settle(group, (pending) => pending.done());
    }
  }

  #takeGroup(): Pending[] {
    let size = 0;
    let taken = 0;
    for (const { events } of this.#queue) {
      size += events.length;
      if (taken > 0 && size > MAX_EVENTS_PER_GROUP) break;
      taken++;
    }
    return this.#queue.splice(0, taken);
  }

  #settle(group: Pending[], settle: (pending: Pending) => void): void {
    for (const pending of group) {
      this.#queued -= pending.events.length;
      settle(pending);
    }
  }

  #publish(events: TelemetryEvent[]): void {
    try {
      this.#projection.apply(events);
      this.#sinceCheckpoint += events.length;
    } catch (error) {
      this.#fault = `The journal holds events that the tables do not (${String(error)}); a restart rebuilds them.`;
    }
    for (const listener of this.#listeners) listener(events);
  }
}

function keyOf(event: { source: string; id: string }): string {
  return `${event.source}\n${event.id}`;
}

function eventsOf(frame: Frame, platform: Pick<Platform, 'decodeUtf8'>): TelemetryEvent[] {
  const events = JSON.parse(platform.decodeUtf8(frame.payload)) as UnstoredEvent[];
  return events.map((event, i) => ({ ...event, sequence: frame.firstSequence + i }));
}
