/** Query strings as params: text becomes numbers and arrays where the schema asks for them. */
import type { TSchema } from 'typebox';
import { Convert } from 'typebox/value';

/** Values as the schema wants them where text can say it; others stay as they are, for the check to refuse. */
export function queryParams(schema: TSchema, query: unknown): unknown {
  return Convert(schema, { ...(query as object) });
}
