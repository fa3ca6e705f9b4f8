import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { HostMessage, PageMessage } from '../../core/contract/bridge.ts';
import { METHOD_NAMES } from '../../core/contract/methods.ts';
import { receivePageMessages, type SenderEvent } from '../../desktop/main/page-receiver.ts';
import { makeBridge } from '../../desktop/preload/bridge.ts';
import { checkPageMessage, HOST_CHANNEL, PAGE_CHANNEL } from '../../desktop/preload/page-message.ts';

const GOOD: PageMessage[] = [
  { kind: 'ready' },
  { kind: 'request', id: 1, method: 'events.list', params: { limit: 5 } },
  { kind: 'request', id: 2, method: 'models.list', params: undefined },
  { kind: 'subscribe', id: 3 },
  { kind: 'subscribe', id: 4, after: 12, filter: { type: ['error_occurrence'], workspace: 'shop' } },
  { kind: 'subscribe', id: 5, filter: {} },
  { kind: 'unsubscribe', id: 3 },
  { kind: 'route', route: '#/events?status=error' },
  { kind: 'save', name: 'report.html', mediaType: 'text/html', text: '<!doctype html>' },
];
for (const message of GOOD) {
  test(`takes ${JSON.stringify(message)}`, () => {
    assert.deepEqual(checkPageMessage({ ...message, extra: 'field' }), message, 'and nothing beside it');
  });
}

const BAD: [message: unknown, why: RegExp][] = [
  [undefined, /is an object/],
  ['ready', /is an object/],
  [{}, /no message of the kind undefined/],
  [{ kind: 'open', workspace: 'shop', file: 'a.sql' }, /no message of the kind open/],
  [{ kind: 'close', reason: 'not for pages' }, /no message of the kind close/],
  [{ kind: 'request', id: 1, method: 'engine.stop', params: {} }, /no method engine\.stop/],
  [{ kind: 'request', id: 1, method: 'toString', params: {} }, /no method toString/],
  [{ kind: 'request', id: 1, method: '__proto__', params: {} }, /no method __proto__/],
  [{ kind: 'request', id: 1, method: ['health.get'], params: {} }, /no method/],
  [{ kind: 'request', id: '1', method: 'health.get', params: {} }, /id of a message/],
  [{ kind: 'request', id: 1.5, method: 'health.get', params: {} }, /id of a message/],
  [{ kind: 'subscribe', id: 1, after: 'all' }, /after is a whole number/],
  [{ kind: 'subscribe', id: 1, filter: 'error' }, /filter is an object/],
  [{ kind: 'subscribe', id: 1, filter: { type: 'error_occurrence' } }, /list of names/],
  [{ kind: 'subscribe', id: 1, filter: { type: [7] } }, /list of names/],
  [{ kind: 'subscribe', id: 1, filter: { workspace: 7 } }, /is a name/],
  [{ kind: 'unsubscribe' }, /id of a message/],
  [{ kind: 'route', route: 'x'.repeat(3_000) }, /route is a text/],
  [{ kind: 'save', name: 7, mediaType: 'text/html', text: '' }, /name is a text/],
];
for (const [message, why] of BAD) {
  test(`refuses ${JSON.stringify(message)?.slice(0, 80)}`, () => {
    assert.throws(() => checkPageMessage(message), why);
  });
}

function bridged() {
  const sent: [channel: string, message: unknown][] = [];
  const ipc = Object.assign(new EventEmitter(), {
    send: (channel: string, message: unknown) => void sent.push([channel, message]),
  });
  return { bridge: makeBridge(ipc), ipc, sent };
}

test('the bridge is frozen, has two functions, and sends on its one channel', () => {
  const { bridge, sent } = bridged();
  assert.deepEqual(Object.keys(bridge).sort(), ['listen', 'post']);
  assert.ok(Object.isFrozen(bridge));
  bridge.post({ kind: 'ready' });
  assert.deepEqual(sent, [[PAGE_CHANNEL, { kind: 'ready' }]]);
});

test('every method of the table can be called through the bridge, and nothing else', () => {
  const { bridge, sent } = bridged();
  for (const method of METHOD_NAMES) bridge.post({ kind: 'request', id: 1, method, params: {} });
  assert.equal(sent.length, METHOD_NAMES.length);
  const stray = { kind: 'request', id: 1, method: 'shell.openPath', params: {} };
  assert.throws(() => bridge.post(stray as never), TypeError);
  assert.equal(sent.length, METHOD_NAMES.length);
});

test('a listener gets the messages and not the event, until it ends', () => {
  const { bridge, ipc } = bridged();
  const seen: unknown[][] = [];
  const end = bridge.listen((...given: unknown[]) => seen.push(given));
  const message: HostMessage = { kind: 'connection', connected: false };
  ipc.emit(HOST_CHANNEL, { sender: 'ipcRenderer' }, message);
  end();
  ipc.emit(HOST_CHANNEL, { sender: 'ipcRenderer' }, message);
  assert.deepEqual(seen, [[message]]);
  assert.throws(() => bridge.listen('text' as never), TypeError);
});

test('the main process hears the app page in its own window only, and only messages of the contract', () => {
  const ipc = new EventEmitter();
  const received: PageMessage[] = [];
  const log: string[] = [];
  const window = { name: 'the window' };
  receivePageMessages(ipc, window, { receive: (message) => received.push(message) }, (line) =>
    log.push(line),
  );
  const say = (event: SenderEvent, message: unknown) => ipc.emit(PAGE_CHANNEL, event, message);
  const top = { url: 'aibos-app://app/#/models', parent: null };
  const own = { sender: window, senderFrame: top };

  say(own, { kind: 'ready' });
  assert.deepEqual(received, [{ kind: 'ready' }]);
  say({ sender: { name: 'another window' }, senderFrame: top }, { kind: 'ready' });
  say({ sender: window, senderFrame: null }, { kind: 'ready' });
  say({ sender: window, senderFrame: { url: 'https://evil.example/', parent: null } }, { kind: 'ready' });
  say({ sender: window, senderFrame: { url: top.url, parent: top } }, { kind: 'ready' });
  say(own, { kind: 'request', id: 1, method: 'shell.openPath', params: {} });
  assert.equal(received.length, 1);
  assert.deepEqual(
    log.map((line) => line.replace(/aibos-app.*/, 'app')),
    [
      'message refused from app',
      'message refused from a frame that is gone',
      'message refused from https://evil.example/',
      'message refused from app',
      'message refused: There is no method shell.openPath.',
    ],
  );
});
