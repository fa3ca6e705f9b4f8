import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METHOD_NAMES, methods } from '../../core/contract/methods.ts';
import type { ToHost } from '../../desktop/engine/messages.ts';
import { EngineRelay, isRepeatable } from '../../desktop/main/engine-relay.ts';
import { FAILING_AFTER, FIRST_DELAY_MS, LONGEST_DELAY_MS } from '../../desktop/main/engine-supervisor.ts';
import { supervised } from './support/fake-host.ts';

const EVENT = { type: 'user_interaction', source: 'test', data: { action: 'x' } } as const;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;

function relayed() {
  const all = supervised();
  const relay = new EngineRelay(all.supervisor);
  all.supervisor.start();
  /** Ends the host in the midst of things; the next one is there, not ready yet. */
  const crash = () => {
    all.host().exit(139);
    all.clock.pass(LONGEST_DELAY_MS);
  };
  return { ...all, relay, crash };
}

const calls = (received: ToHost[]) =>
  received.flatMap((message) => (message.kind === 'call' ? [message] : []));

test('a call made while the engine starts is sent when it is ready, and answered', async () => {
  const { relay, host } = relayed();
  const answer = relay.call('models.list', {});
  assert.deepEqual(host().received, []);
  host().ready();
  const [sent] = calls(host().received);
  assert.equal(sent?.method, 'models.list');
  host().say({ kind: 'result', id: sent?.id ?? 0, result: { items: [] } });
  assert.deepEqual(await answer, { items: [] });
});

test('a problem comes back as the error that it was', async () => {
  const { relay, host } = relayed();
  host().ready();
  const answer = relay.call('events.get', { id: 'x' });
  const problem = {
    type: 'urn:aibos:problem:invalid-request',
    title: 'The request is not valid',
    status: 400,
    detail: '/id must be a UUID.',
    errors: [{ pointer: '/id', message: 'must be a UUID' }],
  };
  host().say({ kind: 'problem', id: calls(host().received)[0]?.id ?? 0, problem });
  await assert.rejects(answer, { code: 'invalid-request', message: problem.detail, errors: problem.errors });
});

test('repeated are methods that read, and recording; nothing else', () => {
  const refused = METHOD_NAMES.filter((name) => !isRepeatable(name));
  assert.deepEqual(
    refused,
    METHOD_NAMES.filter((name) => methods[name].audited),
  );
  for (const name of ['events.record', 'stats.get', 'alerts.list'] as const) assert.ok(isRepeatable(name));
});

test('a reading call that was cut short is repeated with the next host', async () => {
  const { relay, host, crash } = relayed();
  host().ready();
  const answer = relay.call('stats.get', { bucket: 'day' });
  crash();
  host().ready();
  const [sent] = calls(host().received);
  assert.deepEqual(sent?.params, { bucket: 'day' });
  host().say({ kind: 'result', id: sent?.id ?? 0, result: 'the answer' });
  assert.equal(await answer, 'the answer');
});

test('a recording is repeated with the same ids and times, so that it is stored once', () => {
  const { relay, host, crash } = relayed();
  host().ready();
  const own = '018f0000-0000-7000-8000-000000000000';
  void relay.call('events.record', { events: [EVENT, { ...EVENT, id: own }] });
  void relay.call('events.record', EVENT);
  void relay.call('events.record', [EVENT]);
  const first = calls(host().received).map(({ params }) => params);
  crash();
  host().ready();
  assert.deepEqual(
    calls(host().received).map(({ params }) => params),
    first,
  );
  type Named = { id: string; timestamp: string };
  const [batch, single, list] = first as [{ events: Named[] }, Named, Named[]];
  assert.match(batch.events[0]?.id ?? '', UUID_V7);
  assert.equal(batch.events[1]?.id, own);
  assert.ok(Date.parse(batch.events[0]?.timestamp ?? ''));
  assert.match(single.id, UUID_V7);
  assert.match(list[0]?.id ?? '', UUID_V7);
});

for (const malformed of [null, 'text', [7, null], { events: 'none' }, { events: [null, 7] }]) {
  test(`malformed events go to the engine as they are: ${JSON.stringify(malformed)}`, () => {
    const { relay, host } = relayed();
    host().ready();
    void relay.call('events.record', malformed as never);
    assert.deepEqual(calls(host().received)[0]?.params, malformed);
  });
}

test('feedback that was cut short is not repeated, and says that it may be done', async () => {
  const { relay, host, crash } = relayed();
  host().ready();
  const answer = relay.call('feedback.provide', { eventId: 'x', actualOutcome: 'failed' });
  crash();
  host().ready();
  assert.deepEqual(calls(host().received), []);
  await assert.rejects(answer, { code: 'unavailable', message: /may or may not be done/ });
});

test('feedback that was not sent yet waits for the engine', () => {
  const { relay, host, crash } = relayed();
  void relay.call('feedback.provide', { eventId: 'x', actualOutcome: 'failed' });
  crash();
  host().ready();
  assert.equal(calls(host().received).length, 1);
});

test('a request that ends the engine three times is refused', async () => {
  const { relay, host, crash } = relayed();
  const answer = relay.call('analysis.run', {});
  for (let i = 0; i < 3; i++) {
    host().ready();
    assert.equal(calls(host().received).length, 1);
    crash();
  }
  await assert.rejects(answer, { code: 'unavailable' });
  host().ready();
  assert.deepEqual(calls(host().received), []);
});

test('when the engine does not come up, calls are refused with the reason instead of waiting', async () => {
  const { relay, host, clock, supervisor } = relayed();
  const waiting = relay.call('health.get', {});
  for (let i = 0; i < FAILING_AFTER; i++) {
    host().exit(1);
    if (i + 1 < FAILING_AFTER) clock.pass(FIRST_DELAY_MS * 2 ** i);
  }
  assert.equal(supervisor.state.kind, 'failing');
  const refusal = {
    code: 'unavailable',
    message: /^The engine is not running: .+ started again by itself\.$/,
  };
  await assert.rejects(waiting, refusal);
  await assert.rejects(relay.call('health.get', {}), refusal);
  clock.pass(LONGEST_DELAY_MS);
  host().ready();
  void relay.call('health.get', {});
  assert.equal(calls(host().received).length, 1);
});

test('after the end of the app calls are refused', async () => {
  const { relay, host, supervisor } = relayed();
  host().ready();
  const waiting = relay.call('health.get', {});
  const stopped = supervisor.stop('quit');
  host().exit(0);
  await stopped;
  await assert.rejects(waiting, { code: 'unavailable' });
  await assert.rejects(relay.call('health.get', {}), { code: 'unavailable' });
});

test('a subscription gets its events as they come together, and goes on behind the last with the next host', () => {
  const { relay, host, crash } = relayed();
  const seen: number[][] = [];
  const filter = { workspace: 'shop' };
  relay.subscribe({ filter }, (events) => seen.push(events.map(({ sequence }) => sequence)));
  assert.deepEqual(host().received, [], 'not before the engine is ready');
  host().ready();
  assert.deepEqual(host().received, [{ kind: 'subscribe', id: 1, options: { filter } }]);
  host().say({ kind: 'events', id: 1, events: [{ sequence: 7 }, { sequence: 9 }] as never });
  host().say({ kind: 'events', id: 2, events: [{ sequence: 11 }] as never });
  crash();
  host().ready();
  assert.deepEqual(host().received, [{ kind: 'subscribe', id: 1, options: { filter, after: 9 } }]);
  host().say({ kind: 'events', id: 1, events: [{ sequence: 10 }] as never });
  assert.deepEqual(seen, [[7, 9], [10]]);
  assert.equal(relay.hadGap, false);
});

test('a subscription that had seen nothing yet may have missed something, and that is known', () => {
  const { relay, host, crash } = relayed();
  relay.subscribe({}, () => undefined);
  host().ready();
  assert.equal(relay.hadGap, false, 'it begins here');
  crash();
  host().ready();
  assert.equal(relay.hadGap, true);
  host().say({ kind: 'events', id: 1, events: [{ sequence: 4 }] as never });
  crash();
  host().ready();
  assert.equal(relay.hadGap, false);
});

test('an ended subscription delivers nothing more', () => {
  const { relay, host } = relayed();
  host().ready();
  const end = relay.subscribe({}, () => assert.fail('ended'));
  end();
  end();
  host().say({ kind: 'events', id: 1, events: [{ sequence: 3 }] as never });
  assert.deepEqual(
    host().received.map(({ kind }) => kind),
    ['subscribe', 'unsubscribe'],
  );
});
