/**
 * Power cuts and kills, simulated at the file layer. A store lives on a folder whose every change is told to a model of
 * a disk ({@link Disk}). After some changes the life ends, in the middle of whatever it does; the next one opens on
 * what such an end leaves. What was acknowledged in any life must be there in each one after it.
 */

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { TelemetryError } from '../../core/contract/errors.ts';
import { seededRandom } from '../../core/numbers.ts';
import type { EventStore, UnstoredEvent } from '../../core/store/event-store.ts';
import { Disk, filesIn } from './disk.ts';
import { type Change, systemError, watchFolder } from './file-double.ts';
import { readJournal } from './journal-reader.ts';
import { type Counts, firstOfEach, foundIn, Ledger, numberedEvents } from './ledger.ts';
import { allOf, storeIn } from './store-in.ts';

const LIVES = 8;
const LONGEST_LIFE = 60;
/** Of the changes in a life whose disk fails. */
const FAILING = 0.08;
/** A disk that refuses a sync and then to shorten the file leaves no way to be right; that one is not tried. */
const REFUSED = new Set<Change['kind']>(['create', 'write', 'sync', 'rename']);
const SIZES = { segmentBytes: 6_000, partitionEvents: 60 };

export interface PowerCutCounts extends Counts {
  /** Changes told to the disk, and how many of them it refused. */
  changes: number;
  refused: number;
}

/** One disk through some lives; the seed decides everything. `failing`: some lives meet syncs and writes that fail. */
export async function powerCutRound(folder: string, seed: number, failing: boolean): Promise<PowerCutCounts> {
  const random = seededRandom(seed);
  const ledger = new Ledger();
  const disk = new Disk();
  const counts: PowerCutCounts = { rounds: 0, acknowledged: 0, found: 0, changes: 0, refused: 0 };
  for (let life = 0; life <= LIVES; life++) {
    const where = `seed ${seed}${failing ? ', failing disk' : ''}, life ${life}`;
    const place = join(folder, `${seed}-${life}`);
    mkdirSync(place);
    disk.writeTo(place);
    const isLast = life === LIVES;
    const recorder = new Recorder(disk, place, {
      length: isLast ? 0 : Math.floor(random() * LONGEST_LIFE),
      failing: failing && !isLast && random() < 0.6 ? FAILING : 0,
      random,
    });
    counts.found = await live({ place, where, random, ledger, recorder, sender: `life-${life}`, failing });
    counts.changes += recorder.changes;
    counts.refused += recorder.refused;
    counts.rounds += 1;
    if (random() < 0.65) disk.cutPower(random);
    else if (random() < 0.5) disk.evict();
    rmSync(place, { recursive: true });
  }
  return { ...counts, acknowledged: ledger.acknowledged };
}

interface Life {
  place: string;
  where: string;
  random: () => number;
  ledger: Ledger;
  recorder: Recorder;
  sender: string;
  failing: boolean;
}

/** Opens, checks, works until the recorder ends it; returns how many events were there in the beginning. */
async function live(life: Life): Promise<number> {
  const { place, where, ledger, recorder } = life;
  const journal = join(place, 'journal');
  const inJournal = existsSync(journal) ? firstOfEach(foundIn(readJournal(journal).events)) : [];
  ledger.check(inJournal, `${where}, journal`);
  let store: EventStore | undefined;
  try {
    store = storeIn(place, SIZES);
  } catch (error) {
    assert.ok(recorder.refused > 0, `${where}: the store does not open: ${String(error)}`);
  }
  if (store) {
    const found = allOf(store);
    ledger.check(found, `${where}, store`);
    // What was written and refused may be in the journal all the same: then an image need not have it.
    if (!life.failing)
      assert.equal(found.length, inJournal.length, `${where}: the store and the journal differ`);
    await work(store, life);
  }
  if (!recorder.ended) await store?.close().catch(() => undefined);
  if (!recorder.ended)
    assert.deepEqual(
      digests(filesIn(place)),
      digests(recorder.disk.files()),
      `${where}: not all was recorded`,
    );
  recorder.end();
  await store?.close().catch(() => undefined);
  return inJournal.length;
}

async function work(store: EventStore, { where, random, ledger, recorder, sender }: Life): Promise<void> {
  const below = (most: number) => Math.floor(random() * most);
  let next = 0;
  for (let step = 0; step < 12 && !recorder.ended; step++) {
    const batches = Array.from({ length: 1 + below(3) }, () => {
      const fresh = numberedEvents(sender, next, 1 + below(25));
      next += fresh.length;
      const again = ledger.unanswered().filter(() => random() < 0.3);
      return random() < 0.5 ? fresh : random() < 0.5 && again.length > 0 ? again : [...fresh, ...again];
    });
    await Promise.all(batches.map((events) => send(store, events, ledger, recorder, where)));
    if (random() < 0.15) await store.checkpoint().catch(() => undefined);
  }
}

async function send(
  store: EventStore,
  events: UnstoredEvent[],
  ledger: Ledger,
  recorder: Recorder,
  where: string,
): Promise<void> {
  if (recorder.ended) return;
  ledger.send(events);
  try {
    await store.append(events);
    if (!recorder.ended) ledger.acknowledge(events);
  } catch (error) {
    if (recorder.ended) return;
    assert.ok(
      TelemetryError.is(error, 'storage-failed') && recorder.refused > 0,
      `${where}: ${String(error)}`,
    );
  }
}

/** Short enough for a message. */
function digests(files: ReadonlyMap<string, Buffer | undefined>): string[] {
  return [...files].map(([path, content]) =>
    content ? `${path}: ${content.length} bytes, ${crc32(content)}` : `${path}/`,
  );
}

/** Tells a disk what happens in a folder, for so many changes; then the life is over and nothing counts any more. */
class Recorder {
  readonly disk: Disk;
  changes = 0;
  refused = 0;
  ended = false;
  readonly #stop: () => void;
  readonly #marks = new Map<Change, number>();

  constructor(disk: Disk, folder: string, how: { length: number; failing: number; random: () => number }) {
    this.disk = disk;
    this.#stop = watchFolder(folder, {
      skipsSyncs: true,
      before: (change) => {
        if (this.ended) return;
        if (this.changes >= how.length) {
          this.ended = true;
          return;
        }
        this.changes += 1;
        if (change.kind === 'sync') this.#marks.set(change, disk.mark(change.path));
        if (REFUSED.has(change.kind) && how.failing > 0 && how.random() < how.failing) {
          this.refused += 1;
          throw systemError(change.kind === 'sync' ? 'EIO' : 'ENOSPC', change.kind);
        }
      },
      after: (change) => {
        if (this.ended) return;
        if (change.kind === 'sync') disk.sync(change.path, this.#marks.get(change) ?? 0);
        else disk.apply(change);
      },
      failed: (change) => {
        if (!this.ended && change.kind === 'sync') disk.failSync(change.path, how.random);
      },
    });
  }

  end(): void {
    this.ended = true;
    this.#stop();
  }
}
