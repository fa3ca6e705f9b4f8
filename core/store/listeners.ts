/** Who is told of events once they are durable and can be read. */
import type { EventType } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import type { EncodedEvents } from './encode.ts';
import { type Glance, glancesOfFrame } from './glance.ts';

type Listener = (events: Glance[]) => void;

export class Listeners {
  readonly #platform: Pick<Platform, 'decodeUtf8'>;
  readonly #listeners = new Map<Listener, ReadonlySet<EventType> | undefined>();
  readonly #wakers = new Set<() => void>();

  constructor(platform: Pick<Platform, 'decodeUtf8'>) {
    this.#platform = platform;
  }

  /** The result ends it. */
  add(listener: Listener, types: readonly EventType[] | undefined): () => void {
    this.#listeners.set(listener, types && new Set(types));
    return () => this.#listeners.delete(listener);
  }

  /** The result ends it. */
  addWaker(wake: () => void): () => void {
    this.#wakers.add(wake);
    return () => this.#wakers.delete(wake);
  }

  wake(): void {
    for (const wake of this.#wakers) wake();
  }

  /** Tells each listener those events of a frame that it wants. */
  tell(events: EncodedEvents, firstSequence: number): void {
    if (this.#listeners.size === 0) return;
    const glances = glancesOfFrame(events, firstSequence, this.#wantedTypes(), this.#platform);
    if (glances.length === 0) return;
    for (const [listener, types] of this.#listeners) {
      const own = types ? glances.filter(({ type }) => types.has(type)) : glances;
      if (own.length > 0) listener(own);
    }
  }

  /** The types that somebody listens to; undefined for all. */
  #wantedTypes(): ReadonlySet<EventType> | undefined {
    const wanted = new Set<EventType>();
    for (const types of this.#listeners.values()) {
      if (!types) return undefined;
      for (const type of types) wanted.add(type);
    }
    return wanted;
  }
}
