/**
 * Collects events and sends them in batches, one batch at a time; what engines forward goes the same way. Each event
 * carries the ids of the action that it belongs to.
 */
import type { TelemetryClient } from '../../contract/client.ts';
import type { EventInput, EventMetadata } from '../../contract/event.ts';
import type { Forward } from '../../trace/instrument.ts';

const BATCH = 1_000;

export class Recorder {
  readonly #client: TelemetryClient;
  readonly #metadata: () => EventMetadata;
  #waiting: EventInput[] = [];
  #sending: Promise<void> = Promise.resolve();
  accepted = 0;

  /** @param metadata of the action that is going on; filled in where an event says nothing else */
  constructor(client: TelemetryClient, metadata: () => EventMetadata) {
    this.#client = client;
    this.#metadata = metadata;
  }

  readonly forward: Forward = (event) => this.add([event]);

  add(events: readonly EventInput[]): void {
    const metadata = this.#metadata();
    this.#waiting.push(
      ...events.map((event) => ({ ...event, metadata: { ...metadata, ...event.metadata } })),
    );
    if (this.#waiting.length >= BATCH) this.#send();
  }

  /** Resolves once everything added so far is durable; rejects with the first error of any batch. */
  async flush(): Promise<void> {
    this.#send();
    await this.#sending;
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const events = this.#waiting;
    this.#waiting = [];
    this.#sending = this.#sending.then(async () => {
      for (let from = 0; from < events.length; from += BATCH) {
        const { accepted } = await this.#client.call('events.record', {
          events: events.slice(from, from + BATCH),
        });
        this.accepted += accepted;
      }
    });
    this.#sending.catch(() => undefined);
  }
}
