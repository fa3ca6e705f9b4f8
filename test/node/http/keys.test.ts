import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from '../../../core/node/cli/dashboard.ts';
import { startEngine, startServer } from '../../support/engine.ts';
import { cleanup } from '../../support/temp.ts';
import { event } from './requests.ts';

const calls = (base: string, secret: string) => {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  return async (path: string, body?: unknown) =>
    (
      await fetch(
        base + path,
        body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
      )
    ).status;
};

test('a key may do what its role may, whichever process serves, and nothing once it is revoked', async (t) => {
  const owner = await startServer(t);
  const attached = await startEngine(t, owner.folder);
  assert.deepEqual([owner.session.isOwner, attached.session.isOwner], [true, false]);
  const other = await serve(attached.session, 0);
  cleanup(t, other.close);
  for (const base of [owner.base, other.base]) {
    const viewer = await owner.client.call('keys.create', { name: 'wall', role: 'viewer' });
    const recorder = await owner.client.call('keys.create', { name: 'ci', role: 'recorder' });
    const may = {
      viewer: calls(base, viewer.secret),
      recorder: calls(base, recorder.secret),
    };
    assert.equal(await may.viewer('/api/telemetry/health'), 200);
    assert.equal(await may.viewer('/api/telemetry/events', event()), 403);
    assert.equal(await may.viewer('/api/settings', { retentionDays: 1 }), 403);
    assert.equal(await may.viewer('/api/keys'), 403);
    assert.equal(await may.recorder('/api/telemetry/events', event()), 201);
    assert.equal(await may.recorder('/api/telemetry/train-models', {}), 403);
    await owner.client.call('keys.revoke', { id: viewer.key.id });
    assert.equal(await may.viewer('/api/telemetry/health'), 401);
    assert.equal(await may.recorder('/api/telemetry/health'), 200);
  }
});

test('what a key did stands in the audit trail under its name, also by way of another process', async (t) => {
  const owner = await startEngine(t);
  const attached = await startEngine(t, owner.folder);
  const { base, close } = await serve(attached.session, 0);
  cleanup(t, close);
  const { key, secret } = await owner.client.call('keys.create', { name: 'lead', role: 'reviewer' });
  assert.equal(await calls(base, secret)('/api/telemetry/train-models', { models: ['usage-pattern'] }), 200);
  const { items } = await owner.client.call('audit.list', { method: 'models.train' });
  assert.deepEqual(
    items.map(({ role, via, user }) => [role, via, user]),
    [['reviewer', 'http', `key-${key.id}`]],
  );
  const { items: keys } = await owner.client.call('keys.list', {});
  assert.ok(keys[0]?.lastUsedAt);
});

test('a browser that signed in with a key loses its session with the key', async (t) => {
  const server = await startServer(t);
  const { key, secret } = await server.client.call('keys.create', { name: 'tablet', role: 'viewer' });
  const signedIn = await fetch(`${server.base}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: secret }),
  });
  const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const status = async (path: string) => (await fetch(server.base + path, { headers: { cookie } })).status;
  assert.deepEqual([await status('/api/telemetry/health'), await status('/api/keys')], [200, 403]);
  await server.client.call('keys.revoke', { id: key.id });
  assert.equal(await status('/api/telemetry/health'), 401);
});
