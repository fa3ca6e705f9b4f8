import assert from 'node:assert/strict';
import {
  appendFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { TelemetryError } from '../../../core/contract/errors.ts';
import { derivedUuid } from '../../../core/events/ids.ts';
import { readAsset } from '../../../core/node/assets.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { ImageFiles } from '../../../core/node/store/image-files.ts';
import { JournalFiles } from '../../../core/node/store/journal-files.ts';
import { EventStore, type UnstoredEvent } from '../../../core/store/event-store.ts';
import type { Glance } from '../../../core/store/glance.ts';
import type { PartitionHead } from '../../../core/store/partition.ts';
import type { Journal } from '../../../core/store/ports.ts';
import { loadSqlite } from '../../../core/store/sqlite.ts';
import { temporaryFolder } from '../../support/temp.ts';

const sqlite = await loadSqlite(await readAsset('sql-wasm.wasm'));

function event(n: number, source = 'test'): UnstoredEvent {
  const id = derivedUuid(1_700_000_000_000 + n, nodePlatform.sha256(`event ${n}`));
  return {
    id,
    timestamp: new Date(1_700_000_000_000 + n).toISOString(),
    type: 'schema_operation',
    source,
    data: { operation: 'add_column', note: `number ${n}` },
    metadata: {},
  };
}

const many = (count: number, from = 0) => Array.from({ length: count }, (_, i) => event(from + i));

function openIn(folder: string, journal: Journal = new JournalFiles(join(folder, 'journal'))): EventStore {
  const images = new ImageFiles<PartitionHead>(join(folder, 'images'));
  return EventStore.open({ sqlite, journal, images, platform: nodePlatform });
}

const countOf = (store: EventStore) => store.count;
const segmentsIn = (folder: string) =>
  readdirSync(join(folder, 'journal')).filter((name) => name.endsWith('.journal'));
const segmentPath = (folder: string) => join(folder, 'journal', segmentsIn(folder).at(-1) ?? '');

async function filled(t: TestContext, count: number): Promise<string> {
  const folder = temporaryFolder(t);
  const store = openIn(folder);
  for (let i = 0; i < count; i += 10) await store.append(many(Math.min(10, count - i), i));
  await store.close();
  return folder;
}

test('what was appended is there after a restart, from the journal alone and from a checkpoint', async (t) => {
  const folder = await filled(t, 50);
  const fromJournal = openIn(folder);
  assert.equal(countOf(fromJournal), 50);
  assert.deepEqual(fromJournal.recovery, { fromCheckpoint: 0, fromJournal: 50, damage: [] });
  await fromJournal.append(many(1_000, 50));
  await fromJournal.close();

  const fromCheckpoint = openIn(folder);
  assert.equal(countOf(fromCheckpoint), 1_050);
  assert.deepEqual(fromCheckpoint.recovery, { fromCheckpoint: 1_050, fromJournal: 0, damage: [] });
  assert.equal(fromCheckpoint.lastSequence, 1_050);
  await fromCheckpoint.close();
});

test('the same source and id is stored once, in one batch, in two, at the same time and after a restart', async (t) => {
  const folder = temporaryFolder(t);
  const store = openIn(folder);
  assert.deepEqual(await store.append([event(1), event(1)]), [
    { id: event(1).id, duplicate: false },
    { id: event(1).id, duplicate: true },
  ]);
  const both = await Promise.all([store.append([event(2)]), store.append([event(2)])]);
  assert.deepEqual(
    both.flat().map(({ duplicate }) => duplicate),
    [false, true],
  );
  assert.equal((await store.append([event(2, 'another')]))[0]?.duplicate, false);
  await store.close();
  const again = openIn(folder);
  assert.equal((await again.append([event(1)]))[0]?.duplicate, true);
  assert.equal(countOf(again), 3);
  await again.close();
});

test('a torn tail is cut, kept aside and reported; appending goes on', async (t) => {
  const folder = await filled(t, 30);
  const path = segmentPath(folder);
  truncateSync(path, statSync(path).size - 7);
  const store = openIn(folder);
  assert.equal(countOf(store), 20);
  assert.deepEqual(
    store.recovery.damage.map(({ place }) => place),
    ['tail'],
  );
  assert.equal(readdirSync(join(folder, 'journal')).filter((name) => name.includes('.torn-')).length, 1);
  await store.append(many(10, 20));
  await store.close();
  const again = openIn(folder);
  assert.equal(countOf(again), 30);
  assert.deepEqual(again.recovery.damage, []);
  await again.close();
});

test('a damaged record in the middle costs that record only', async (t) => {
  const folder = await filled(t, 30);
  const path = segmentPath(folder);
  const bytes = readFileSync(path);
  const second = bytes.indexOf('ABJF', 100 + bytes.indexOf('ABJF'));
  bytes[second + 60] = 0;
  writeFileSync(path, bytes);
  const store = openIn(folder);
  assert.equal(countOf(store), 20);
  assert.deepEqual(
    store.recovery.damage.map(({ place, start }) => ({ place, start })),
    [{ place: 'middle', start: second }],
  );
  await store.close();
});

test('a damaged checkpoint is passed over, and so is a missing one', async (t) => {
  const folder = await filled(t, 300);
  const images = () => readdirSync(join(folder, 'images'));
  assert.equal(images().length, 1);
  const path = join(folder, 'images', images()[0] ?? '');
  const bytes = readFileSync(path);
  bytes[bytes.length - 500] = (bytes.at(-500) ?? 0) ^ 1;
  writeFileSync(path, bytes);
  const store = openIn(folder);
  assert.deepEqual(
    { ...store.recovery, count: countOf(store) },
    { fromCheckpoint: 0, fromJournal: 300, damage: [], count: 300 },
  );
  await store.close();
  for (const name of images()) rmSync(join(folder, 'images', name));
  const again = openIn(folder);
  assert.equal(countOf(again), 300);
  await again.close();
});

test('segments are closed by size and read in order', async (t) => {
  const folder = temporaryFolder(t);
  const journal = () => new JournalFiles(join(folder, 'journal'), { segmentBytes: 4_000 });
  const store = openIn(folder, journal());
  for (let i = 0; i < 20; i++) await store.append(many(5, i * 5));
  assert.equal(store.info().segments, segmentsIn(folder).length);
  assert.ok(segmentsIn(folder).length > 3);
  await store.close();
  const again = openIn(folder, journal());
  assert.deepEqual(
    again.after(0, 1_000).map(({ data }) => data.note),
    many(100).map(({ data }) => data.note),
  );
  await again.close();
});

test('a failed write acknowledges nothing, abandons the segment and the next append goes to a new one', async (t) => {
  const folder = temporaryFolder(t);
  const files = new JournalFiles(join(folder, 'journal'));
  let failing = false;
  const journal: Journal = {
    replay: (...args) => files.replay(...args),
    visit: (...args) => files.visit(...args),
    read: (...args) => files.read(...args),
    rewrite: (...args) => files.rewrite(...args),
    position: () => files.position(),
    info: () => files.info(),
    close: () => files.close(),
    append: (frames) =>
      failing ? Promise.reject(new TelemetryError('storage-failed', 'no space')) : files.append(frames),
  };
  const store = openIn(folder, journal);
  await store.append(many(2));
  failing = true;
  await assert.rejects(store.append([event(2)]), (error) => TelemetryError.is(error, 'storage-failed'));
  assert.equal(countOf(store), 2, 'what is not durable cannot be read');
  failing = false;
  assert.deepEqual(
    (await store.append([event(2)])).map(({ duplicate }) => duplicate),
    [false],
  );
  await store.close();
  const again = openIn(folder);
  assert.deepEqual(
    again.after(0, 10).map(({ sequence }) => sequence),
    [1, 2, 4],
    'a sequence is never given twice',
  );
  await again.close();
});

test('a journal folder that is gone is one clear error', async (t) => {
  const folder = temporaryFolder(t);
  const store = openIn(folder);
  rmSync(join(folder, 'journal'), { recursive: true });
  await assert.rejects(
    store.append([event(1)]),
    /The journal could not be written .* Nothing was acknowledged/,
  );
  await store.close();
});

test('too many waiting events are refused with a time to wait', async (t) => {
  const folder = temporaryFolder(t);
  const store = EventStore.open({
    sqlite,
    journal: new JournalFiles(join(folder, 'journal')),
    images: new ImageFiles<PartitionHead>(join(folder, 'images')),
    platform: nodePlatform,
    maxQueued: 10,
  });
  const first = store.append(many(8));
  await assert.rejects(store.append(many(5, 100)), (error) => {
    assert.ok(TelemetryError.is(error, 'overloaded'));
    assert.equal(error.retryAfterSeconds, 1);
    return true;
  });
  await first;
  assert.equal((await store.append(many(5, 100))).length, 5);
  await store.close();
});

test('trailing garbage behind the journal, such as a preallocated block, is a torn tail', async (t) => {
  const folder = await filled(t, 10);
  appendFileSync(segmentPath(folder), Buffer.alloc(4_096));
  const store = openIn(folder);
  assert.equal(countOf(store), 10);
  assert.equal(store.recovery.damage[0]?.place, 'tail');
  await store.close();
});

test('who listens is told of each event once it can be read, and it is parsed only where somebody asks', async (t) => {
  const folder = temporaryFolder(t);
  let parsed = 0;
  const platform = {
    ...nodePlatform,
    decodeUtf8: (bytes: Uint8Array) => {
      parsed++;
      return nodePlatform.decodeUtf8(bytes);
    },
  };
  const journal = new JournalFiles(join(folder, 'journal'));
  const images = new ImageFiles<PartitionHead>(join(folder, 'images'));
  const store = EventStore.open({ sqlite, journal, images, platform });
  t.after(() => store.close());
  const all: Glance[] = [];
  const failures: Glance[] = [];
  const end = store.onAppended((glances) => all.push(...glances));
  store.onAppended((glances) => failures.push(...glances), ['error_occurrence']);
  const failure: UnstoredEvent = {
    ...event(7),
    type: 'error_occurrence',
    source: 'cli',
    data: { message: 'no', code: '23502', severity: 'error' },
    metadata: { workspace: 'shop', resources: { cpuPercent: 5 } },
  };
  await store.append([event(1), failure]);
  assert.equal(parsed, 0);
  assert.deepEqual(
    failures.map(({ sequence, type, status, source, operation, workspace, durationMs, hasResources, at }) => [
      sequence,
      type,
      status,
      source,
      operation,
      workspace,
      durationMs,
      hasResources,
      at,
    ]),
    [[2, 'error_occurrence', 'error', 'cli', '23502', 'shop', undefined, true, 1_700_000_000_007]],
  );
  assert.deepEqual(failures[0]?.event(), { ...failure, sequence: 2 });
  assert.equal(failures[0]?.event(), all[1]?.event(), 'parsed once for all');
  end();
  await store.append([event(3)]);
  assert.equal(all.length, 2);
  const read = store.glancesAfter(1, 10);
  assert.deepEqual(
    read.map(({ sequence, hasResources }) => [sequence, hasResources]),
    [
      [2, true],
      [3, false],
    ],
  );
  assert.deepEqual(
    read.map((glance) => glance.event()),
    store.after(1, 10),
  );
});
