/** A long history: work in slices, bounded in number, made anew only now and then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnalysisCache } from '../../../core/analyse/analysis-cache.ts';
import { migrationsOf } from '../../../core/analyse/migrations.ts';
import type { TelemetryAIAnalysis } from '../../../core/contract/analysis.ts';
import { ExampleShelf } from '../../../core/learn/example-shelf.ts';
import { LedgerKeeper } from '../../../core/learn/ledger-keeper.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { inSlices, type Steps } from '../../../core/steps.ts';
import { learningEngine, migrations, prediction } from '../../support/learning.ts';
import { atOnce } from '../../support/steps.ts';
import { memoryStore } from '../../support/store.ts';

test('the thread is given up once a slice is over, and not before', async () => {
  let now = 0;
  let pauses = 0;
  function* work(): Steps<string> {
    for (let i = 0; i < 100; i++) {
      now += 1;
      yield;
    }
    return 'done';
  }
  const pause = async () => void pauses++;
  assert.equal(await inSlices(work(), { monotonic: () => now }, pause), 'done');
  assert.equal(pauses, 10);
});

test('of many migrations an analysis takes the newest, and says of how many', async (t) => {
  const { engine, store } = await learningEngine(t);
  await engine.recordEvents(migrations(50));
  const found = atOnce(migrationsOf(store.tables, {}, 20));
  assert.equal(found.total, 50);
  assert.deepEqual(
    found.migrations.map(({ name }) => name),
    migrations(50)
      .slice(-20)
      .map(({ data }) => data.migration),
  );
  const shelf = new ExampleShelf(store.tables, 20);
  assert.deepEqual(
    shelf.all().map(({ name }) => name),
    found.migrations.map(({ name }) => name),
  );
  await engine.recordEvents(migrations(7, { from: 50 }));
  assert.deepEqual([shelf.all().length, shelf.all().at(-1)?.name], [20, 'm0056']);
});

test('a ledger that is read in slices while events arrive is the one that is read at once', async (t) => {
  const { engine, store } = await learningEngine(t);
  const predict = (name: string) => prediction(name, 0.5);
  await engine.recordEvents([
    ...migrations(1_500),
    ...Array.from({ length: 30 }, (_, i) => predict(`p${i}`)),
  ]);
  const made = (pause: () => Promise<void>) =>
    new LedgerKeeper({ store, platform: nodePlatform, pause, closed: () => undefined });
  let pauses = 0;
  const sliced = made(async () => {
    if (pauses++ < 3) await engine.recordEvents([predict(`while-${pauses}`)]);
  });
  store.onAppended((glances) => sliced.took(glances), ['ai_prediction']);
  await sliced.ready();
  assert.deepEqual([...sliced.current().entries], [...made(async () => undefined).current().entries]);
  assert.ok(sliced.current().entries.size > 30);
});

test('an analysis that took long is given out for ten times as long, one asked for by hand is not', async () => {
  const store = await memoryStore();
  let now = 0;
  const cache = new AnalysisCache(store.tables, { monotonic: () => now });
  let made = 0;
  const ask = (byHand = false, cost = 1_000) =>
    cache.get({}, byHand, async () => {
      now += cost;
      return { id: String(++made) } as TelemetryAIAnalysis;
    });
  const happen = (n: number) =>
    store.append([
      {
        id: `0193a0b0-0000-7000-8000-00000000000${n}`,
        type: 'migration_execution',
        source: 'test',
        timestamp: new Date(n).toISOString(),
        data: { migration: 'm', outcome: 'succeeded' },
        metadata: {},
      },
    ]);
  assert.deepEqual([(await ask()).id, (await ask()).id], ['1', '1'], 'nothing has happened');
  await happen(1);
  assert.equal((await ask()).id, '1', 'made a moment ago');
  assert.equal((await ask(true)).id, '2', 'by hand');
  await happen(2);
  now += 9_000;
  assert.equal((await ask()).id, '2');
  now += 2_000;
  assert.equal((await ask(false, 10)).id, '3');
  await happen(3);
  assert.equal((await ask()).id, '4', 'a cheap one is always made anew');
  const both = await Promise.all([ask(true), ask(true)]);
  assert.equal(both[0], both[1]);
});
