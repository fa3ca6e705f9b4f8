/** Large bodies take another way, through a second thread; nobody may notice but by the time it takes. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { RecordResult } from '../../../core/contract/methods.ts';
import { LARGE_BODY_BYTES } from '../../../core/node/intake/thread.ts';
import { startServer, type TestServer } from '../../support/engine.ts';

const EVENTS = 400;

let server: TestServer;
before(async (t) => {
  server = await startServer(t as never);
});

function events(correlationId: string): Record<string, unknown>[] {
  return Array.from({ length: EVENTS }, (_, i) => ({
    type: 'schema_operation',
    source: 'tester',
    data: {
      operation: 'add_column',
      durationMs: i,
      sql: `ALTER TABLE größe_${i} ADD COLUMN 名前 text`,
      note: 'password=hunter2',
    },
    metadata: { correlationId },
  }));
}

async function post(body: string | Uint8Array<ArrayBuffer>): Promise<{ status: number; body: unknown }> {
  const headers = { 'content-type': 'application/json' };
  const response = await server.fetch('/api/telemetry/events', { method: 'POST', headers, body });
  return { status: response.status, body: await response.json() };
}

async function stored(correlationId: string) {
  return server.client.call('events.list', { correlationId, limit: 500, order: 'oldest' });
}

test('every event is stored as it is from a small body, without its secrets and with its trace', async () => {
  const body = JSON.stringify(events('whole'));
  assert.ok(body.length > LARGE_BODY_BYTES);
  const { status, body: result } = await post(body);
  const { accepted, duplicates, ids, rejected } = result as RecordResult;
  assert.deepEqual(
    { status, accepted, duplicates, rejected },
    { status: 201, accepted: EVENTS, duplicates: 0, rejected: [] },
  );
  const { items } = await stored('whole');
  assert.deepEqual(new Set(items.map(({ id }) => id)), new Set(ids));
  const single = await post(JSON.stringify({ events: events('small').slice(0, 1) }));
  assert.equal(single.status, 201);
  const [small] = (await stored('small')).items;
  const [large] = items;
  assert.deepEqual(Object.keys(large?.metadata ?? {}).sort(), Object.keys(small?.metadata ?? {}).sort());
  assert.deepEqual(large?.data, small?.data);
  assert.ok(!JSON.stringify(items).includes('hunter2'));
});

test('a repeat is acknowledged and stored once, in one body and in two', async () => {
  const named = events('repeat').map((event, i) => ({
    id: `01890000-0000-7000-8000-${String(i).padStart(12, '0')}`,
    ...event,
  }));
  const first = (await post(JSON.stringify([...named, ...named]))).body as RecordResult;
  assert.deepEqual([first.accepted, first.duplicates], [EVENTS, EVENTS]);
  const again = await post(JSON.stringify(named));
  assert.equal(again.status, 200);
  assert.equal((again.body as RecordResult).duplicates, EVENTS);
  const half = [...named.slice(0, EVENTS / 2), ...events('repeat').slice(0, EVENTS / 2)];
  assert.equal(((await post(JSON.stringify(half))).body as RecordResult).accepted, EVENTS / 2);
  const ids = (await stored('repeat')).items.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});

test('malformed events are refused by their place, the others stored', async () => {
  const batch = events('mixed');
  batch[7] = { type: 'nothing', source: 'tester', data: {} };
  batch[399] = { ...batch[399], data: {} };
  const { status, body } = await post(JSON.stringify(batch));
  const { accepted, rejected } = body as RecordResult;
  assert.equal(status, 207);
  assert.equal(accepted, EVENTS - 2);
  assert.deepEqual(
    rejected.map(({ index, errors }) => [index, errors[0]?.pointer]),
    [
      [7, '/type'],
      [399, '/data/operation'],
    ],
  );
});

test('a body that is no JSON, no UTF-8 or no events is one clear problem', async () => {
  const whole = JSON.stringify(events('bad'));
  const broken = new TextEncoder().encode(whole);
  broken[LARGE_BODY_BYTES] = 0xff;
  const cases: [string | Uint8Array<ArrayBuffer>, string][] = [
    [whole.slice(0, -1), 'urn:aibos:problem:invalid-json'],
    [broken, 'urn:aibos:problem:invalid-utf8'],
    [JSON.stringify({ events: events('bad'), more: 1 }), 'urn:aibos:problem:invalid-request'],
    [JSON.stringify(Array.from({ length: 10_001 }, () => ({}))), 'urn:aibos:problem:invalid-request'],
    [
      JSON.stringify(events('bad').map(() => 1)) + ' '.repeat(LARGE_BODY_BYTES),
      'urn:aibos:problem:invalid-request',
    ],
  ];
  for (const [body, type] of cases) {
    const answer = await post(body);
    assert.equal(answer.status, 400);
    assert.equal((answer.body as { type: string }).type, type);
  }
  assert.deepEqual((await stored('bad')).items, []);
});
