import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AuditTrail } from '../../../core/audit/audit-trail.ts';
import { completeEvent } from '../../../core/events/complete.ts';
import { derivedUuid, uuidV7Source } from '../../../core/events/ids.ts';
import { readAsset } from '../../../core/node/assets.ts';
import { Session } from '../../../core/node/engine/session.ts';
import { nodePlatform } from '../../../core/node/platform.ts';
import { ImageFiles } from '../../../core/node/store/image-files.ts';
import { JournalFiles } from '../../../core/node/store/journal-files.ts';
import { keptFile } from '../../../core/node/store/kept-file.ts';
import { Erasures } from '../../../core/privacy/erasures.ts';
import { EventStore } from '../../../core/store/event-store.ts';
import type { PartitionHead } from '../../../core/store/partition.ts';
import { loadSqlite } from '../../../core/store/sqlite.ts';
import { startEngine } from '../../support/engine.ts';
import { cleanup, temporaryDataFolder, temporaryFolder } from '../../support/temp.ts';

const sqlite = await loadSqlite(await readAsset('sql-wasm.wasm'));
const ADA = 'dev-adaada';
const BOB = 'dev-bobbob';
/** Only in what Ada did. */
const MARK = 'adas_private_table';

/** Events of two people in turn; every third is Ada's. */
function events(count: number) {
  return Array.from({ length: count }, (_, i) => {
    const isAda = i % 3 === 0;
    return {
      id: derivedUuid(1_770_000_000_000 + i, nodePlatform.sha256(`event ${i}`)),
      timestamp: new Date(1_770_000_000_000 + i * 1_000).toISOString(),
      type: 'schema_operation' as const,
      source: 'test',
      data: { operation: isAda ? MARK : 'add_column', note: `number ${i}` },
      metadata: { user: isAda ? ADA : BOB, workspace: i % 2 === 0 ? 'shop~a1b2c3' : 'mill~d4e5f6' },
    };
  });
}

/** Files below a folder that hold a text. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

test('an erased person is in no file any more; everybody else is whole, and the trail too', async (t) => {
  const folder = temporaryDataFolder(t);
  const before = await Session.open(folder);
  await before.client().call('events.record', events(900));
  await before.client().call('privacy.export', { user: ADA });
  await before.close('so that images are written');
  mkdirSync(folder.in('imports'), { recursive: true });
  writeFileSync(folder.in('imports', 'shop.json'), `{"author":"${ADA}"}`);
  writeFileSync(folder.in('journal', '0000000000000001.journal.torn-99'), MARK);
  assert.ok(filesWith(folder.path, MARK).length >= 3, 'journal, image and a torn tail');

  const { client } = await startEngine(t, folder);
  const everything = await client.call('events.list', { limit: 500, source: 'test' });
  const preview = await client.call('privacy.erase', { user: ADA });
  assert.deepEqual([preview.events, preview.done], [300, false]);
  assert.equal((await client.call('events.list', { limit: 1, operation: MARK })).items.length, 1);

  const erased = await client.call('privacy.erase', { user: ADA, confirm: true, now: true });
  assert.deepEqual([erased.events, erased.done], [300, true]);
  for (const text of [ADA, MARK]) assert.deepEqual(filesWith(folder.path, text), []);
  const kept = await client.call('events.list', { limit: 500, source: 'test' });
  assert.deepEqual(
    kept.items.slice(0, 100).map(({ id, sequence }) => [id, sequence]),
    everything.items
      .filter(({ metadata }) => metadata.user === BOB)
      .slice(0, 100)
      .map(({ id, sequence }) => [id, sequence]),
    'what stays keeps its place',
  );
  const verdict = await client.call('audit.verify', {});
  assert.equal(verdict.intact, true, verdict.message);
  assert.match(verdict.message, /1 of them erased/);
  const { people } = await client.call('privacy.get', {});
  assert.deepEqual(
    [ADA, BOB].map((user) => people.find((one) => one.user === user)?.events),
    [undefined, 600],
  );
});

test('within the time of grace events are hidden, survive a restart so, and can be had back', async (t) => {
  const folder = temporaryDataFolder(t);
  const first = await Session.open(folder);
  const count = async (session: Session) =>
    (await session.client().call('privacy.export', {})).lines.filter((line) => line.includes(MARK)).length;
  await first.client().call('events.record', events(300));
  const order = await first.client().call('privacy.erase', { user: ADA, confirm: true });
  assert.deepEqual([order.events, order.done, await count(first)], [100, false, 0]);
  assert.ok(order.undoUntil);
  await first
    .client()
    .call('events.record', [{ ...events(1)[0], id: derivedUuid(1, 'f'.repeat(64)) }] as never);
  assert.equal(await count(first), 1, 'what comes later is stored');
  await first.close('restart');

  const second = await Session.open(folder);
  cleanup(t, () => second.close());
  assert.equal(await count(second), 1);
  assert.equal((await second.client().call('privacy.erase', { user: ADA })).events, 1);
  assert.deepEqual(
    (await second.client().call('privacy.get', {})).erasures.map(({ id }) => id),
    [order.id],
  );
  await second.client().call('privacy.undo', { id: order.id });
  assert.equal(await count(second), 101);
  assert.deepEqual((await second.client().call('privacy.get', {})).erasures, []);
  await assert.rejects(second.client().call('privacy.undo', { id: order.id }), /no erasure/);
  assert.equal((await second.client().call('audit.verify', {})).intact, true);
});

test('what was ordered is carried out when asked, and asking again finds nothing', async (t) => {
  const { client, folder } = await startEngine(t);
  await client.call('events.record', events(30));
  await client.call('privacy.erase', { workspace: 'shop~a1b2c3', confirm: true });
  assert.equal(filesWith(folder.in('journal'), 'shop~a1b2c3').length, 1, 'hidden, not yet gone');
  const done = await client.call('privacy.erase', { confirm: true, now: true });
  assert.deepEqual([done.events, done.done], [15, true]);
  assert.deepEqual(filesWith(folder.path, 'shop~a1b2c3'), []);
  await assert.rejects(client.call('privacy.erase', { confirm: true, now: true }), /No erasure/);
  await assert.rejects(client.call('privacy.erase', {}), /Say what to erase/);
});

test('retention: what is older is ordered to go, once', async (t) => {
  const { client, session } = await startEngine(t);
  await client.call('events.record', events(30));
  await client.call('settings.update', { retentionDays: 10 });
  const until = Date.now() + 10_000;
  while ((await client.call('privacy.get', {})).erasures.length === 0 && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const { erasures } = await client.call('privacy.get', {});
  assert.deepEqual(
    erasures.map(({ events: count }) => count),
    [30],
  );
  assert.deepEqual((await client.call('events.list', { source: 'test' })).items, []);
  assert.ok(session.isOwner);
});

/** A store with several segments, and erasures that end at a step as a killed process does. */
async function open(folder: string, killAt = Number.POSITIVE_INFINITY) {
  const steps: string[] = [];
  const newId = uuidV7Source(nodePlatform);
  const erasures = new Erasures({
    kept: keptFile(join(folder, 'erasures.json')),
    platform: nodePlatform,
    newId,
    onStep(step) {
      if (steps.length === killAt) throw new Error('killed');
      steps.push(step);
    },
  });
  const store = EventStore.open({
    sqlite,
    journal: new JournalFiles(join(folder, 'journal'), { segmentBytes: 8_000 }),
    images: new ImageFiles<PartitionHead>(join(folder, 'images')),
    platform: nodePlatform,
    partitionEvents: 100,
    hidden: erasures.hidden,
  });
  const audit = new AuditTrail({
    reader: store.tables,
    platform: nodePlatform,
    complete: (event) => completeEvent(event, { newId, now: () => Date.now(), trace: {}, defaults: {} }),
    store: async (event) => void (await store.append([event])),
  });
  erasures.attach(store, audit);
  return { store, audit, erasures, steps };
}

test('ended at any step, an erasure is carried out at the next start and costs nothing else', async (t) => {
  const all = events(200);
  const others = all.filter(({ metadata }) => metadata.user === BOB).map(({ id }) => id);
  let killAt = 0;
  for (let whole = false; !whole; killAt++) {
    const folder = temporaryFolder(t);
    const filled = await open(folder);
    for (let i = 0; i < all.length; i += 10) await filled.store.append(all.slice(i, i + 10));
    await filled.audit.record({ method: 'x', role: 'admin', via: 'test', result: 'done', user: ADA });
    await filled.store.close();

    const killed = await open(folder, killAt);
    whole = await killed.erasures.order({ user: ADA }, 0).then(
      () => true,
      (error: Error) => {
        if (error.message !== 'killed') throw error;
        return false;
      },
    );
    // The files are left as they are; only what the process held is let go.
    await killed.store.close();

    const again = await open(folder);
    const seen = () =>
      again.store.tables
        .after(0, 1_000)
        .filter(({ source }) => source === 'test')
        .map(({ id }) => id);
    assert.deepEqual(seen(), others, `hidden before it goes on, ended at step ${killAt}`);
    await again.erasures.carryOutDue();
    assert.deepEqual(seen(), others);
    for (const text of [ADA, MARK])
      assert.deepEqual(filesWith(folder, text), [], `${text}, ended at step ${killAt}`);
    assert.equal(again.audit.verify().intact, true);
    const last = again.store.lastSequence;
    await again.store.close();

    const reopened = await open(folder);
    assert.equal(reopened.store.lastSequence, last, 'no sequence is given twice');
    assert.deepEqual(reopened.erasures.pending(), []);
    await reopened.store.close();
  }
  assert.ok(killAt > 8, `${killAt} steps: several segments were rewritten`);
});
