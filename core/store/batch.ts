/** Events that somebody wants stored: as objects, or encoded already. */
import type { TelemetryEvent } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import { compactEvents, type EncodedEvents, selectEvents, textOf, type UnstoredEvent } from './encode.ts';
import { hashKey, hashText } from './hash.ts';

export type Identity = Pick<TelemetryEvent, 'id' | 'source'>;

export interface Batch {
  readonly count: number;
  /** Two hashes of each event's key, see `hashKey`. */
  readonly keys: Uint32Array;
  identity(row: number): Identity;
  select(rows: readonly number[]): Batch;
}

export class ObjectBatch implements Batch {
  readonly events: readonly UnstoredEvent[];
  readonly keys: Uint32Array;

  constructor(events: readonly UnstoredEvent[]) {
    this.events = events;
    this.keys = new Uint32Array(events.length * 2);
    let source = '';
    let sourceHash = 0;
    for (let i = 0; i < events.length; i++) {
      const event = events[i] as UnstoredEvent;
      if (event.source !== source) {
        source = event.source;
        sourceHash = hashText(source);
      }
      hashKey(sourceHash, event.id, this.keys, i * 2);
    }
  }

  get count(): number {
    return this.events.length;
  }

  identity(row: number): Identity {
    return this.events[row] as UnstoredEvent;
  }

  select(rows: readonly number[]): Batch {
    return new ObjectBatch(rows.map((row) => this.events[row] as UnstoredEvent));
  }
}

export class EncodedBatch implements Batch {
  readonly #events: EncodedEvents;
  readonly #platform: Pick<Platform, 'decodeUtf8'>;

  constructor(events: EncodedEvents, platform: Pick<Platform, 'decodeUtf8'>) {
    this.#events = events;
    this.#platform = platform;
  }

  get count(): number {
    return this.#events.count;
  }

  get keys(): Uint32Array {
    return this.#events.keys;
  }

  identity(row: number): Identity {
    return identityOf(this.#events, row, this.#platform);
  }

  select(rows: readonly number[]): Batch {
    return new EncodedBatch(selectEvents(this.#events, rows), this.#platform);
  }

  /** As they go to the journal. */
  encoded(): EncodedEvents {
    return isDense(this.#events) ? this.#events : compactEvents(this.#events);
  }
}

/** Key of an encoded event, from its text. */
export function identityOf(
  events: EncodedEvents,
  row: number,
  platform: Pick<Platform, 'decodeUtf8'>,
): Identity {
  return JSON.parse(platform.decodeUtf8(textOf(events, row))) as UnstoredEvent;
}

/** Whether the events' texts fill their payload. */
function isDense({ payload, starts, ends, count }: EncodedEvents): boolean {
  for (let i = 0; i < count; i++) if (starts[i] !== (i === 0 ? 0 : ends[i - 1])) return false;
  return ends[count - 1] === payload.length;
}
