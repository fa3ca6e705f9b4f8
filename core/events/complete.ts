/** Turns checked input into an event that may be stored: ids, time, trace, and no secrets. */
import type { CallContext } from '../contract/client.ts';
import type { Dialect, EventInput, EventMetadata } from '../contract/event.ts';
import { redactDeep } from '../privacy/redact.ts';
import { redactSql } from '../sql/redact.ts';
import type { UnstoredEvent } from '../store/event-store.ts';

export interface Completion {
  newId: () => string;
  now: () => number;
  trace: CallContext;
  /** Filled in where the sender said nothing. */
  defaults: EventMetadata;
}

export function completeEvent(input: EventInput, { newId, now, trace, defaults }: Completion): UnstoredEvent {
  const at = input.timestamp === undefined ? now() : Date.parse(input.timestamp);
  return {
    id: input.id?.toLowerCase() ?? newId(),
    timestamp: new Date(at).toISOString(),
    type: input.type,
    source: input.source,
    data: withoutSecrets(input.data),
    metadata: redactDeep({ ...defaults, ...trace, ...input.metadata }),
  };
}

function withoutSecrets(data: EventInput['data']): EventInput['data'] {
  const { sql, dialect } = data as { sql?: unknown; dialect?: Dialect };
  return redactDeep(typeof sql === 'string' ? { ...data, sql: redactSql(sql, dialect) } : data);
}
