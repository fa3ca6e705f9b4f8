import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccessKeys } from '../../../core/access/access-keys.ts';
import { keptInMemory } from '../../../core/kept.ts';
import { nodePlatform } from '../../../core/node/platform.ts';

function accessKeys() {
  const clock = { now: Date.parse('2026-05-01T00:00:00Z') };
  const options = {
    keys: keptInMemory(),
    used: keptInMemory(),
    platform: { ...nodePlatform, now: () => clock.now },
  };
  return { clock, options, keys: new AccessKeys(options) };
}

test('keys: a secret gives its role, in every process; only its hash is kept', () => {
  const { keys, options } = accessKeys();
  const { key, secret } = keys.create({ name: 'ci', role: 'recorder' });
  assert.deepEqual(new AccessKeys(options).check(secret), { id: key.id, role: 'recorder' });
  const kept = JSON.stringify(options.keys.read());
  assert.ok(!kept.includes(secret) && !kept.includes(secret.split('_')[2] ?? secret));
  assert.deepEqual(keys.list(), [{ ...key, lastUsedAt: '2026-05-01T00:00:00.000Z' }]);
});

const wrong: [string, (secret: string) => string][] = [
  ['nothing', () => ''],
  ['its id only', (secret) => secret.slice(0, 18)],
  ['another last letter', (secret) => secret.slice(0, -1) + (secret.endsWith('0') ? '1' : '0')],
  ['something behind it', (secret) => `${secret}0`],
  ['the id of another key', (secret) => secret.replace(/_[0-9a-f]{12}_/, '_000000000000_')],
  ['upper case', (secret) => secret.toUpperCase()],
];
for (const [what, change] of wrong) {
  test(`keys: ${what} gives nothing`, () => {
    const { keys } = accessKeys();
    assert.equal(keys.check(change(keys.create({ name: 'ci', role: 'admin' }).secret)), undefined);
  });
}

test('keys: one ends at its time, and cannot end before it begins', () => {
  const { keys, clock } = accessKeys();
  const { secret } = keys.create({ name: 'ci', role: 'viewer', expiresAt: '2026-05-02T02:00:00+02:00' });
  clock.now = Date.parse('2026-05-01T23:59:59Z');
  assert.equal(keys.check(secret)?.role, 'viewer');
  clock.now += 1_000;
  assert.equal(keys.check(secret), undefined);
  assert.throws(() => keys.create({ name: 'x', role: 'viewer', expiresAt: '2026-05-01T00:00:00Z' }), /ended/);
});

test('keys: a revoked one is refused at once, and noting a use does not bring it back', () => {
  const { keys, options, clock } = accessKeys();
  const elsewhere = new AccessKeys(options);
  const { key, secret } = keys.create({ name: 'ci', role: 'viewer' });
  const other = keys.create({ name: 'other', role: 'viewer' });
  assert.ok(elsewhere.check(secret));
  assert.equal(keys.revoke(key.id), true);
  assert.equal(keys.revoke(key.id), false);
  clock.now += 3_600_000;
  assert.equal(elsewhere.check(secret), undefined);
  assert.ok(elsewhere.check(other.secret));
  assert.deepEqual(
    keys.list().map(({ name }) => name),
    ['other'],
  );
  assert.deepEqual(Object.keys(options.used.read() as object), [other.key.id]);
});
