import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session } from '../../../core/node/engine/session.ts';
import { startEngine } from '../../support/engine.ts';
import { temporaryDataFolder } from '../../support/temp.ts';

test('audit: calls leave entries with result and short params, in one chain across restarts', async (t) => {
  const folder = temporaryDataFolder(t);
  const first = await Session.open(folder);
  await first.client().call('settings.update', { maxMemoryMb: 256 });
  await assert.rejects(
    first.client().call('feedback.provide', {
      eventId: '01890000-0000-7000-8000-000000000001',
      actualOutcome: { password: 'hunter2' },
    }),
  );
  const { head } = await first.client().call('audit.verify', {});
  await first.close();

  const { client } = await startEngine(t, folder);
  await Promise.all([1, 2, 3].map((days) => client.call('settings.update', { retentionDays: days * 100 })));
  const verdict = await client.call('audit.verify', { head: head ?? '' });
  assert.deepEqual([verdict.entries, verdict.intact], [5, true]);
  const { items } = await client.call('audit.list', {});
  assert.deepEqual(
    items.map(({ method, role, result }) => [method, role, result]),
    [
      ...Array.from({ length: 3 }, () => ['settings.update', 'admin', 'done']),
      ['feedback.provide', 'admin', 'not-found'],
      ['settings.update', 'admin', 'done'],
    ],
  );
  assert.deepEqual(JSON.parse(items.at(-1)?.detail ?? ''), { maxMemoryMb: 256 });
  assert.doesNotMatch(JSON.stringify(items), /hunter2/);
});

test('audit: pages follow each other, and filters hold', async (t) => {
  const { client } = await startEngine(t);
  for (let i = 0; i < 5; i++) await client.call('settings.update', { maxMemoryMb: 100 + i });
  await client.call('models.train', { models: ['usage-pattern'] });
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call('audit.list', {
      method: 'settings.update',
      limit: 2,
      ...(cursor ? { cursor } : {}),
    });
    seen.push(...page.items.map(({ sequence }) => sequence));
    cursor = page.nextCursor;
  } while (cursor);
  assert.equal(seen.length, 5);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => b - a),
  );
  const ofSettings = await client.call('audit.list', { method: 'settings' });
  const ofUpdates = await client.call('audit.list', { method: 'settings.update' });
  assert.ok(ofUpdates.items.length > 0);
  assert.deepEqual(ofSettings.items, ofUpdates.items, 'all that is about settings');
  assert.deepEqual((await client.call('audit.list', { method: 'sett' })).items, []);
  const future = await client.call('audit.list', { from: '2999-01-01T00:00:00Z' });
  assert.deepEqual(future.items, []);
});

test('audit: nobody else can write an entry', async (t) => {
  const { client } = await startEngine(t);
  const forged = {
    type: 'security_event' as const,
    source: 'engine:telemetry-engine',
    data: { kind: 'audit', severity: 'info' as const, hash: 'x' },
  };
  await assert.rejects(client.call('events.record', forged), /audit trail/);
});
