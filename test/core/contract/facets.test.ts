import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EVENT_TYPES, type EventInput } from '../../../core/contract/event.ts';
import { type Facets, facetsOf } from '../../../core/contract/facets.ts';

const CASES: [Pick<EventInput, 'type' | 'data'>, Partial<Facets>][] = [
  [
    { type: 'schema_operation', data: { operation: 'drop_table', outcome: 'skipped' } },
    { status: 'warning', operation: 'drop_table' },
  ],
  [
    {
      type: 'migration_execution',
      data: { migration: '1', tool: 'prisma', outcome: 'failed', durationMs: 7 },
    },
    { status: 'error', operation: 'prisma', durationMs: 7 },
  ],
  [{ type: 'migration_execution', data: { migration: '1', outcome: 'unknown' } }, { status: 'unknown' }],
  [
    { type: 'performance_metric', data: { operation: 'parse', durationMs: 2, success: true } },
    { status: 'ok', operation: 'parse', durationMs: 2 },
  ],
  [{ type: 'error_occurrence', data: { message: 'broken' } }, { status: 'error' }],
  [
    { type: 'error_occurrence', data: { message: 'hm', severity: 'warning', code: 'E1' } },
    { status: 'warning', operation: 'E1' },
  ],
  [
    { type: 'user_interaction', data: { action: 'open_dashboard' } },
    { status: 'ok', operation: 'open_dashboard' },
  ],
  [{ type: 'system_health', data: { component: 'store', state: 'degraded' } }, { status: 'warning' }],
  [{ type: 'system_health', data: { component: 'store', state: 'failing' } }, { status: 'error' }],
  [{ type: 'security_event', data: { kind: 'audit', severity: 'critical' } }, { status: 'error' }],
  [{ type: 'compliance_check', data: { rule: 'manifest', result: 'warn' } }, { status: 'warning' }],
  [
    { type: 'ai_prediction', data: { modelId: 'm', subject: 's', confidence: 0, abstained: true } },
    { status: 'unknown', operation: 'm' },
  ],
  [
    {
      type: 'ai_accuracy',
      data: { predictionId: 'p', modelId: 'm', subject: 's', accuracy: 0.2, predicted: 1, actual: 0 },
    },
    { status: 'warning' },
  ],
  [
    { type: 'learning_feedback', data: { eventId: '018f', actualOutcome: { durationMs: 3 } } },
    { status: 'ok', operation: 'feedback' },
  ],
  [
    { type: 'model_update', data: { modelId: 'usage-pattern', version: '2', status: 'active' } },
    { status: 'ok' },
  ],
];

test('every type has a status, and an operation and a duration where it has them', () => {
  for (const [event, expected] of CASES) {
    const found = facetsOf(event);
    for (const [key, value] of Object.entries(expected))
      assert.equal(found[key as keyof Facets], value, `${event.type} ${key}`);
  }
  assert.deepEqual([...new Set(CASES.map(([{ type }]) => type))].sort(), [...EVENT_TYPES].sort());
});
