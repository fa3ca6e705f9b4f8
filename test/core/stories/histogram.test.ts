import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventInput } from '../../../core/contract/event.ts';
import type { EventFilter, Params, Result } from '../../../core/contract/methods.ts';
import { inSlices } from '../../../core/steps.ts';
import { listEvents } from '../../../core/store/event-queries.ts';
import { FoundTexts } from '../../../core/stories/found-texts.ts';
import { histogram } from '../../../core/stories/histogram.ts';
import { startEngine } from '../../support/engine.ts';
import { storeOf } from '../../support/store.ts';

const START = Date.parse('2026-11-20T09:00:00Z');
const HOUR = 3_600_000;
const FLOW = '01890000-0000-7000-8000-000000000001';
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();

/** The histogram of a store; every slice ends at once, so that each step shows. */
async function timeline(events: EventInput[]) {
  const { store, record } = await storeOf(events, START);
  let clock = 0;
  const work = { pauses: 0, read: 0, meanwhile: async () => {} };
  const pause = async () => {
    work.pauses++;
    await work.meanwhile();
  };
  const reader = {
    ...store.tables,
    sources: () => store.tables.sources(),
    read: (...place: Parameters<typeof store.tables.read>) => {
      work.read++;
      return store.tables.read(...place);
    },
  };
  const texts = new FoundTexts(reader, (steps) =>
    inSlices(steps, { monotonic: () => (clock += 1_000) }, pause),
  );
  const ask = (params: Params<'events.histogram'>) => histogram(reader, texts, params, START);
  return { store, record, work, ask };
}

const run = (
  migration: string,
  hours: number,
  outcome: 'succeeded' | 'failed' = 'succeeded',
  metadata = {},
): EventInput => ({
  type: 'migration_execution',
  source: 'cli:run',
  timestamp: at(hours),
  metadata: { workspace: 'shop', ...metadata },
  data: { migration, outcome, durationMs: 120, environment: 'staging' },
});

/** A run an hour; every fourth fails, every tenth is of orders. */
const runs = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    run(`${i % 10 === 0 ? 'orders' : 'users'}_${i}`, i / 10, i % 4 === 0 ? 'failed' : 'succeeded'),
  );

const sumOf = ({ buckets }: Result<'events.histogram'>) =>
  buckets.reduce((sum, { ok, warning, error, unknown }) => sum + ok + warning + error + unknown, 0);

test('every event counts once, by status', async () => {
  const { ask } = await timeline(runs(100));
  const { buckets, bucketMs } = await ask({ buckets: 10 });
  const sum = (status: 'ok' | 'error') => buckets.reduce((total, bucket) => total + bucket[status], 0);
  assert.deepEqual([buckets.length, sum('ok'), sum('error')], [10, 75, 25]);
  assert.equal(bucketMs % 1_000, 0);
  assert.equal(sumOf(await ask({ from: at(0), to: at(1), status: ['error'] })), 3);
  assert.deepEqual(
    (await ask({ source: 'nobody' })).buckets.map(({ ok }) => ok),
    [0],
  );
});

test('the bars are those of the list, whatever it is filtered by', async () => {
  const { ask, store, record } = await timeline(runs(200));
  await record([run('users_x', 3, 'failed', { correlationId: FLOW }), run('a"quote', 4)]);
  const filters: EventFilter[] = [
    { text: 'orders' },
    { text: 'ORDERS_1' },
    { text: 'a"quote' },
    { text: 'nothing has this' },
    { text: 'orders', status: ['error'] },
    { text: 'orders', type: ['ai_prediction'] },
    { text: 'orders', workspace: 'bank' },
    { text: 'orders', from: at(5), to: at(10) },
    { correlationId: FLOW },
    { correlationId: FLOW, text: 'users' },
    { correlationId: FLOW, text: 'orders' },
  ];
  for (const filter of filters) {
    const listed = listEvents(store.tables, filter, { limit: 1_000 }).items;
    const shown = await ask({ ...filter, buckets: 500 });
    assert.equal(sumOf(shown), listed.length, JSON.stringify(filter));
    for (const { timestamp } of listed) {
      const index = Math.floor((Date.parse(timestamp) - Date.parse(shown.from)) / shown.bucketMs);
      const { ok = 0, error = 0 } = shown.buckets[index] ?? {};
      assert.ok(ok + error > 0, `${JSON.stringify(filter)} shows nothing at ${timestamp}`);
    }
  }
});

test('a search pauses between its steps, and finds what is recorded meanwhile once', async () => {
  const { ask, record, work } = await timeline(runs(5_000));
  work.meanwhile = async () => {
    work.meanwhile = async () => {};
    await record([run('orders_late', 600)]);
  };
  const shown = await ask({ text: 'orders' });
  assert.ok(work.pauses >= 2, `${work.pauses} pauses`);
  assert.equal(sumOf(shown), 501);
});

test('a search that was made reads only what came later; a part of its time reads nothing', async () => {
  const { ask, record, work } = await timeline(runs(300));
  assert.equal(sumOf(await ask({ text: 'orders' })), 30);
  const first = work.read;
  await record([run('orders_new', 40)]);
  assert.equal(sumOf(await ask({ text: 'orders' })), 31);
  assert.equal(work.read, first + 1);
  assert.equal(sumOf(await ask({ text: 'orders', from: at(5), to: at(10) })), 5);
  assert.equal(work.read, first + 1);
  for (const text of ['users_1', 'users_2', 'users_3', 'users_4']) await ask({ text });
  const others = work.read;
  await ask({ text: 'orders' });
  assert.ok(work.read > others, 'of many searches the oldest is not kept');
});

test('what is erased is no longer found', async (t) => {
  const { client } = await startEngine(t);
  await client.call('events.record', { events: runs(40) });
  await client.call('events.record', { events: [run('orders_bank', 2, 'failed', { workspace: 'bank' })] });
  assert.equal(sumOf(await client.call('events.histogram', { text: 'orders_' })), 5);
  await client.call('privacy.erase', { workspace: 'bank', confirm: true });
  assert.equal(sumOf(await client.call('events.histogram', { text: 'orders_' })), 4);
});
