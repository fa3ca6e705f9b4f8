/**
 * The way of events to the disk: what is new of a batch waits in a queue, goes to the journal in groups and is published
 * once it is durable. Keys of events on their way are noted, so that a repeat waits for the first.
 */
import { TelemetryError } from '../contract/errors.ts';
import type { Platform } from '../platform.ts';
import type { Batch } from './batch.ts';
import { type Group, type Pending, takeGroup } from './group.ts';
import type { Partitions } from './partitions.ts';
import type { Journal, JournalPosition } from './ports.ts';

export interface EventWriterOptions {
  journal: Pick<Journal, 'append'>;
  platform: Pick<Platform, 'encodeTexts'>;
  /** Events that may wait for the disk before more are refused. */
  maxQueued: number;
  /** Where events arrive; others after something was erased. */
  partitions: () => Partitions;
  /** Throws where nothing may be written. */
  assertOpen: () => void;
  /** Puts a durable group where it can be read. */
  arrived: (group: Group, places: readonly JournalPosition[]) => void;
  /** Called once those who sent a group have been told. */
  published: (group: Group) => void;
  /** Called when nothing waits any more. */
  drained: () => void;
}

export class EventWriter {
  readonly #options: EventWriterOptions;
  /** Batches on their way to the disk, in order; the queue is the end of it. */
  #flying: Pending[] = [];
  #queue: Pending[] = [];
  #queued = 0;
  #next: number;
  #writing: Promise<void> | undefined;

  /** @param next the sequence of the next event */
  constructor(options: EventWriterOptions, next: number) {
    this.#options = options;
    this.#next = next;
  }

  /** Events waiting for the disk. */
  get queued(): number {
    return this.#queued;
  }

  /** Ends when nothing waits any more; undefined where nothing does. */
  get writing(): Promise<void> | undefined {
    return this.#writing;
  }

  /** No sequence up to this one is given again. */
  passOver(sequence: number): void {
    this.#next = Math.max(this.#next, sequence + 1);
  }

  /** Stores what is new of a batch; what is on its way already is looked at again once that has ended. */
  async store(batch: Batch): Promise<boolean[]> {
    const { assertOpen, maxQueued, partitions } = this.#options;
    assertOpen();
    if (this.#queued + batch.count > maxQueued) {
      throw new TelemetryError('overloaded', `${this.#queued} events are waiting for the disk; try again.`, {
        retryAfterSeconds: 1,
      });
    }
    const firstOrdinal = partitions().keys.count;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { fresh, again, waits, duplicates } = this.#sort(batch, promise);
    if (fresh.length > 0) {
      const part = fresh.length === batch.count ? batch : batch.select(fresh);
      this.#enqueue({ batch: part, firstOrdinal, durable: promise, done: resolve, failed: reject });
      await promise;
    }
    if (again.length > 0) {
      await Promise.allSettled(waits);
      const answers = await this.store(batch.select(again));
      again.forEach((row, i) => {
        duplicates[row] = answers[i] ?? false;
      });
    }
    return duplicates;
  }

  /** Which events of a batch are new, known, or on their way; the keys of new ones are noted. */
  #sort(batch: Batch, promise: Promise<void>) {
    const partitions = this.#options.partitions();
    const { keys } = partitions;
    const firstOrdinal = keys.count;
    const duplicates = new Array<boolean>(batch.count).fill(false);
    const fresh: number[] = [];
    const again: number[] = [];
    const waits = new Set<Promise<unknown>>();
    try {
      for (let i = 0; i < batch.count; i++) {
        const slot = batch.keys[i * 2] as number;
        const print = batch.keys[i * 2 + 1] as number;
        const stored = partitions.count;
        const is = (ordinal: number) => ordinal >= stored || partitions.isEvent(ordinal, batch.identity(i));
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
    this.#options.drained();
  }

  #settle(group: Group): void {
    this.#flying.splice(0, group.pending.length);
    for (const { batch } of group.pending) this.#queued -= batch.count;
  }

  /** What was behind the group moves up: its events get the ordinals of those that failed. */
  #fail(group: Group, error: unknown): void {
    this.#settle(group);
    const { keys } = this.#options.partitions();
    const first = group.pending[0]?.firstOrdinal ?? keys.count;
    keys.truncate(first);
    for (const pending of this.#flying) {
      pending.firstOrdinal = keys.count;
      keys.add(pending.batch.keys, pending.batch.count);
    }
    for (const pending of group.pending) pending.failed(error);
  }

  #publish(group: Group, places: readonly JournalPosition[]): void {
    this.#options.arrived(group, places);
    this.#settle(group);
    for (const pending of group.pending) pending.done();
    this.#options.published(group);
  }
}
