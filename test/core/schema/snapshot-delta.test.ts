import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SnapshotReceiver, SnapshotSender } from '../../../core/schema/snapshot-delta.ts';
import { column, schema, table } from './build.ts';

test('what was sent before is named only, and is the same object on the other side', () => {
  const sender = new SnapshotSender();
  const receiver = new SnapshotReceiver();
  const pass = (snapshot: ReturnType<typeof schema>) =>
    receiver.decode(structuredClone(sender.encode(snapshot)));
  const [a, b, c] = ['a', 'b', 'c'].map((name) => table(name, [column('x')]));
  assert.ok(a && b && c);
  const first = pass(schema([a, b]));
  assert.deepEqual(first, schema([a, b]));
  const changed = { ...b, comment: 'new' };
  const second = pass(schema([c, changed, a]));
  assert.deepEqual(second, schema([c, changed, a]));
  assert.equal(second.relations[2], first.relations[0]);
  assert.notEqual(second.relations[1], first.relations[1]);
  assert.equal(typeof sender.encode(schema([a])).relations[0], 'number');
  assert.equal(
    typeof sender.encode(schema([b])).relations[0],
    'object',
    'what left a snapshot is sent again',
  );
});
