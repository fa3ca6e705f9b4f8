/**
 * Damage to the files themselves, one byte after another: a journal cut at every length, a bit flipped at every byte of
 * the journal and of an image. The store must open each time, hold what is whole, say what is not, and go on.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cleanup, temporaryFolder } from '../support/temp.ts';
import { skipSyncs } from './file-double.ts';
import { framesOf, readJournal, segmentsIn } from './journal-reader.ts';
import { countsText, foundIn, Ledger, numberedEvent } from './ledger.ts';
import { allOf, storeIn } from './store-in.ts';

const BATCHES = [2, 1, 3];
/** Enough for an image at the end. */
const IMAGE_EVENTS = 450;
const SIZES = { partitionEvents: 150 };

/** Short ones. */
const events = (sender: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => numberedEvent(sender, 7 * (from + i)));

function quietFolder(t: TestContext): string {
  const folder = temporaryFolder(t);
  cleanup(t, skipSyncs(folder));
  return folder;
}

/** A journal of some batches, without an image, and its one segment. */
async function smallJournal(
  t: TestContext,
): Promise<{ bytes: Buffer; ledger: Ledger; folder: string; path: string }> {
  const folder = quietFolder(t);
  const ledger = new Ledger();
  const store = storeIn(folder);
  let next = 0;
  for (const count of BATCHES) {
    const batch = events('test', next, count);
    ledger.send(batch);
    await store.append(batch);
    next += count;
  }
  await store.close();
  const [segment = ''] = segmentsIn(join(folder, 'journal'));
  const path = join(folder, 'journal', segment);
  return { bytes: readFileSync(path), ledger, folder, path };
}

/** Puts a folder back to one journal file. */
function reset(folder: string, path: string, bytes: Uint8Array): void {
  rmSync(join(folder, 'journal'), { recursive: true });
  mkdirSync(join(folder, 'journal'));
  writeFileSync(path, bytes);
}

test('a journal cut at every byte: whole frames stay, the rest is reported, recording goes on', async (t) => {
  const { bytes, ledger, folder, path } = await smallJournal(t);
  const frames = framesOf(bytes);
  const more = events('more', 0, 2);
  ledger.send(more);
  let found = 0;
  let acknowledged = 0;
  for (let length = 0; length < bytes.length; length++) {
    const where = `cut at ${length}`;
    reset(folder, path, bytes.subarray(0, length));
    const whole = frames.filter(({ end }) => end <= length);
    const expected = whole.reduce((sum, { count }) => sum + count, 0);
    const store = storeIn(folder);
    assert.equal(ledger.check(allOf(store), where), expected, where);
    const clean = length === frames[0]?.start || whole.at(-1)?.end === length;
    assert.equal(store.recovery.damage.length, clean ? 0 : 1, `${where}: reported`);
    await store.append(more);
    await store.close();
    const again = storeIn(folder);
    found += ledger.check(allOf(again), `${where}, again`);
    acknowledged += expected + more.length;
    assert.equal(again.count, expected + more.length, where);
    await again.close();
    const inJournal = foundIn(readJournal(join(folder, 'journal')).events);
    assert.equal(ledger.check(inJournal, `${where}, journal`), expected + more.length, where);
  }
  t.diagnostic(
    `${countsText({ rounds: bytes.length, acknowledged, found })} (acknowledged: those in whole frames)`,
  );
});

test('a bit flipped at every byte of a journal costs the frame it is in, is reported, and recording goes on', async (t) => {
  const { bytes, ledger, folder, path } = await smallJournal(t);
  const frames = framesOf(bytes);
  const more = events('more', 0, 2);
  ledger.send(more);
  let found = 0;
  let acknowledged = 0;
  for (let at = 0; at < bytes.length; at++) {
    const where = `byte ${at}`;
    const hurt = Buffer.from(bytes);
    hurt[at] = (hurt[at] ?? 0) ^ (1 << (at % 8));
    reset(folder, path, hurt);
    const expected = frames.reduce(
      (sum, { start, end, count }) => sum + (at >= start && at < end ? 0 : count),
      0,
    );
    const store = storeIn(folder);
    assert.equal(ledger.check(allOf(store), where), expected, where);
    assert.ok(store.recovery.damage.length === 1, `${where}: reported`);
    await store.append(more);
    await store.close();
    const again = storeIn(folder);
    found += ledger.check(allOf(again), `${where}, again`);
    acknowledged += expected + more.length;
    assert.equal(again.count, expected + more.length, where);
    await again.close();
  }
  t.diagnostic(
    `${countsText({ rounds: bytes.length, acknowledged, found })} (acknowledged: those in whole frames)`,
  );
});

test('a bit flipped in an image, or an image cut off: the journal answers', async (t) => {
  const whole = quietFolder(t);
  const ledger = new Ledger();
  const all = events('test', 0, IMAGE_EVENTS);
  ledger.send(all);
  const first = storeIn(whole, SIZES);
  for (let i = 0; i < IMAGE_EVENTS; i += 60) await first.append(all.slice(i, i + 60));
  await first.close();
  ledger.acknowledge(all);
  const images = readdirSync(join(whole, 'images'));
  assert.ok(images.length > 1, 'there is a sealed partition and one that is written to');
  const folder = quietFolder(t);
  let rounds = 0;
  let found = 0;
  for (const image of images) {
    const bytes = readFileSync(join(whole, 'images', image));
    const step = Math.ceil(bytes.length / 40);
    for (let at = 0; at < bytes.length; at += at < 64 ? 1 : step) {
      const hurt = Buffer.from(bytes);
      hurt[at] = (hurt[at] ?? 0) ^ (1 << (at % 8));
      for (const [what, content] of [
        ['flipped', hurt],
        ['cut', bytes.subarray(0, at)],
      ] as const) {
        rmSync(folder, { recursive: true });
        cpSync(whole, folder, { recursive: true });
        writeFileSync(join(folder, 'images', image), content);
        const store = storeIn(folder, SIZES);
        const where = `image ${image} ${what} at ${at}`;
        const inStore = allOf(store);
        found += ledger.check(inStore, where);
        assert.equal(inStore.length, IMAGE_EVENTS, where);
        const [known] = await store.append(all.slice(0, 1));
        assert.ok(known?.duplicate, `${where}: known again`);
        await store.close();
        rounds += 1;
      }
    }
  }
  t.diagnostic(countsText({ rounds, acknowledged: rounds * IMAGE_EVENTS, found }));
});
