import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { EVENT_TYPES } from '../../../core/contract/event.ts';
import { openApiDocument } from '../../../core/contract/openapi.ts';

test('the document is valid OpenAPI 3.1 by an independent validator', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(openApiDocument('1.2.3')));
  assert.deepEqual([valid, errors], [true, undefined]);
  assert.equal(validator.version, '3.1');
});

test('every event type has its own data schema in it', () => {
  const { components } = openApiDocument('1.2.3') as { components: { schemas: Record<string, object> } };
  for (const type of EVENT_TYPES) assert.ok(components.schemas[`EventData_${type}`], type);
  const { allOf } = components.schemas.EventInput as { allOf: unknown[] };
  assert.equal(allOf.length, EVENT_TYPES.length);
});
