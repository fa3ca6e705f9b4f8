/** Checks events against the contract, with messages that say what to do. Validators are compiled on first use. */
import type { TSchema } from 'typebox';
import Compile, { type Validator } from 'typebox/compile';
import { EVENT_TYPES, EventInput, type EventType, eventData } from '../contract/event.ts';
import type { FieldError } from '../contract/problem.ts';

export type Checked<T> = { ok: true; value: T } | { ok: false; errors: FieldError[] };

const compiled = new Map<TSchema, Validator>();

/** Checks any value against a schema of the contract. */
export function check<T>(schema: TSchema, value: unknown, at = ''): Checked<T> {
  let validator = compiled.get(schema);
  if (!validator) {
    validator = Compile(schema);
    compiled.set(schema, validator);
  }
  if (validator.Check(value)) return { ok: true, value: value as T };
  return { ok: false, errors: describe(validator.Errors(value), at) };
}

/** Checks the envelope, then `data` by the schema of its type. Never throws. */
export function checkEvent(value: unknown): Checked<EventInput> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed('', 'must be an object with type, source and data');
  }
  const { type } = value as { type?: unknown };
  if (typeof type !== 'string' || !(type in eventData)) {
    const said = type === undefined ? 'is missing' : `${JSON.stringify(type)} is unknown`;
    return failed('/type', `${said}; use one of ${EVENT_TYPES.join(', ')}`);
  }
  const envelope = check<EventInput>(EventInput, value);
  if (!envelope.ok) return envelope;
  const data = check(eventData[type as EventType], envelope.value.data, '/data');
  return data.ok ? envelope : data;
}

function failed(pointer: string, message: string): Checked<never> {
  return { ok: false, errors: [{ pointer, message }] };
}

interface RawError {
  keyword: string;
  instancePath: string;
  params: object;
  message: string;
}

const MAX_ERRORS = 20;

/** One line for each field at fault: the most telling error of each place, in the words of the field. */
function describe(raw: readonly RawError[], at: string): FieldError[] {
  const errors = new Map<string, string>();
  for (const error of raw) {
    const params = error.params as Record<string, unknown>;
    if (error.keyword === 'additionalProperties') {
      for (const name of params.additionalProperties as string[]) {
        errors.set(
          `${at}${error.instancePath}/${name}`,
          'is not a known field; remove it or put it into data',
        );
      }
    } else if (error.keyword === 'required') {
      for (const name of params.requiredProperties as string[]) {
        errors.set(`${at}${error.instancePath}/${name}`, 'is missing');
      }
    } else if (error.keyword !== 'boolean' && error.keyword !== 'anyOf') {
      const pointer = at + error.instancePath;
      if (!errors.has(pointer)) errors.set(pointer, phrase(error.keyword, params, error.message));
    }
  }
  if (errors.size === 0) errors.set(at, raw[0]?.message ?? 'is not valid');
  return [...errors].slice(0, MAX_ERRORS).map(([pointer, message]) => ({ pointer, message }));
}

function phrase(keyword: string, params: Record<string, unknown>, fallback: string): string {
  switch (keyword) {
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
    case 'format':
      return 'must be an RFC 3339 date-time such as 2026-11-23T18:49:00.000Z';
    case 'type':
      return `must be ${([] as unknown[]).concat(params.type).join(' or ')}`;
    default:
      return fallback;
  }
}
