/** Turns checked input into an event that may be stored: ids, time, trace, and no secrets. */
import type { CallContext } from '../contract/client.ts';
import type { Dialect, EventInput, EventMetadata } from '../contract/event.ts';
import { redactDeep } from '../privacy/redact.ts';
import { withoutData } from '../sql/redact.ts';
import type { UnstoredEvent } from '../store/event-store.ts';

export interface Completion {
  newId: () => string;
  now: () => number;
  trace: CallContext;
  /** Filled in where the sender said nothing. */
  defaults: EventMetadata;
}

export function completeEvent(input: EventInput, { newId, now, trace, defaults }: Completion): UnstoredEvent {
  return {
    id: input.id?.toLowerCase() ?? newId(),
    timestamp: input.timestamp === undefined ? new Date(now()).toISOString() : inUtc(input.timestamp),
    type: input.type,
    source: input.source,
    data: withoutSecrets(input.data),
    metadata: redactDeep({ ...defaults, ...trace, ...input.metadata }),
  };
}

/** As `toISOString` writes it; most senders do already. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d\.\d{3}Z$/;

function inUtc(timestamp: string): string {
  return CANONICAL.test(timestamp) ? timestamp : new Date(timestamp).toISOString();
}

function withoutSecrets(data: EventInput['data']): EventInput['data'] {
  const { sql, dialect } = data as { sql?: unknown; dialect?: Dialect };
  return redactDeep(typeof sql === 'string' ? { ...data, sql: withoutData(sql, dialect) } : data);
}
