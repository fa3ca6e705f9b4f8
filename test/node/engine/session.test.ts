import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { allEvents } from '../../../core/contract/client.ts';
import type { DataFolder } from '../../../core/node/data-folder.ts';
import { Session } from '../../../core/node/engine/session.ts';
import { OwnerLock } from '../../../core/node/owner/lock.ts';
import { readOwnOutcomes } from '../../../core/node/predict/own-outcomes-file.ts';
import { cleanup, temporaryDataFolder } from '../../support/temp.ts';

const CHILD = new URL('../../support/recording-child.ts', import.meta.url).pathname;

interface Child {
  process: ChildProcess;
  /** First line: `ready owner` or `ready attached`. */
  role: Promise<string>;
  acknowledged: string[];
}

function recorder(t: TestContext, folder: DataFolder, name: string, limit = 0): Child {
  const child = spawn(process.execPath, [CHILD, folder.path, name, String(limit)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const acknowledged: string[] = [];
  const role = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('ready ')) role.resolve(line.slice(6));
    else acknowledged.push(line);
  });
  return { process: child, role: role.promise, acknowledged };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('every acknowledged event survives a kill, each exactly once', async (t) => {
  const folder = temporaryDataFolder(t);
  const acknowledged: string[] = [];
  for (let round = 0; round < 4; round++) {
    const child = recorder(t, folder, `round-${round}`);
    assert.equal(await child.role, 'owner', 'the lock of a killed process does not linger');
    await pause(120 + round * 60);
    child.process.kill('SIGKILL');
    await once(child.process, 'exit');
    await pause(20);
    acknowledged.push(...child.acknowledged);
  }
  const session = await Session.open(folder);
  cleanup(t, () => session.close());
  const stored = (await allEvents(session.client(), { type: ['user_interaction'] })).map(({ id }) => id);
  t.diagnostic(`4 rounds, ${acknowledged.length} acknowledged, ${stored.length} found`);
  assert.ok(acknowledged.length > 50);
  assert.equal(new Set(stored).size, stored.length, 'no event twice');
  assert.deepEqual(
    acknowledged.filter((id) => !stored.includes(id)),
    [],
  );
  assert.ok(
    stored.length - acknowledged.length <= 4 * 5,
    'no more than one batch a round was stored and not yet told',
  );
});

test('a second process attaches, and takes over when the owner is killed, without losing or doubling anything', async (t) => {
  const folder = temporaryDataFolder(t);
  const owner = recorder(t, folder, 'owner');
  assert.equal(await owner.role, 'owner');
  const attached = recorder(t, folder, 'attached', 600);
  assert.equal(await attached.role, 'attached');
  while (attached.acknowledged.length < 50) await pause(10);
  owner.process.kill('SIGKILL');
  const [code] = await once(attached.process, 'exit');
  assert.equal(code, 0);
  const session = await Session.open(folder);
  cleanup(t, () => session.close());
  const stored = (await allEvents(session.client(), { type: ['user_interaction'] })).map(({ id }) => id);
  const all = [...owner.acknowledged, ...attached.acknowledged];
  t.diagnostic(`${all.length} acknowledged by two processes, ${stored.length} found`);
  assert.equal(attached.acknowledged.length, 600);
  assert.deepEqual(
    all.filter((id) => !stored.includes(id)),
    [],
  );
  assert.equal(new Set(stored).size, stored.length);
});

test('two locks on a folder are impossible, in one process too', (t) => {
  const folder = temporaryDataFolder(t);
  const first = OwnerLock.tryAcquire(folder);
  assert.ok(first);
  assert.equal(OwnerLock.tryAcquire(folder), undefined);
  first.release();
  const second = OwnerLock.tryAcquire(folder);
  assert.ok(second);
  second.release();
});

test('a session in the same process attaches too, and its ids follow a call through the engine', async (t) => {
  const folder = temporaryDataFolder(t);
  const owner = await Session.open(folder);
  cleanup(t, () => owner.close());
  const attached = await Session.open(folder);
  cleanup(t, () => attached.close());
  assert.deepEqual([owner.isOwner, attached.isOwner], [true, false]);
  const trace = { requestId: 'request-1', correlationId: 'correlation-1', sessionId: 'session-1' };
  await attached.client(trace).call('events.record', {
    type: 'user_interaction',
    source: 'test',
    data: { action: 'traced' },
  });
  const { items } = await owner.client().call('events.list', { correlationId: 'correlation-1' });
  const { requestId, correlationId, sessionId } = items[0]?.metadata ?? {};
  assert.deepEqual({ requestId, correlationId, sessionId }, trace);
});

test('closing records why, and a subscriber gets what it missed and what comes', async (t) => {
  const folder = temporaryDataFolder(t);
  const first = await Session.open(folder);
  await first
    .client()
    .call('events.record', { type: 'user_interaction', source: 'a', data: { action: 'one' } });
  await first.close('the test says so');
  const second = await Session.open(folder);
  cleanup(t, () => second.close());
  const { items } = await second
    .client()
    .call('events.list', { type: ['system_health'], text: 'the test says so' });
  assert.equal(items.length, 1);

  const seen: string[] = [];
  const end = second.subscribe({ after: 0, filter: { type: ['user_interaction'] } }, ({ data }) =>
    seen.push(String(data.action)),
  );
  await second
    .client()
    .call('events.record', { type: 'user_interaction', source: 'a', data: { action: 'two' } });
  end();
  await second
    .client()
    .call('events.record', { type: 'user_interaction', source: 'a', data: { action: 'three' } });
  assert.deepEqual(seen, ['one', 'two']);
});

test('what outcomes taught is told when it can be read, to who hosts the engine and to who is attached', async (t) => {
  const folder = temporaryDataFolder(t);
  const owner = await Session.open(folder);
  cleanup(t, () => owner.close());
  const attached = await Session.open(folder);
  cleanup(t, () => attached.close());
  const count = () => readOwnOutcomes(folder.path)?.duration.count;
  const told = [owner, attached].map((session) => {
    const heard = Promise.withResolvers<number | undefined>();
    const end = session.onLearned(() => heard.resolve(count()));
    cleanup(t, end);
    return heard.promise;
  });
  const silent = attached.onLearned(() => assert.fail('nobody listens any more'));
  silent();
  const client = attached.client();
  const { predictionIds, durationMs } = await client.call('predictions.make', {
    sql: 'CREATE INDEX i ON users (email);',
    name: '0001_index',
    schema: 'CREATE TABLE users (id bigint PRIMARY KEY, email text);',
    record: true,
  });
  await client.call('feedback.provide', {
    eventId: predictionIds[0] ?? assert.fail(),
    actualOutcome: { outcome: 'succeeded', durationMs: durationMs.p50 * 3 },
  });
  assert.deepEqual(await Promise.all(told), [1, 1]);
});
