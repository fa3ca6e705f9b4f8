/**
 * The newest migrations that were recorded, as examples. They are read from the journal when they are first needed, in
 * slices between which other work comes first, and after that only what is new is read. Bounded: what is older than the
 * newest so many teaches nothing any more.
 */
import type { TelemetryEvent } from '../contract/event.ts';
import type { EventReader } from '../store/event-reader.ts';
import { eventsOfTypesBehind, sequenceBeforeNewest } from '../store/events-behind.ts';
import { type Example, exampleOf } from './examples.ts';

/** Migrations that models learn from, at most. */
export const MOST_EXAMPLES = 20_000;
/** How far the shelf may grow before the oldest go. */
const SLACK = 1.25;
const SLICE = 250;

export class ExampleShelf {
  readonly #reader: EventReader;
  readonly #most: number;
  #examples: Example[] = [];
  #upTo: number | undefined;
  #version = 0;

  constructor(reader: EventReader, most = MOST_EXAMPLES) {
    this.#reader = reader;
    this.#most = most;
  }

  /** In order of recording; whatever has not been read yet is read at once. */
  all(): readonly Example[] {
    while (this.#readSlice());
    return this.#examples.slice(-this.#most);
  }

  /** Changes with every example that is added. */
  get version(): number {
    return this.#version;
  }

  /** Reads what is missing, a slice at a time. */
  async ready(pause: () => Promise<void>): Promise<void> {
    while (this.#readSlice()) await pause();
  }

  /** Events were erased, or hidden, or shown again. */
  forget(): void {
    this.#examples = [];
    this.#upTo = undefined;
    this.#version++;
  }

  /** Whether there may be more. */
  #readSlice(): boolean {
    this.#upTo ??= sequenceBeforeNewest(this.#reader, 'migration_execution', this.#most);
    const { events, upTo } = eventsOfTypesBehind(this.#reader, ['migration_execution'], this.#upTo, SLICE);
    this.#upTo = upTo;
    if (events.length === 0) return false;
    for (const event of events)
      this.#examples.push(exampleOf(event as TelemetryEvent<'migration_execution'>));
    this.#version++;
    if (this.#examples.length > this.#most * SLACK) this.#examples = this.#examples.slice(-this.#most);
    return events.length === SLICE;
  }
}
