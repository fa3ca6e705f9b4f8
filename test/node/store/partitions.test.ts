/** Partitions, their images and what happens when those are damaged, against what was stored. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { EventFilter } from '../../../core/contract/methods.ts';
import { readAsset } from '../../../core/node/assets.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { ImageFiles } from '../../../core/node/store/image-files.ts';
import { JournalFiles } from '../../../core/node/store/journal-files.ts';
import { countEvents, tallyNames } from '../../../core/store/aggregates.ts';
import { eventsAbout, getEvent, listEvents } from '../../../core/store/event-queries.ts';
import { EventStore, type StoreOptions, type UnstoredEvent } from '../../../core/store/event-store.ts';
import type { PartitionHead } from '../../../core/store/partition.ts';
import { loadSqlite } from '../../../core/store/sqlite.ts';
import { type BenchEvent, benchEvent } from '../../bench/events.ts';
import { temporaryFolder } from '../../support/temp.ts';

const COUNT = 1_000;
const PARTITION = 150;
const sqlite = await loadSqlite(await readAsset('sql-wasm.wasm'));
const events: BenchEvent[] = Array.from({ length: COUNT }, (_, n) => benchEvent(n, COUNT));

function open(folder: string, options: Partial<StoreOptions> = {}): EventStore {
  return EventStore.open({
    sqlite,
    journal: new JournalFiles(join(folder, 'journal'), { segmentBytes: 100_000 }),
    images: new ImageFiles<PartitionHead>(join(folder, 'images')),
    platform: nodePlatform,
    partitionEvents: PARTITION,
    ...options,
  });
}

async function filled(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  const store = open(folder);
  for (let n = 0; n < COUNT; n += 40) await store.append(events.slice(n, n + 40));
  await store.checkpoint();
  await store.close();
  return folder;
}

const imagesIn = (folder: string) => readdirSync(join(folder, 'images')).sort();

/** Everything is there, once, in order, however it is asked for. */
function assertWhole(store: EventStore, count = COUNT): void {
  assert.equal(store.count, count);
  assert.deepEqual(
    store.after(0, count + 1).map(({ id }) => id),
    events.slice(0, count).map(({ id }) => id),
  );
  assert.equal(countEvents(store, {}), count);
  const middle = events[Math.floor(count / 2)] as BenchEvent;
  assert.deepEqual(getEvent(store, middle.id), { ...middle, sequence: Math.floor(count / 2) + 1 });
}

/** A few bytes of a file changed. */
function damage(path: string, from: (length: number) => number): void {
  const bytes = readFileSync(path);
  const at = from(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ 0x20;
  writeFileSync(path, bytes);
}

test('full partitions are sealed, and a restart reads their images and not the journal', async (t) => {
  const folder = await filled(t);
  assert.ok(imagesIn(folder).length >= COUNT / PARTITION - 1);
  const store = open(folder);
  assert.deepEqual(store.recovery, { fromCheckpoint: COUNT, fromJournal: 0, damage: [] });
  assertWhole(store);
  await store.close();
});

test('any one image damaged anywhere, or gone, costs nothing but time', async (t) => {
  const folder = await filled(t);
  const backup = join(folder, 'backup');
  mkdirSync(backup);
  for (const name of imagesIn(folder)) copyFileSync(join(folder, 'images', name), join(backup, name));
  const harms: ((path: string) => void)[] = [
    (path) => rmSync(path),
    (path) => writeFileSync(path, ''),
    (path) => damage(path, () => 3),
    (path) => damage(path, (length) => Math.floor(length / 3)),
    (path) => damage(path, (length) => length - 100),
    (path) => writeFileSync(path, readFileSync(path).subarray(0, -10)),
  ];
  let rounds = 0;
  for (const name of readdirSync(backup)) {
    for (const harm of harms) {
      for (const other of imagesIn(folder)) rmSync(join(folder, 'images', other));
      for (const other of readdirSync(backup))
        copyFileSync(join(backup, other), join(folder, 'images', other));
      harm(join(folder, 'images', name));
      const store = open(folder);
      assertWhole(store);
      const again = await store.append(events.slice(0, 200));
      assert.ok(again.every(({ duplicate }) => duplicate));
      await store.close();
      rounds++;
    }
  }
  t.diagnostic(`${rounds} rounds, ${rounds * COUNT} events stored, as many found`);
});

test('a memory cap far below what there is changes no answer', async (t) => {
  const folder = await filled(t);
  const store = open(folder, { maxMemoryMb: 0 });
  assertWhole(store);
  const [name, most] = tallyNames(store, {}, 'source')[0] ?? [];
  assert.equal(events.filter(({ source }) => source === name).length, most);
  await store.close();
});

test('pages are what sorting and filtering all events gives, in both directions', async (t) => {
  const store = open(await filled(t));
  const sequenced = store.after(0, COUNT);
  const filters: [EventFilter, (event: BenchEvent) => boolean][] = [
    [{}, () => true],
    [{ type: ['schema_operation'] }, ({ type }) => type === 'schema_operation'],
    [{ workspace: 'workspace-3' }, ({ metadata }) => metadata.workspace === 'workspace-3'],
    [{ correlationId: 'run-7-1' }, ({ metadata }) => metadata.correlationId === 'run-7-1'],
    [{ correlationId: 'none' }, () => false],
    [{ text: 'ORDERS_11' }, (event) => JSON.stringify(event).includes('orders_11')],
    [
      { text: 'FAILED', source: 'bench:2' },
      (event) => event.source === 'bench:2' && JSON.stringify(event).includes('failed'),
    ],
  ];
  for (const [filter, wanted] of filters) {
    for (const order of ['newest', 'oldest'] as const) {
      const expected = sequenced
        .filter((event) => wanted(event as BenchEvent))
        .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp) || a.sequence - b.sequence);
      if (order === 'newest') expected.reverse();
      const found: number[] = [];
      let cursor: string | undefined;
      do {
        const page = listEvents(store, filter, { limit: 17, order, ...(cursor ? { cursor } : {}) });
        found.push(...page.items.map(({ sequence }) => sequence));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      assert.deepEqual(
        found,
        expected.map(({ sequence }) => sequence),
        `${JSON.stringify(filter)} ${order}`,
      );
    }
  }
  await store.close();
});

test('a clock that jumps back across partitions loses and disorders nothing', async (t) => {
  const folder = temporaryFolder(t);
  const store = open(folder);
  const jumping = events.slice(0, 600).map((event, n): UnstoredEvent => {
    const at = Date.parse(event.timestamp) - (n % 100 < 50 ? 0 : 30 * 86_400_000);
    return { ...event, timestamp: new Date(at).toISOString() };
  });
  for (let n = 0; n < jumping.length; n += 50) await store.append(jumping.slice(n, n + 50));
  const check = (opened: EventStore) => {
    const { items } = listEvents(opened, {}, { limit: 600, order: 'oldest' });
    const times = items.map(({ timestamp }) => timestamp);
    assert.deepEqual(times, jumping.map(({ timestamp }) => timestamp).sort());
    const to = new Date(Date.parse(events[0]?.timestamp ?? '') - 86_400_000).toISOString();
    assert.equal(countEvents(opened, { to }), 300);
  };
  check(store);
  await store.close();
  const again = open(folder);
  check(again);
  await again.close();
});

test('a journal of the first format is read, and goes on in the present one', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'journal'));
  const old = new URL('fixtures/array-frames.journal', import.meta.url);
  copyFileSync(old, join(folder, 'journal', '0000000000000001.journal'));
  const store = open(folder);
  assert.deepEqual(store.recovery, { fromCheckpoint: 0, fromJournal: 3, damage: [] });
  assert.deepEqual(
    store.after(0, 10).map(({ sequence, data }) => [sequence, data.note]),
    [
      [1, 'plain'],
      [2, 'brackets ]}[{ and "quotes\\" inside'],
      [3, 'añ\n"['],
    ],
  );
  assert.deepEqual(tallyNames(store, { status: ['error'] }, 'problem'), [['duplicate key', 1]]);
  await store.append([{ ...(events[0] as BenchEvent) }]);
  await store.close();
  const again = open(folder);
  assert.equal(again.count, 4);
  await again.close();
});

test('what is about an event is found by its id, in every partition', async (t) => {
  const folder = temporaryFolder(t);
  const store = open(folder, { partitionEvents: 5 });
  const about = events[0] as BenchEvent;
  const feedback = Array.from(
    { length: 12 },
    (_, n): UnstoredEvent => ({
      ...(events[n + 1] as BenchEvent),
      type: 'learning_feedback',
      data: { eventId: n % 2 === 0 ? about.id.toUpperCase() : (events[50]?.id ?? ''), actualOutcome: n },
    }),
  );
  for (const event of [about, ...feedback]) await store.append([event]);
  assert.deepEqual(
    eventsAbout(store, 'learning_feedback', about.id).map(({ data }) => data.actualOutcome),
    [0, 2, 4, 6, 8, 10],
  );
  assert.deepEqual(eventsAbout(store, 'ai_accuracy', about.id), []);
  await store.close();
});
