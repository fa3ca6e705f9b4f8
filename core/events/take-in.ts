/** What becomes of events that somebody sends: checked one by one, completed, or refused with every field at fault. */
import { AUDIT_KIND } from '../audit/chain.ts';
import { TelemetryError } from '../contract/errors.ts';
import type { EventInput } from '../contract/event.ts';
import { MAX_BATCH, type RecordResult } from '../contract/methods.ts';
import type { FieldError } from '../contract/problem.ts';
import type { UnstoredEvent } from '../store/encode.ts';
import { type Completion, completeEvent } from './complete.ts';
import { type Checked, checkEvent } from './validate.ts';

export interface TakenIn {
  events: UnstoredEvent[];
  rejected: RecordResult['rejected'];
}

export function takeIn(inputs: readonly unknown[], completion: Completion): TakenIn {
  const events: UnstoredEvent[] = [];
  const rejected: RecordResult['rejected'] = [];
  inputs.forEach((input, index) => {
    const checked = unlessReserved(checkEvent(input));
    if (checked.ok) events.push(completeEvent(checked.value, completion));
    else rejected.push({ index, errors: checked.errors });
  });
  return { events, rejected };
}

/** Entries of the audit trail are made by the engine alone. */
function unlessReserved(checked: Checked<EventInput>): Checked<EventInput> {
  if (!checked.ok || checked.value.type !== 'security_event') return checked;
  if ((checked.value.data as { kind?: unknown }).kind !== AUDIT_KIND) return checked;
  return { ok: false, errors: [{ pointer: '/data/kind', message: 'is kept for the engine’s audit trail' }] };
}

/**
 * The events of a request to record: one event, an array, or `{"events": […]}`. They are checked one by one later, so
 * that a bad one does not cost the others. Throws `invalid-request` where the request itself is none of the three.
 */
export function eventsOfRequest(params: unknown): { events: readonly unknown[]; single: boolean } {
  if (typeof params !== 'object' || params === null)
    throw invalidParams('', 'must be an event, an array of events, or {"events": […]}');
  if (Array.isArray(params)) return { events: checkLength(params, ''), single: false };
  if (!('events' in params)) return { events: [params], single: true };
  const { events, ...rest } = params as { events: unknown };
  const [extra] = Object.keys(rest);
  if (extra !== undefined) throw invalidParams(`/${extra}`, 'is not a known field beside events');
  return { events: checkLength(events, '/events'), single: false };
}

/** Nothing of the request was of use: every field at fault, by its place in the request. */
export function allRejected(rejected: RecordResult['rejected'], single: boolean): TelemetryError {
  const errors = rejected.slice(0, 20).flatMap(({ index, errors: found }) =>
    found.map(({ pointer, message }) => ({
      pointer: single ? pointer : `/events/${index}${pointer}`,
      message,
    })),
  );
  const said = errors.slice(0, 3).map(({ pointer, message }) => `${pointer || 'the event'} ${message}`);
  return new TelemetryError('invalid-request', `Nothing was stored: ${said.join('; ')}.`, { errors });
}

function checkLength(events: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(events) && events.length > 0 && events.length <= MAX_BATCH) return events;
  throw invalidParams(pointer, `must be an array of 1 to ${MAX_BATCH} events`);
}

function invalidParams(pointer: string, message: string): TelemetryError {
  const errors: FieldError[] = [{ pointer, message }];
  const said = `${pointer || 'the body'} ${message}.`;
  return new TelemetryError('invalid-request', `${said.charAt(0).toUpperCase()}${said.slice(1)}`, { errors });
}
