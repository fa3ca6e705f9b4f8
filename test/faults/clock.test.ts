/** A wall clock that jumps: back, far ahead, to and fro over the border of a partition. Order and ids do not depend on it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AITelemetryEngine } from '../../core/engine/ai-telemetry-engine.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { seededRandom } from '../../core/numbers.ts';
import { temporaryFolder } from '../support/temp.ts';
import { storeIn } from './store-in.ts';

const SEED = 1;
const ROUNDS = 60;
const BATCH = 8;
const PARTITION_EVENTS = 50;
const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2026, 5, 1);

/** Where the clock goes: a little ahead, back by a moment or a month, ahead by a year, before 1971, to where it was. */
const JUMPS: ((now: number) => number)[] = [
  (now) => now + 1_000,
  (now) => now,
  (now) => now - 1,
  (now) => now - 30 * DAY_MS,
  (now) => now + 365 * DAY_MS,
  () => 1_000,
  () => FIRST_MS,
];

test('events are kept, ordered and found by their time, whatever the clock does', async (t) => {
  const folder = temporaryFolder(t);
  const random = seededRandom(SEED);
  let now = FIRST_MS;
  const recorded: { id: string; at: number; sequence: number }[] = [];
  for (const half of [0, 1]) {
    const store = storeIn(folder, { partitionEvents: PARTITION_EVENTS });
    const engine = new AITelemetryEngine({
      store,
      platform: { ...nodePlatform, now: () => now },
      trace: { current: () => ({}), run: (_context, work) => work() },
      trainer: () => {
        throw new Error('nothing is trained here');
      },
      artifacts: {
        put: () => Promise.resolve(),
        get: () => Promise.resolve(undefined),
        remove: () => Promise.resolve(),
      },
      version: 'test',
      processId: process.pid,
    });
    for (let round = 0; round < ROUNDS; round++) {
      now = (JUMPS[Math.floor(random() * JUMPS.length)] as (now: number) => number)(now);
      const at = now;
      const inputs = Array.from({ length: BATCH }, (_, i) => ({
        type: 'user_interaction',
        source: 'test',
        data: { action: 'test', target: `${half} ${round} ${i}` },
      }));
      const { ids } = await engine.recordEvents(inputs);
      for (const id of ids) recorded.push({ id, at, sequence: engine.getEvent(id).sequence });
    }
    await checkAll(engine, recorded);
    await engine.close('checked');
  }
  t.diagnostic(`${ROUNDS * 2} rounds, ${recorded.length} events acknowledged, ${recorded.length} found`);
});

async function checkAll(
  engine: AITelemetryEngine,
  recorded: readonly { id: string; at: number; sequence: number }[],
): Promise<void> {
  assert.equal(new Set(recorded.map(({ id }) => id)).size, recorded.length, 'ids are never given twice');
  for (const [i, { sequence }] of recorded.entries())
    assert.ok(
      i === 0 || sequence > (recorded[i - 1]?.sequence ?? 0),
      'sequences follow the order of recording',
    );
  const own = engine
    .eventsAfter(0, Number.MAX_SAFE_INTEGER)
    .filter(({ type }) => type === 'user_interaction')
    .map(({ id }) => id);
  assert.deepEqual(
    own,
    recorded.map(({ id }) => id),
    'everything is there, in the order of recording',
  );
  const times = [...new Set(recorded.map(({ at }) => at))].sort((a, b) => a - b);
  for (const from of times) {
    const to = times[Math.min(times.length - 1, times.indexOf(from) + 3)] ?? from;
    const found = await idsBetween(engine, from, to);
    const expected = recorded.filter(({ at }) => at >= from && at < to).map(({ id }) => id);
    assert.deepEqual(found.sort(), expected.sort(), `from ${new Date(from).toISOString()}`);
  }
}

/** By pages, so that a cursor meets the jumps too. */
async function idsBetween(engine: AITelemetryEngine, from: number, to: number): Promise<string[]> {
  const ids: string[] = [];
  const filter = {
    type: ['user_interaction' as const],
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  };
  let cursor: string | undefined;
  do {
    const page = await engine.listEvents(filter, { limit: 7, ...(cursor ? { cursor } : {}) });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}
