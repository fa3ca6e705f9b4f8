/** Collects events and sends them in batches, one batch at a time; what engines forward goes the same way. */
import type { TelemetryClient } from '../../contract/client.ts';
import type { EventInput } from '../../contract/event.ts';
import type { Forward } from '../../trace/instrument.ts';

const BATCH = 1_000;

export class Recorder {
  readonly #client: TelemetryClient;
  #waiting: EventInput[] = [];
  #sending: Promise<void> = Promise.resolve();
  accepted = 0;

  constructor(client: TelemetryClient) {
    this.#client = client;
  }

  readonly forward: Forward = (event) => this.add([event]);

  add(events: readonly EventInput[]): void {
    this.#waiting.push(...events);
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
