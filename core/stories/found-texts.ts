/**
 * When the events happened that have a text, and how they ended. Found once for each search, in slices, and kept for the
 * latest ones: what is recorded later is looked at when the search is asked for again.
 */
import type { EventFilter } from '../contract/methods.ts';
import { STATUSES } from '../store/encode.ts';
import type { EventReader } from '../store/event-reader.ts';
import { textCheck } from '../store/filter.ts';
import { type Searched, searchTexts } from '../store/text-search.ts';

/** Searches that are kept, and events of all of them together: eight bytes each. */
const MOST_SEARCHES = 4;
const MOST_FOUND = 4_000_000;

/** Runs steps so that the thread is never held for long. */
export type InSlices = <T>(steps: Generator<void, T>) => Promise<T>;

interface Search extends Searched {
  key: string;
  /** The times that it covers, milliseconds: included, and excluded. */
  from: number;
  to: number;
  /** Time and status of each event in one figure, in the order of recording: {@link timeOf}, {@link statusOf}. */
  found: number[];
  running: Promise<void> | undefined;
}

export class FoundTexts {
  readonly #reader: EventReader;
  readonly #inSlices: InSlices;
  /** The latest last. */
  #searches: Search[] = [];

  constructor(reader: EventReader, inSlices: InSlices) {
    this.#reader = reader;
    this.#inSlices = inSlices;
  }

  /** Events that a filter with a text or a correlation id lets through, as of now; those of other times may be among them. */
  async of(filter: EventFilter): Promise<readonly number[]> {
    const search = this.#searchOf(filter);
    search.running ??= this.#readOn(search, filter).finally(() => {
      search.running = undefined;
    });
    await search.running;
    return search.found;
  }

  /** The kept search that covers the filter's times, or a new one. */
  #searchOf({ from, to, ...rest }: EventFilter): Search {
    const key = JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
    const first = from ? Date.parse(from) : Number.NEGATIVE_INFINITY;
    const end = to ? Date.parse(to) : Number.POSITIVE_INFINITY;
    const kept = this.#searches.find((one) => one.key === key && one.from <= first && one.to >= end);
    const search = kept ?? { key, from: first, to: end, found: [], sequence: 0, seen: 0, running: undefined };
    const others = this.#searches.filter((one) => one !== search).slice(1 - MOST_SEARCHES);
    while (others.reduce((sum, { found }) => sum + found.length, search.found.length) > MOST_FOUND)
      if (!others.shift()) break;
    this.#searches = [...others, search];
    return search;
  }

  async #readOn(search: Search, filter: EventFilter): Promise<void> {
    await this.#read(search, filter);
    if (search.seen === this.#stored()) return;
    // Fewer than were seen: some were erased. More: an erasure was taken back. Either way all is looked at again.
    Object.assign(search, { found: [], sequence: 0, seen: 0 });
    await this.#read(search, filter);
  }

  async #read(search: Search, { from: _from, to: _to, ...rest }: EventFilter): Promise<void> {
    const check = textCheck(rest);
    if (!check) return;
    const times = {
      ...(Number.isFinite(search.from) ? { from: new Date(search.from).toISOString() } : {}),
      ...(Number.isFinite(search.to) ? { to: new Date(search.to).toISOString() } : {}),
    };
    const onFound = (ts: number, status: number) => search.found.push(ts * STATUSES.length + status);
    await this.#inSlices(searchTexts(this.#reader, { ...rest, ...times }, check, search, onFound));
  }

  #stored(): number {
    return this.#reader.sources().reduce((sum, { count }) => sum + count, 0);
  }
}

/** Milliseconds since 1970 of an event that was found. */
export function timeOf(found: number): number {
  return Math.floor(found / STATUSES.length);
}

/** Number of its status. */
export function statusOf(found: number): number {
  return found - timeOf(found) * STATUSES.length;
}
