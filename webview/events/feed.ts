/**
 * The events of one filter as a window on a list that may be a million long: newest first, a page more at either end as
 * the reader scrolls, live ones as they arrive. What is far out of sight goes again, so that memory stays bounded.
 */
import { batch, type Signal, signal } from '@preact/signals';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { EventFilter } from '../../core/contract/methods.ts';
import { matches } from './filter.ts';
import { merged } from './merge.ts';

const PAGE = 200;
/** Rows that are kept; many screens full, and few megabytes. */
export const MOST_ROWS = 3_000;

type Events = readonly TelemetryEvent[];

let lastId = 0;

export class EventFeed {
  /** Tells one feed from another. */
  readonly id = `feed ${++lastId}`;
  readonly items: Signal<Events> = signal([]);
  readonly loading: Signal<boolean> = signal(false);
  readonly error: Signal<TelemetryError | undefined> = signal(undefined);
  /** Whether the oldest event that the filter finds is in the list. */
  readonly complete: Signal<boolean> = signal(false);
  /** Whether the newest one is; live events then go on top. */
  readonly newest: Signal<boolean>;
  /** Live events that arrived above the window. */
  readonly waiting: Signal<number> = signal(0);
  /** Whether the reader is at the top, where new events may push the list down. */
  following = true;
  readonly #client: Pick<TelemetryClient, 'call'>;
  readonly #filter: EventFilter;
  readonly #at: string | undefined;
  /** Where the next older page begins; undefined where the list's own end says it. */
  #cursor: string | undefined;
  /** The end that the cursor was asked with: it belongs to its question. */
  #to: string | undefined;
  #started = false;
  /** Arrived before the first page did. */
  #early: TelemetryEvent[] = [];

  /** With `at` it begins at that time instead of the newest event. */
  constructor(client: Pick<TelemetryClient, 'call'>, filter: EventFilter, at?: string) {
    this.#client = client;
    this.#filter = filter;
    this.#at = at;
    this.newest = signal(at === undefined);
    // No type at all is a choice too; the API would take it for none made.
    this.complete.value = filter.type?.length === 0;
  }

  /** Loads the next older page; the first at first. Does nothing while one is loading, or where there is no more. */
  async more(): Promise<void> {
    if (this.loading.value || this.complete.value) return;
    await this.#load(async () => {
      const known = sequencesOf(this.items.value);
      let fresh: Events = [];
      if (this.#cursor === undefined) this.#to = this.#end();
      do {
        const page = await this.#client.call('events.list', {
          ...this.#filter,
          ...(this.#to === undefined ? {} : { to: this.#to }),
          limit: PAGE,
          ...(this.#cursor === undefined ? {} : { cursor: this.#cursor }),
        });
        this.#cursor = page.nextCursor;
        fresh = page.items.filter(({ sequence }) => !known.has(sequence));
      } while (fresh.length === 0 && this.#cursor !== undefined);
      batch(() => {
        this.complete.value = this.#cursor === undefined;
        // A page is older than what is there, so that it goes in whether or not the list is complete with it.
        const items = merged(this.items.value, fresh, true);
        if (items.length > MOST_ROWS) this.newest.value = false;
        this.items.value = items.slice(-MOST_ROWS);
        this.#started = true;
        this.receive(this.#early.splice(0));
      });
    });
  }

  /** Loads the next newer page, where the window does not reach the newest event. */
  async newer(): Promise<void> {
    const [first] = this.items.value;
    if (this.loading.value || this.newest.value || !first) return;
    await this.#load(async () => {
      const known = sequencesOf(this.items.value);
      let cursor: string | undefined;
      let fresh: Events = [];
      do {
        const page = await this.#client.call('events.list', {
          ...this.#filter,
          from: first.timestamp,
          order: 'oldest',
          limit: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        cursor = page.nextCursor;
        fresh = page.items.filter(({ sequence }) => !known.has(sequence));
      } while (fresh.length === 0 && cursor !== undefined);
      batch(() => {
        this.newest.value = cursor === undefined;
        if (this.newest.value) this.waiting.value = 0;
        this.#keepTop(merged(this.items.value, fresh, this.complete.value));
      });
    });
  }

  /** Puts live events that the filter lets through at their places; counts them where that place is not in the window. */
  receive(events: Events): void {
    const wanted = events.filter((event) => matches(event, this.#filter));
    if (wanted.length === 0) return;
    if (!this.#started) {
      this.#early.push(...wanted);
      return;
    }
    const full = !this.following && this.items.value.length + wanted.length > MOST_ROWS;
    batch(() => {
      if (full) this.newest.value = false;
      if (this.newest.value) this.#keepTop(merged(this.items.value, wanted, this.complete.value));
      else this.waiting.value += wanted.length;
    });
  }

  /** Fetches what arrived while nobody listened; begins again where that is more than a page. */
  async catchUp(): Promise<void> {
    if (!this.#started || this.loading.value || !this.newest.value) return;
    const page = await this.#client
      .call('events.list', { ...this.#filter, limit: PAGE })
      .catch(() => undefined);
    if (!page) return;
    const known = sequencesOf(this.items.value);
    const gap = page.nextCursor !== undefined && !page.items.some(({ sequence }) => known.has(sequence));
    batch(() => {
      if (!gap) {
        this.#keepTop(merged(this.items.value, page.items, this.complete.value));
        return;
      }
      this.#cursor = page.nextCursor;
      this.#to = this.#filter.to;
      this.complete.value = false;
      this.items.value = page.items;
    });
  }

  /** Begins again with the newest event. */
  async restart(): Promise<void> {
    if (this.loading.value) return;
    await this.#load(async () => {
      const page = await this.#client.call('events.list', { ...this.#filter, limit: PAGE });
      batch(() => {
        this.#cursor = page.nextCursor;
        this.#to = this.#filter.to;
        this.complete.value = page.nextCursor === undefined;
        this.newest.value = true;
        this.waiting.value = 0;
        this.following = true;
        this.items.value = page.items;
      });
    });
  }

  async #load(work: () => Promise<void>): Promise<void> {
    this.loading.value = true;
    try {
      await work();
      this.error.value = undefined;
    } catch (error) {
      this.error.value = TelemetryError.from(error);
    } finally {
      this.loading.value = false;
    }
  }

  /** What is too much goes at the old end. */
  #keepTop(items: Events): void {
    if (items.length > MOST_ROWS) {
      this.complete.value = false;
      this.#cursor = undefined;
    }
    this.items.value = items.length > MOST_ROWS ? items.slice(0, MOST_ROWS) : items;
  }

  /** Up to and with the time at which the list ends: others of that time are known by their sequence. */
  #end(): string | undefined {
    const last = this.items.value.at(-1)?.timestamp ?? this.#at;
    if (last === undefined) return this.#filter.to;
    const to = new Date(Date.parse(last) + 1).toISOString();
    return this.#filter.to !== undefined && this.#filter.to < to ? this.#filter.to : to;
  }
}

function sequencesOf(events: Events): Set<number> {
  return new Set(events.map(({ sequence }) => sequence));
}
