import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TelemetryError } from '../../../core/contract/errors.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { EMPTY_SCHEMA, type SchemaSnapshot, schemaHash } from '../../../core/schema/snapshot.ts';
import {
  changeOf,
  entriesAt,
  schemaAfter,
  type Timeline,
  type TimelineEntry,
} from '../../../core/schema/timeline.ts';
import { schemaAt, schemaDiff, schemaVersions } from '../../../core/schema/timeline-queries.ts';
import { column, schema, table } from './build.ts';

const STATES: [version: string, migration: string, day: string, state: SchemaSnapshot][] = [
  ['0.1.0', '001_users', '2025-01-10', schema([table('users', [column('id')])])],
  ['0.2.0', '002_name', '2025-02-10', schema([table('users', [column('id'), column('name')])])],
  [
    '0.3.0',
    '003_orders',
    '2025-03-10',
    schema([table('users', [column('id'), column('name')]), table('orders', [column('id')])]),
  ],
  ['1.0.0', '004_drop', '2025-04-10', schema([table('orders', [column('id')])])],
];

function timeline(history: string): Timeline {
  let before = EMPTY_SCHEMA;
  const entries = STATES.map(([version, migration, day, after]): TimelineEntry => {
    const entry = {
      version,
      migration,
      file: `${history}/${migration}.sql`,
      hash: schemaHash(after, nodePlatform).slice(0, 16),
      at: `${day}T12:00:00.000Z`,
      succeeded: true,
      changes: { breaking: 0, additive: 1, patch: 0 },
      reasons: [],
      ...changeOf(before, after),
    };
    before = after;
    return entry;
  });
  return { workspace: 'shop~1', history, dialect: 'postgres', entries };
}

const one = timeline('migrations');
const store = (...all: Timeline[]) => ({
  heads: () => all,
  read: ({ history }: { history: string }) => all.find((candidate) => candidate.history === history),
});

test('every state can be put together again from what changed', () => {
  for (const [i, [, , , state]] of STATES.entries()) {
    assert.equal(
      schemaHash(schemaAfter(one.entries, i + 1), nodePlatform),
      schemaHash(state, nodePlatform),
      `after ${i + 1}`,
    );
  }
  assert.deepEqual(
    Object.keys(one.entries[2]?.changed ?? {}),
    ['relations public.orders'],
    'only what changed is kept',
  );
  assert.deepEqual(one.entries[3]?.removed, ['relations public.users']);
});

const MOMENTS: [string, number][] = [
  ['empty', 0],
  ['latest', 4],
  ['0.2.0', 2],
  ['003_orders', 3],
  [one.entries[0]?.hash ?? '', 1],
  ['2025-03-01', 2],
  ['2025-03-10', 3],
  ['2025-03-10T11:00:00Z', 2],
  ['2024-01-01', 0],
];
for (const [moment, count] of MOMENTS) {
  test(`the moment ${moment} is after ${count}`, () => assert.equal(entriesAt(one, moment), count));
}

test('what did this table look like in March', () => {
  const { version, schema: found } = schemaAt(store(one), { at: '2025-03-01', table: 'public.users' });
  assert.deepEqual([version?.version, version?.migration], ['0.2.0', '002_name']);
  assert.deepEqual(
    found.relations.map(({ name, columns }) => [name, columns.map((item) => item.name)]),
    [['users', ['id', 'name']]],
  );
});

test('versions newest first, of one table where asked', () => {
  const all = schemaVersions(store(one), { limit: 2 });
  assert.deepEqual([all.total, all.items.map(({ version }) => version)], [4, ['1.0.0', '0.3.0']]);
  const orders = schemaVersions(store(one), { table: 'orders' });
  assert.deepEqual(
    orders.items.map(({ version }) => version),
    ['0.3.0'],
  );
  assert.ok(!('changed' in (orders.items[0] ?? {})));
});

test('differences with renames and SQL', () => {
  const { from, to, differences, sql } = schemaDiff(store(one), { from: '0.1.0', to: '0.3.0', sql: true });
  assert.deepEqual([from?.version, to?.version], ['0.1.0', '0.3.0']);
  assert.deepEqual(
    differences.map(({ kind, object }) => `${kind} ${object}`),
    ['table_added public.orders', 'column_added public.users.name'],
  );
  assert.deepEqual(
    sql?.steps.map((step) => step.sql),
    ['CREATE TABLE public.orders (\n  id text\n)', 'ALTER TABLE public.users ADD COLUMN name text'],
  );
});

const ERRORS: [string, () => unknown, RegExp][] = [
  [
    'no such moment',
    () => schemaAt(store(one), { at: '9.9.9' }),
    /has no version, migration or time “9.9.9”; it goes from 0\.1\.0/,
  ],
  [
    'no such table',
    () => schemaAt(store(one), { at: '0.1.0', table: 'orders' }),
    /no table orders at 0\.1\.0\. There were: public\.users/,
  ],
  ['nothing imported', () => schemaAt(store(), {}), /Import its repository first/],
  ['several histories', () => schemaAt(store(one, timeline('other')), {}), /There are 2 histories; name one/],
];
for (const [name, work, message] of ERRORS) {
  test(`says what to do: ${name}`, () => {
    assert.throws(work, (error) => TelemetryError.is(error) && message.test(error.message));
  });
}
