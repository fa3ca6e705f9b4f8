/**
 * The one way of events into the store: checked, completed, and acknowledged once they are durable. Batches lose only
 * what is malformed; what the engine itself records is refused whole.
 */
import type { CallContext } from '../contract/client.ts';
import { TelemetryError } from '../contract/errors.ts';
import type { EventInput, EventMetadata } from '../contract/event.ts';
import type { RecordResult } from '../contract/methods.ts';
import type { FieldError } from '../contract/problem.ts';
import { type Completion, completeEvent } from '../events/complete.ts';
import { takeIn } from '../events/take-in.ts';
import { checkEvent } from '../events/validate.ts';
import type { Platform } from '../platform.ts';
import type { EncodedEvents } from '../store/encode.ts';
import type { EventStore, UnstoredEvent } from '../store/event-store.ts';
import type { Forward } from '../trace/instrument.ts';
import { Meter } from '../trace/meter.ts';

/** Events that another thread took in. */
export interface EncodedIntake {
  events: EncodedEvents;
  /** JSON array of the events' ids, in order, in UTF-8. */
  ids: Uint8Array;
  rejected: RecordResult['rejected'];
}

export interface RecorderOptions {
  store: EventStore;
  platform: Platform;
  newId: () => string;
  /** Of the call that is going on. */
  trace: () => CallContext;
  /** Filled into events whose sender said nothing. */
  defaults: EventMetadata;
  /** Takes the figures of how long recording takes. */
  forward: Forward;
}

/** Recordings that share one `performance_metric`: one for each would double the events. */
const METER_EVERY = 200;

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #meter: Meter;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#meter = new Meter('telemetry-engine', 'record', options.forward, METER_EVERY);
  }

  /** All or nothing. Throws `invalid-request` with every field at fault. */
  async store(inputs: readonly (EventInput | UnstoredEvent)[]): Promise<void> {
    const events = inputs.map((input) => {
      const checked = checkEvent(input);
      if (!checked.ok) throw invalid(checked.errors);
      return isComplete(input) ? input : this.complete(input);
    });
    await this.#options.store.append(events);
  }

  /** See `AITelemetryEngine.recordEvents`. */
  async storeBatch(inputs: readonly unknown[]): Promise<RecordResult> {
    const started = this.#options.platform.monotonic();
    const { events, rejected } = takeIn(inputs, this.#completion());
    const stored = this.#options.store
      .append(events)
      .then((answers) => answers.map(({ duplicate }) => duplicate));
    const ids = events.map(({ id }) => id);
    return { ids, ...(await this.#counted(stored, ids.length, rejected, started)) };
  }

  /** Like {@link storeBatch}, for events that were checked, completed and encoded in another thread. */
  async storeEncoded({ events, rejected }: EncodedIntake): Promise<Omit<RecordResult, 'ids'>> {
    const started = this.#options.platform.monotonic();
    return this.#counted(this.#options.store.appendEncoded(events), events.count, rejected, started);
  }

  complete(input: EventInput): UnstoredEvent {
    return completeEvent(input, this.#completion());
  }

  /** Gives out the figures that are not full yet. */
  flush(): void {
    this.#meter.flush();
  }

  async #counted(
    stored: Promise<boolean[]>,
    count: number,
    rejected: RecordResult['rejected'],
    started: number,
  ): Promise<Omit<RecordResult, 'ids'>> {
    const measure = (success: boolean) =>
      this.#meter.add(count, this.#options.platform.monotonic() - started, success);
    try {
      const duplicates = (await stored).filter((duplicate) => duplicate).length;
      measure(true);
      return { accepted: count - duplicates, duplicates, rejected };
    } catch (error) {
      measure(false);
      throw error;
    }
  }

  #completion(): Completion {
    const { platform, newId, trace, defaults } = this.#options;
    return { newId, now: () => platform.now(), trace: trace(), defaults };
  }
}

function invalid(errors: FieldError[]): TelemetryError {
  const first = errors[0];
  const said = first ? `${first.pointer || 'the event'} ${first.message}` : 'it is malformed';
  return new TelemetryError('invalid-request', `The event was not stored: ${said}.`, { errors });
}

function isComplete(input: EventInput | UnstoredEvent): input is UnstoredEvent {
  return input.id !== undefined && input.timestamp !== undefined && input.metadata !== undefined;
}
