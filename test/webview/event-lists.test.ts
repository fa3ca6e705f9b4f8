import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TelemetryError } from '../../core/contract/errors.ts';
import { EVENT_TYPES, type EventInput, type TelemetryEvent } from '../../core/contract/event.ts';
import { inOrder } from '../../webview/event/related.ts';
import { type Buckets, shareOf, spanAfterKey, spanOf, timeAt } from '../../webview/events/brush.ts';
import { describe } from '../../webview/events/describe.ts';
import { EventFeed, MOST_ROWS } from '../../webview/events/feed.ts';
import { DEFAULT_TYPES, filterOf, matches, typesOf, typesQuery } from '../../webview/events/filter.ts';
import { merged } from '../../webview/events/merge.ts';
import { rowAfterKey, rowsAdded, visibleRows } from '../../webview/events/virtual-rows.ts';
import { history } from './data.ts';

const inputs: EventInput[] = [
  ...history(12).events,
  { type: 'error_occurrence', source: 't', data: { message: 'broken' } },
  { type: 'error_occurrence', source: 't', data: { message: 'hm', severity: 'warning', code: 'E1' } },
  { type: 'user_interaction', source: 't', data: { action: 'open_dashboard' } },
  { type: 'system_health', source: 't', data: { component: 'store', state: 'degraded' } },
  { type: 'system_health', source: 't', data: { component: 'store', state: 'failing' } },
  { type: 'security_event', source: 't', data: { kind: 'audit', severity: 'info' } },
  { type: 'security_event', source: 't', data: { kind: 'audit', severity: 'critical' } },
  { type: 'compliance_check', source: 't', data: { rule: 'manifest', result: 'warn' } },
  { type: 'compliance_check', source: 't', data: { rule: 'manifest', result: 'fail' } },
  {
    type: 'ai_prediction',
    source: 't',
    data: { modelId: 'm', subject: 's', confidence: 0, abstained: true },
  },
  { type: 'learning_feedback', source: 't', data: { eventId: '018f', actualOutcome: { durationMs: 3 } } },
  { type: 'model_update', source: 't', data: { modelId: 'usage-pattern', version: '2', status: 'active' } },
  { type: 'schema_operation', source: 't', data: { operation: 'drop_table', outcome: 'skipped' } },
];
const events = inputs.map((input, i) => asEvent(input, i + 1));

function asEvent(input: EventInput, sequence: number): TelemetryEvent {
  const timestamp = input.timestamp ?? '2026-11-23T18:49:00.000Z';
  return { ...input, id: input.id ?? `id-${sequence}`, timestamp, metadata: input.metadata ?? {}, sequence };
}

test('every event has a title', () => {
  for (const event of events) {
    const { title, detail } = describe(event);
    assert.notEqual(title, '');
    assert.doesNotMatch(title + detail, /undefined|\[object/);
  }
});

test('types in the address: none is the usual ones, all and no type at all have their words', () => {
  assert.deepEqual(typesOf({}), DEFAULT_TYPES);
  assert.ok(!DEFAULT_TYPES.includes('performance_metric'));
  for (const types of [DEFAULT_TYPES, EVENT_TYPES, [], ['ai_accuracy', 'ai_prediction'] as const]) {
    assert.deepEqual([...typesOf({ type: typesQuery(types) })].sort(), [...types].sort());
  }
});

test('a live event is let through by every condition of the filter', () => {
  const event = events.find(({ type, data }) => type === 'migration_execution' && data.outcome === 'failed');
  assert.ok(event);
  const passes = (query: Record<string, string>, workspace?: string) =>
    matches(event, filterOf(query, workspace ? { workspace } : {}));
  assert.ok(passes({}));
  assert.ok(passes({ status: 'error', text: 'NULL values', operation: 'numbered', source: 'import:shadow' }));
  assert.ok(passes({ text: 'column "phone"' }), 'quotes are found as they stand in JSON');
  assert.ok(!passes({ status: 'ok' }));
  assert.ok(!passes({ type: 'ai_prediction' }));
  assert.ok(!passes({ source: 'cli' }));
  assert.ok(!passes({ text: 'sequence' }), 'the place in the journal is no part of the event');
  assert.ok(!passes({}, 'elsewhere'));
});

test('live events go to their places, each once', () => {
  const at = (minute: number, sequence: number) =>
    asEvent(
      {
        type: 'user_interaction',
        source: 't',
        timestamp: `2026-11-23T18:${minute}:00.000Z`,
        data: { action: 'a' },
      },
      sequence,
    );
  const list = [at(50, 5), at(40, 4), at(30, 3)];
  const sequences = (found: readonly TelemetryEvent[]) => found.map(({ sequence }) => sequence);
  assert.deepEqual(sequences(merged(list, [at(45, 6), at(50, 7), at(40, 4)], false)), [7, 5, 6, 4, 3]);
  assert.deepEqual(
    sequences(merged(list, [at(10, 8)], false)),
    [5, 4, 3],
    'a later page brings what is older',
  );
  assert.deepEqual(sequences(merged(list, [at(10, 8)], true)), [5, 4, 3, 8]);
  assert.equal(merged(list, [at(40, 4)], true), list, 'nothing new leaves the list as it is');
});

test('a feed pages to the end, keeps early live events, and waits after an error', async () => {
  const pages = [events.slice(0, 2), events.slice(2, 4)];
  let broken = false;
  const calls: unknown[] = [];
  const client = {
    async call(_method: string, params: unknown) {
      calls.push(params);
      if (broken) throw new TelemetryError('unavailable', 'gone');
      const items = pages[calls.length - 1] ?? [];
      return { items, ...(calls.length < 2 ? { nextCursor: 'next' } : {}) };
    },
  } as ConstructorParameters<typeof EventFeed>[0];
  const feed = new EventFeed(client, { type: [...EVENT_TYPES] });
  const newest = asEvent(
    { type: 'user_interaction', source: 't', data: { action: 'now' }, timestamp: '2030-01-01T00:00:00.000Z' },
    999,
  );
  const first = feed.more();
  feed.receive([newest]);
  await first;
  assert.equal(feed.items.value[0]?.sequence, 999);
  assert.equal(feed.complete.value, false);
  await feed.more();
  assert.equal(feed.items.value.length, 5);
  assert.equal(feed.complete.value, true);
  await feed.more();
  assert.equal(calls.length, 2);

  broken = true;
  const failing = new EventFeed(client, {});
  await failing.more();
  assert.equal(failing.error.value?.code, 'unavailable');
  const nothing = new EventFeed(client, { type: [] });
  await nothing.more();
  assert.equal(nothing.complete.value, true);
  assert.equal(calls.length, 3, 'no type asks for nothing');
});

/** A client with so many events, `at` a time the same timestamp; sequence and time rise together. */
function store(count: number, at: number) {
  const all = Array.from({ length: count }, (_, i) =>
    asEvent(
      {
        type: 'user_interaction',
        source: 't',
        timestamp: new Date(Date.UTC(2026, 0, 1) + Math.floor(i / at) * 1_000).toISOString(),
        data: { action: 'a' },
      },
      i + 1,
    ),
  ).reverse();
  const call = async (_: string, { order, cursor, limit = 50, ...filter }: Record<string, unknown>) => {
    const found = all.filter((event) => matches(event, filter));
    if (order === 'oldest') found.reverse();
    const from = Number(cursor ?? 0);
    const more = from + Number(limit) < found.length;
    return {
      items: found.slice(from, from + Number(limit)),
      ...(more ? { nextCursor: String(from + Number(limit)) } : {}),
    };
  };
  return { all, client: { call } as unknown as ConstructorParameters<typeof EventFeed>[0] };
}

for (const at of [1, 7, 450])
  test(`a feed is a window that goes both ways without gap or double, ${at} events of one time`, async () => {
    const { all, client } = store(6_000, at);
    const feed = new EventFeed(client, {});
    const contiguous = () => {
      const sequences = feed.items.value.map(({ sequence }) => sequence);
      assert.ok(sequences.every((sequence, i) => i === 0 || sequence === (sequences[i - 1] ?? 0) - 1));
      assert.ok(sequences.length <= MOST_ROWS);
    };
    while (!feed.complete.value) {
      await feed.more();
      contiguous();
    }
    assert.equal(feed.items.value.at(-1)?.sequence, 1);
    assert.equal(feed.newest.value, false);
    while (!feed.newest.value) {
      await feed.newer();
      contiguous();
    }
    assert.equal(feed.items.value[0]?.sequence, 6_000);
    assert.equal(feed.complete.value, false);
    await feed.more();
    contiguous();

    const there = new EventFeed(client, {}, all[3_000]?.timestamp);
    await there.more();
    assert.ok((there.items.value[0]?.sequence ?? 0) >= 3_000);
    await there.newer();
    await there.more();
    const sequences = there.items.value.map(({ sequence }) => sequence);
    assert.ok(sequences.every((sequence, i) => i === 0 || sequence === (sequences[i - 1] ?? 0) - 1));
  });

test('live events do not push out what somebody reads: they are counted', async () => {
  const { client } = store(5_000, 1);
  const feed = new EventFeed(client, {});
  while (feed.items.value.length < MOST_ROWS) await feed.more();
  const live = (sequence: number) =>
    asEvent(
      { type: 'user_interaction', source: 't', timestamp: '2027-01-01T00:00:00.000Z', data: { action: 'b' } },
      sequence,
    );
  feed.following = false;
  const before = feed.items.value;
  feed.receive([live(5_001), live(5_002)]);
  assert.equal(feed.items.value, before);
  assert.equal(feed.waiting.value, 2);
  await feed.restart();
  assert.equal(feed.waiting.value, 0);
  feed.receive([live(5_003)]);
  assert.equal(feed.items.value[0]?.sequence, 5_003);
});

test('a range of the timeline: by pointer in either direction, by keys within its ends', () => {
  assert.deepEqual(spanOf(0.5, 0.25, 100), { from: 25, to: 50 });
  assert.deepEqual(spanOf(1, 1, 100), { from: 99, to: 100 });
  assert.deepEqual(spanAfterKey({ from: 10, to: 20 }, 'from', 'ArrowRight', 100), { from: 11, to: 20 });
  assert.deepEqual(spanAfterKey({ from: 10, to: 20 }, 'from', 'End', 100), { from: 19, to: 20 });
  assert.deepEqual(spanAfterKey({ from: 10, to: 20 }, 'to', 'Home', 100), { from: 10, to: 11 });
  assert.equal(spanAfterKey({ from: 10, to: 20 }, 'to', 'a', 100), undefined);
  const axis = { from: '2026-01-01T00:00:00.000Z', bucketMs: 3_600_000 };
  assert.equal(timeAt(axis, 2), '2026-01-01T02:00:00.000Z');
  const buckets = { ...axis, to: '', buckets: [{}, {}] as Buckets['buckets'] };
  assert.equal(shareOf(buckets, '2026-01-01T01:00:00.000Z'), 0.5);
  assert.equal(shareOf(buckets, '2026-01-01T03:00:00.000Z'), undefined);
});

test('only rows in sight are drawn, and what is in sight stays', () => {
  assert.deepEqual(visibleRows(0, 340, 34, 10_000), { from: 0, to: 26 });
  assert.deepEqual(visibleRows(3_400, 340, 34, 10_000), { from: 84, to: 126 });
  assert.deepEqual(visibleRows(3_400, 340, 34, 5), { from: 0, to: 5 });
  assert.equal(
    rowsAdded([9, 8, 1, 2, 3], 1, (item) => item === 2),
    2,
  );
  assert.equal(
    rowsAdded([1, 2, 3], 1, (item) => item === 7),
    0,
  );
  assert.equal(
    rowsAdded([1, 2, 3], 2, (item) => item === 1),
    -2,
    'rows above it went',
  );
  assert.equal(rowAfterKey('ArrowDown', 4, 5, 10), 4);
  assert.equal(rowAfterKey('PageUp', 4, 50, 10), 0);
  assert.equal(rowAfterKey('End', 4, 50, 10), 49);
  assert.equal(rowAfterKey('Enter', 4, 50, 10), undefined);
});

test('a run is told in order: prediction, statements, outcome, accuracy', () => {
  const correlationId = events[0]?.metadata.correlationId;
  const run = events.filter(({ metadata }) => metadata.correlationId === correlationId);
  const mixed = [...run].reverse();
  const order = inOrder([...mixed, ...run])
    .filter(({ type }) => type !== 'performance_metric')
    .map(({ type }) => type);
  assert.deepEqual(order, [
    'ai_prediction',
    'ai_prediction',
    'schema_operation',
    'migration_execution',
    'ai_accuracy',
    'ai_accuracy',
  ]);
});
