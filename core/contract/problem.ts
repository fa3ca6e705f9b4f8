/** Schemas of an error on the wire. */
import Type, { type Static } from 'typebox';
import { closed, optional, Text } from './schema.ts';

/** One thing wrong with the input. `pointer` is an RFC 6901 JSON pointer into it. */
export const FieldError = closed({ pointer: Type.String(), message: Text });
export type FieldError = Static<typeof FieldError>;

/** RFC 9457 problem document, with the fields at fault. */
export const Problem = closed({
  type: Type.String({ description: 'urn:aibos:problem:<code>' }),
  title: Text,
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Text,
  instance: optional(Type.String({ description: 'request id, also in the logs' })),
  errors: optional(Type.Array(FieldError)),
  retryAfterSeconds: optional(Type.Number({ minimum: 0 })),
});
export type Problem = Static<typeof Problem>;
