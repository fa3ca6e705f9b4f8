import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUpdatePreference, type UpdatePreference, Updates } from '../../desktop/main/updates.ts';
import { FakeClock } from './support/fake-host.ts';

const FEED = 'https://updates.example.org/aibos/';

function updating(preference: UpdatePreference, found: string | undefined | Error = undefined) {
  const clock = new FakeClock();
  const did = { loaded: 0, asked: [] as string[], said: [] as string[] };
  const updates = new Updates({
    preference: () => preference,
    async load() {
      did.loaded++;
      return {
        async fetchNewer(feed) {
          did.asked.push(feed);
          if (found instanceof Error) throw found;
          return found;
        },
      };
    },
    tell: (text) => did.said.push(text),
    log: () => undefined,
    after: clock.after,
  });
  const pass = async (ms: number) => {
    clock.pass(ms);
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  };
  return { updates, did, pass };
}

const DAY = 86_400_000;
const off: UpdatePreference[] = [
  { automatic: false },
  { automatic: true },
  { automatic: false, feed: FEED },
  { automatic: true, feed: 'http://updates.example.org/' },
];
for (const preference of off) {
  test(`updates: ${JSON.stringify(preference)} never loads the updater by itself`, async () => {
    const { updates, did, pass } = updating(preference, '9.9.9');
    updates.plan();
    await pass(30 * DAY);
    assert.deepEqual(did, { loaded: 0, asked: [], said: [] });
  });
}

test('updates: switched on, they are looked for a minute after the start and every day, until switched off', async () => {
  const preference: UpdatePreference = { automatic: true, feed: FEED };
  const { updates, did, pass } = updating(preference, '9.9.9');
  updates.plan();
  await pass(60_000);
  await pass(DAY);
  assert.deepEqual(did.asked, [FEED, FEED]);
  assert.match(did.said[0] ?? '', /Version 9\.9\.9 is ready/);
  preference.automatic = false;
  await pass(5 * DAY);
  assert.equal(did.asked.length, 2);
});

test('updates: asked for by hand, every answer is said; by itself, only a new version', async () => {
  for (const [found, said] of [
    [undefined, /newest version/],
    [new Error('no such host'), /failed: no such host/],
    ['2.0.0', /2\.0\.0 is ready/],
  ] as const) {
    const { updates, did } = updating({ automatic: false, feed: FEED }, found);
    await updates.check();
    assert.match(did.said.join(), said);
  }
  const { updates, did, pass } = updating({ automatic: true, feed: FEED }, new Error('offline'));
  updates.plan();
  await pass(60_000);
  assert.deepEqual(did.said, []);
});

const saved: [unknown, UpdatePreference][] = [
  [undefined, { automatic: false }],
  [{ automatic: true }, { automatic: false }],
  [
    { automatic: 'yes', feed: FEED },
    { automatic: false, feed: FEED },
  ],
  [
    { automatic: true, feed: FEED },
    { automatic: true, feed: FEED },
  ],
  [{ automatic: true, feed: 'http://x.org' }, { automatic: false }],
  [{ automatic: true, feed: 'https://me:pw@x.org' }, { automatic: false }],
];
for (const [kept, preference] of saved)
  test(`updates: kept ${JSON.stringify(kept)} is read as ${JSON.stringify(preference)}`, () =>
    assert.deepEqual(readUpdatePreference(kept), preference));
