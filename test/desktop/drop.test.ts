import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Asked } from '../../desktop/main/asked.ts';
import { receiveDrops } from '../../desktop/main/drop-receiver.ts';
import { type DropEvent, listenForDrops } from '../../desktop/preload/drop.ts';
import { DROP_CHANNEL } from '../../desktop/preload/page-message.ts';
import { temporaryFolder } from '../support/temp.ts';

const event = (files: unknown[], isTrusted = true): DropEvent & { prevented: number } => ({
  isTrusted,
  dataTransfer: { files },
  prevented: 0,
  preventDefault() {
    this.prevented++;
  },
});

test('the preload sends the path of the first file that a person dropped, and of no other', () => {
  const listeners = new Map<string, (event: DropEvent) => void>();
  const sent: unknown[] = [];
  listenForDrops({
    target: { addEventListener: (type, listener) => void listeners.set(type, listener) },
    send: (channel, path) => sent.push([channel, path]),
    pathOf: (file) => String(file),
  });
  const drops = [event(['/a', '/b']), event(['/forged'], false), event([]), event([''])];
  for (const drop of drops) listeners.get('drop')?.(drop);
  assert.deepEqual(sent, [[DROP_CHANNEL, '/a']]);
  assert.ok(
    drops.every(({ prevented }) => prevented === 1),
    'the file is not navigated to',
  );
});

test('the main process takes a drop from the app’s page only, and only a folder or a report', (t) => {
  const folder = temporaryFolder(t);
  const ipc = new EventEmitter();
  const contents = {};
  const taken: Asked[] = [];
  receiveDrops(
    ipc,
    contents,
    (asked) => taken.push(asked),
    () => undefined,
  );
  const page = { url: 'aibos-app://app/', parent: null };
  const senders = [
    { sender: {}, senderFrame: page },
    { sender: contents, senderFrame: { url: 'https://example.com/', parent: null } },
    { sender: contents, senderFrame: { ...page, parent: {} } },
    { sender: contents, senderFrame: null },
  ];
  for (const sender of senders) ipc.emit(DROP_CHANNEL, sender, folder);
  const trusted = { sender: contents, senderFrame: page };
  for (const path of [7, '', '/does/not/exist', process.execPath, 'x'.repeat(5_000)])
    ipc.emit(DROP_CHANNEL, trusted, path);
  assert.deepEqual(taken, []);
  ipc.emit(DROP_CHANNEL, trusted, folder);
  assert.deepEqual(taken, [{ kind: 'import', path: folder }]);
});
