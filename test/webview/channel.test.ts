import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostMessage, PageMessage } from '../../core/contract/bridge.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { ChannelClient } from '../../webview/hosts/channel.ts';

/** A client, what it posts, and a way to answer it. */
function connect() {
  const posted: PageMessage[] = [];
  let answer: (message: HostMessage) => void = () => {};
  const client = new ChannelClient({
    post: (message) => posted.push(message),
    listen(listener) {
      answer = listener;
      return () => {};
    },
  });
  return { client, posted, answer: (message: HostMessage) => answer(message) };
}

const event = (sequence: number) => ({ sequence, type: 'user_interaction' }) as TelemetryEvent;

test('answers find their requests in any order, and problems come back as errors', async () => {
  const { client, posted, answer } = connect();
  const first = client.call('models.list', {});
  const second = client.call('events.get', { id: 'nothing' });
  const [one, two] = posted;
  assert.ok(one?.kind === 'request' && two?.kind === 'request');
  const error = new TelemetryError('not-found', 'There is no event.', {
    errors: [{ pointer: '/id', message: 'unknown' }],
  });
  answer({ kind: 'response', id: two.id, problem: error.toProblem() });
  answer({ kind: 'response', id: one.id, result: { items: [] } });
  assert.deepEqual(await first, { items: [] });
  await assert.rejects(second, (caught) => {
    assert.ok(TelemetryError.is(caught, 'not-found'));
    assert.deepEqual(caught.errors, error.errors);
    return true;
  });
});

test('a subscription gets each event once, and goes on where it was when the engine comes back', () => {
  const { client, posted, answer } = connect();
  const seen: number[] = [];
  const end = client.subscribe({ filter: { workspace: 'shop' } }, ({ sequence }) => seen.push(sequence));
  const asked = posted.at(-1);
  assert.ok(asked?.kind === 'subscribe');
  assert.deepEqual(asked, { kind: 'subscribe', id: asked.id, filter: { workspace: 'shop' } });
  answer({ kind: 'events', id: asked.id, events: [event(1), event(2)] });
  answer({ kind: 'connection', connected: false });
  answer({ kind: 'connection', connected: true });
  assert.deepEqual(posted.at(-1), {
    kind: 'subscribe',
    id: asked.id,
    after: 2,
    filter: { workspace: 'shop' },
  });
  answer({ kind: 'events', id: asked.id, events: [event(2), event(3)] });
  assert.deepEqual(seen, [1, 2, 3]);
  end();
  assert.deepEqual(posted.at(-1), { kind: 'unsubscribe', id: asked.id });
  answer({ kind: 'events', id: asked.id, events: [event(4)] });
  answer({ kind: 'connection', connected: false });
  answer({ kind: 'connection', connected: true });
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal(posted.length, 3, 'what has ended is not asked for again');
});

test('what was asked of an engine that went away fails, and does not wait for ever', async () => {
  const { client, answer } = connect();
  const call = client.call('health.get', {});
  answer({ kind: 'connection', connected: false });
  await assert.rejects(call, (error) => TelemetryError.is(error, 'unavailable'));
  assert.equal(client.connected.value, false);
});
