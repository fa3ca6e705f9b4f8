/** The events of one filter: page after page as the reader scrolls, and live ones as they arrive. */

import { type Signal, signal } from '@preact/signals';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { EventFilter } from '../../core/contract/methods.ts';
import { matches } from './filter.ts';
import { merged } from './merge.ts';

const PAGE = 200;
/** More than this many rows help nobody: then the filter should be narrower. */
export const MOST_ROWS = 50_000;

export class EventFeed {
  readonly items: Signal<readonly TelemetryEvent[]> = signal([]);
  readonly loading: Signal<boolean> = signal(false);
  readonly error: Signal<TelemetryError | undefined> = signal(undefined);
  /** Whether everything that the filter finds is in the list. */
  readonly complete: Signal<boolean> = signal(false);
  readonly #client: Pick<TelemetryClient, 'call'>;
  readonly #filter: EventFilter;
  #cursor: string | undefined;
  #started = false;
  /** Arrived before the first page did. */
  #early: TelemetryEvent[] = [];

  constructor(client: Pick<TelemetryClient, 'call'>, filter: EventFilter) {
    this.#client = client;
    this.#filter = filter;
    // No type at all is a choice too; the API would take it for none made.
    this.complete.value = filter.type?.length === 0;
  }

  /** Loads the next page; the first at first. Does nothing while one is loading, or where there is no more. */
  async more(): Promise<void> {
    const full = this.items.value.length >= MOST_ROWS;
    if (this.loading.value || this.complete.value || full) return;
    this.loading.value = true;
    try {
      const page = await this.#client.call('events.list', {
        ...this.#filter,
        limit: PAGE,
        ...(this.#cursor === undefined ? {} : { cursor: this.#cursor }),
      });
      this.#cursor = page.nextCursor;
      this.complete.value = page.nextCursor === undefined;
      this.#started = true;
      // A page is older than what is there, so that it goes in whether or not the list is complete with it.
      this.items.value = merged(this.items.value, page.items, true);
      this.error.value = undefined;
      this.#add(this.#early.splice(0));
    } catch (error) {
      this.error.value = TelemetryError.from(error);
    } finally {
      this.loading.value = false;
    }
  }

  /** Puts live events that the filter lets through at their places. */
  receive(events: readonly TelemetryEvent[]): void {
    const wanted = events.filter((event) => matches(event, this.#filter));
    if (this.#started) this.#add(wanted);
    else this.#early.push(...wanted);
  }

  /** Fetches what arrived while nobody listened; begins again where that is more than a page. */
  async catchUp(): Promise<void> {
    if (!this.#started || this.loading.value) return;
    const page = await this.#client
      .call('events.list', { ...this.#filter, limit: PAGE })
      .catch(() => undefined);
    if (!page) return;
    const known = new Set(this.items.value.map(({ sequence }) => sequence));
    const gap = page.nextCursor !== undefined && !page.items.some(({ sequence }) => known.has(sequence));
    if (!gap) {
      this.#add(page.items);
      return;
    }
    this.#cursor = page.nextCursor;
    this.complete.value = false;
    this.items.value = page.items;
  }

  #add(events: readonly TelemetryEvent[]): void {
    this.items.value = merged(this.items.value, events, this.complete.value);
  }
}
