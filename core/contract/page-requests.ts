/**
 * The host's half of the conversation of `bridge.ts` that is the same in the editor and in the desktop app:
 * answers what one page asks, and sends it the events that it subscribed to.
 */
import type { HostMessage, PageMessage } from './bridge.ts';
import type { TelemetryClient, Transport } from './client.ts';
import { TelemetryError } from './errors.ts';
import type { TelemetryEvent } from './event.ts';

/** An engine as a page reaches it: events come in groups. */
export interface PageEngine {
  call: Transport;
  subscribe(
    options: Parameters<TelemetryClient['subscribe']>[0],
    onEvents: (events: TelemetryEvent[]) => void,
  ): () => void;
}

export class PageRequests {
  readonly #engine: PageEngine;
  readonly #send: (message: HostMessage) => void;
  readonly #subscriptions = new Map<number, () => void>();
  /** Counts the pages: an answer for a page that was left since is dropped. */
  #page = 0;

  constructor(engine: PageEngine, send: (message: HostMessage) => void) {
    this.#engine = engine;
    this.#send = send;
  }

  /** Takes a message where it is a request or about a subscription, and says whether it was. */
  receive(message: PageMessage): boolean {
    switch (message.kind) {
      case 'request':
        void this.#answer(message);
        return true;
      case 'subscribe':
        this.#subscribe(message);
        return true;
      case 'unsubscribe':
        this.#unsubscribe(message.id);
        return true;
      default:
        return false;
    }
  }

  /** The page is gone, or about to be loaded again: it gets no more answers and no more events. */
  leave(): void {
    this.#page++;
    this.endSubscriptions();
  }

  endSubscriptions(): void {
    for (const id of [...this.#subscriptions.keys()]) this.#unsubscribe(id);
  }

  async #answer({ id, method, params }: Extract<PageMessage, { kind: 'request' }>): Promise<void> {
    const page = this.#page;
    const answer = await this.#engine.call(method, params as never).then(
      (result): HostMessage => ({ kind: 'response', id, result }),
      (error): HostMessage => ({ kind: 'response', id, problem: TelemetryError.from(error).toProblem() }),
    );
    if (page === this.#page) this.#send(answer);
  }

  #subscribe({ id, after, filter }: Extract<PageMessage, { kind: 'subscribe' }>): void {
    this.#unsubscribe(id);
    const options = { ...(after === undefined ? {} : { after }), ...(filter ? { filter } : {}) };
    const end = this.#engine.subscribe(options, (events) => this.#send({ kind: 'events', id, events }));
    this.#subscriptions.set(id, end);
  }

  #unsubscribe(id: number): void {
    this.#subscriptions.get(id)?.();
    this.#subscriptions.delete(id);
  }
}
