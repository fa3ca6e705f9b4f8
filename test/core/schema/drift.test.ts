import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TelemetryError } from '../../../core/contract/errors.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { driftEvent, driftOf } from '../../../core/schema/drift.ts';
import type { LiveDatabase } from '../../../core/schema/live.ts';
import { EMPTY_SCHEMA, type SchemaSnapshot, schemaHash } from '../../../core/schema/snapshot.ts';
import { changeOf, type Timeline } from '../../../core/schema/timeline.ts';
import { column, schema, table } from './build.ts';

const users = table('users', [column('id')]);
const STATES: SchemaSnapshot[] = [
  schema([users]),
  schema([users, table('orders', [column('id')])]),
  schema([users, table('orders', [column('id'), column('total')])]),
];

function timeline(): Timeline {
  const entries = STATES.map((after, i) => ({
    version: `0.${i + 1}.0`,
    migration: `00${i + 1}`,
    file: `migrations/00${i + 1}.sql`,
    hash: schemaHash(after, nodePlatform).slice(0, 16),
    at: `2026-01-0${i + 1}T00:00:00.000Z`,
    succeeded: true,
    changes: { breaking: 0, additive: 1, patch: 0 },
    reasons: [],
    ...changeOf(STATES[i - 1] ?? EMPTY_SCHEMA, after),
  }));
  return { workspace: 'shop', history: 'migrations', dialect: 'postgres', entries };
}

const live = (snapshot: SchemaSnapshot, dialect: LiveDatabase['dialect'] = 'postgres'): LiveDatabase => ({
  dialect,
  database: 'db/shop',
  environment: 'staging',
  server: 'PostgreSQL 17.2',
  schema: snapshot,
});

const judge = (snapshot: SchemaSnapshot) => driftOf(timeline(), live(snapshot), nodePlatform);

test('the same schema passes; an older version waits; anything else has drifted', () => {
  assert.equal(judge(schema([...(STATES[2]?.relations ?? [])].reverse())).result, 'pass');

  const older = judge(STATES[0] as SchemaSnapshot);
  assert.deepEqual([older.result, older.standsAt?.version, older.waiting], ['warn', '0.1.0', 2]);
  assert.match(older.message, /db\/shop stands at 0\.1\.0: 2 migrations not run there yet/);

  const drifted = judge(
    schema([table('users', [column('id')]), table('orders', [column('id')]), table('extra', [])]),
  );
  assert.equal(drifted.result, 'fail');
  assert.deepEqual(drifted.differences.map(({ kind, object }) => `${kind} ${object}`).sort(), [
    'column_removed public.orders.total',
    'table_added public.extra',
  ]);
  assert.match(
    drifted.message,
    /differs from what its migrations give \(0\.3\.0\) in 2 places, 1 of them breaking/,
  );
});

test('tables of tools are left out, with their sequences and a namespace of their own, and said', () => {
  const drizzle = { ...table('__drizzle_migrations', [column('id')]), schema: 'drizzle' };
  const counter = { schema: 'drizzle', table: '__drizzle_migrations', column: 'id' };
  const range = { start: '1', increment: '1', minimum: '1', maximum: '9', cache: '1', cycle: false };
  const found = judge(
    schema([...(STATES[2]?.relations ?? []), drizzle], {
      namespaces: [{ name: 'drizzle' }],
      sequences: [{ schema: 'drizzle', name: 'seq', type: 'integer', ...range, ownedBy: counter }],
    }),
  );
  assert.deepEqual([found.result, found.leftOut], ['pass', ['drizzle.__drizzle_migrations']]);
  const own = judge(schema([...(STATES[2]?.relations ?? []), table('bird_migrations', [])]));
  assert.equal(own.result, 'fail', 'a table that is only called so counts');
});

test('a history for another dialect is refused; the event says which, how much and what', () => {
  assert.throws(
    () => driftOf(timeline(), live(EMPTY_SCHEMA, 'mysql'), nodePlatform),
    (error) => TelemetryError.is(error, 'invalid-request') && /are for postgres/.test(error.message),
  );
  const database = live(schema([users, table('orders', [column('id'), column('sum')])]));
  const { data, metadata } = driftEvent(driftOf(timeline(), database, nodePlatform), database);
  assert.deepEqual(
    [data.rule, data.result, data.severity, data.differences, data.breaking, metadata?.workspace],
    ['schema-drift', 'fail', 'error', 2, 1, 'shop'],
  );
  assert.deepEqual(data.named, ['column added: public.orders.sum', 'column removed: public.orders.total']);
});
