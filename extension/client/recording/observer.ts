/** Tells the engine what the editor saw. While recording is off it sees nothing. */
import { randomBytes } from 'node:crypto';
import type { EventInput, EventMetadata, EventType } from '../../../core/contract/event.ts';
import { uuidV7Source } from '../../../core/events/ids.ts';
import { OBSERVED, type ObservedParams } from '../../protocol.ts';
import type { Outbox } from '../outbox.ts';

export interface Observation<T extends EventType> {
  type: T;
  source: string;
  data: EventInput<T>['data'];
  metadata?: EventMetadata;
  /** Path of what it is about, for its workspace; the first folder where it is missing. */
  about?: string;
}

export class Observer {
  readonly newId = uuidV7Source({
    now: Date.now,
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
  });
  readonly #outbox: Outbox;
  readonly #isOn: () => boolean;

  constructor(outbox: Outbox, isOn: () => boolean) {
    this.#outbox = outbox;
    this.#isOn = isOn;
  }

  get isOn(): boolean {
    return this.#isOn();
  }

  /** Takes note of something, with the time of now. */
  observe<T extends EventType>({ about, ...event }: Observation<T>): void {
    if (!this.#isOn()) return;
    const params: ObservedParams = {
      events: [{ ...event, id: this.newId(), timestamp: new Date().toISOString() }],
      ...(about === undefined ? {} : { about }),
    };
    this.#outbox.add(OBSERVED, params);
  }
}
