/**
 * Shared building blocks of the contract's schemas. Every schema is a JSON Schema (TypeBox), so one declaration
 * serves the compiler, the validator and the OpenAPI document.
 */
import Type, { type Static, type TSchema } from 'typebox';
import './timestamp.ts';

/** RFC 9562 UUID of any version; ids made here are version 7 (time-ordered). */
export const Uuid = Type.String({
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$',
  description: 'UUID (RFC 9562); generated ids are version 7',
});

/** RFC 3339 date and time. Written in UTC with milliseconds, read with any offset. */
export const Timestamp = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'RFC 3339 date-time, for example 2026-11-23T18:49:00.000Z',
});

/** A short name: a type, an operation, a component. */
export const Name = Type.String({ minLength: 1, maxLength: 200 });

/** Free text a person or a tool wrote. */
export const Text = Type.String({ maxLength: 20_000 });

/** A share or probability, 0 to 1. */
export const Share = Type.Number({ minimum: 0, maximum: 1 });

/** A duration in milliseconds. */
export const DurationMs = Type.Number({ minimum: 0, maximum: 31_536_000_000, description: 'milliseconds' });

/** A whole number of things, 0 or more. */
export const Count = Type.Integer({ minimum: 0 });

/** `from` and `to` bound event timestamps: `from` inclusive, `to` exclusive. */
export const Timeframe = Type.Object({ from: Timestamp, to: Timestamp }, { additionalProperties: false });
export type Timeframe = Static<typeof Timeframe>;

/** An object with exactly these fields; anything else is refused with its name. */
export function closed<P extends Record<string, TSchema>>(
  properties: P,
  options: { description?: string } = {},
) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** An object with these fields checked and any further ones kept as they are. */
export function open<P extends Record<string, TSchema>>(
  properties: P,
  options: { description?: string } = {},
) {
  return Type.Object(properties, { additionalProperties: true, ...options });
}

export const optional = Type.Optional;
