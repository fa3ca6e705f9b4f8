/** A disk that is full, that may only be read, or that fails: clear errors, nothing acknowledged lost, and on again after. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { allEvents } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import type { EventStore } from '../../core/store/event-store.ts';
import { needs, type Requirement } from '../support/requirements.ts';
import { cleanup, temporaryFolder } from '../support/temp.ts';
import { type Change, systemError, watchFolder } from './file-double.ts';
import { countsText, Ledger, numberedEvents } from './ledger.ts';
import { allOf, storeIn } from './store-in.ts';

const mount = mountable();

/** Whether this process may mount a file system of its own. */
function mountable(): Requirement<true> {
  if (process.platform !== 'linux') return { missing: 'a small file system can be mounted on Linux only' };
  if (process.getuid?.() !== 0) return { missing: 'only root can mount a small file system' };
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', '/mnt'], {
      stdio: 'pipe',
    });
    return { found: true };
  } catch (error) {
    return { missing: `a small file system cannot be mounted (${String(error).split('\n')[0]})` };
  }
}

function smallDisk(t: TestContext, size: string): string {
  const path = temporaryFolder(t);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', path]);
  cleanup(t, () => {
    execFileSync('umount', ['-l', path]);
  });
  return path;
}

/** Appends until the disk is full; every refusal must be the one clear error. */
async function fill(store: Pick<EventStore, 'append'>, ledger: Ledger, sender: string): Promise<number> {
  for (let n = 0, refused = 0; ; n += 20) {
    const events = numberedEvents(sender, n, 20);
    ledger.send(events);
    try {
      await store.append(events);
      ledger.acknowledge(events);
    } catch (error) {
      assert.ok(TelemetryError.is(error, 'storage-failed'), String(error));
      assert.match(error.message, /ENOSPC.*Nothing was acknowledged|only \d+ of \d+ bytes/);
      if (++refused === 5) return refused;
    }
  }
}

test(
  'a full disk refuses clearly, keeps what was acknowledged, and takes events again once there is room',
  needs(mount),
  async (t) => {
    const disk = smallDisk(t, '2m');
    const ballast = join(disk, 'ballast');
    const folder = join(disk, 'data');
    mkdirSync(folder);
    const ledger = new Ledger();
    let refused = 0;
    const rounds = 4;
    for (let round = 0; round < rounds; round++) {
      writeFileSync(ballast, Buffer.alloc(1_400_000 - round * 330_000));
      const store = storeIn(folder, { partitionEvents: 200 });
      refused += await fill(store, ledger, `round-${round}`);
      ledger.check(allOf(store), `round ${round}, full`);
      rmSync(ballast);
      const more = numberedEvents(`more-${round}`, 0, 5);
      ledger.send(more);
      await store.append(more);
      ledger.acknowledge(more);
      ledger.check(allOf(store), `round ${round}, room again`);
      await store.close().catch(() => undefined);
    }
    const again = storeIn(folder, { partitionEvents: 200 });
    const found = ledger.check(allOf(again), 'opened again');
    await again.close();
    t.diagnostic(
      `${countsText({ rounds, acknowledged: ledger.acknowledged, found })}; ${refused} batches refused`,
    );
  },
);

test('an engine on a full disk stays up and says so; what it holds can be read', needs(mount), async (t) => {
  const disk = smallDisk(t, '3m');
  const session = await Session.open(new DataFolder(join(disk, 'data')));
  const client = session.client();
  const kept = numberedEvents('kept', 0, 30);
  const ledger = new Ledger();
  ledger.send(kept);
  await client.call('events.record', { events: kept });
  ledger.acknowledge(kept);
  assert.throws(() => writeFileSync(join(disk, 'ballast'), Buffer.alloc(4_000_000)), /ENOSPC/);
  const refused = client.call('events.record', { events: numberedEvents('refused', 0, 50) });
  await assert.rejects(refused, (error) => TelemetryError.is(error, 'storage-failed'));
  const found = await allEvents(client, { type: ['user_interaction'] });
  assert.equal(ledger.check(found, 'full'), 30);
  rmSync(join(disk, 'ballast'));
  await client.call('events.record', { events: numberedEvents('refused', 0, 50) });
  await session.close();
  t.diagnostic(countsText({ rounds: 1, acknowledged: ledger.acknowledged, found: found.length }));
});

test(
  'a disk that turns read-only refuses clearly; opened read-only it says what is wrong',
  needs(mount),
  async (t) => {
    const disk = smallDisk(t, '4m');
    const folder = join(disk, 'data');
    mkdirSync(folder);
    const ledger = new Ledger();
    const events = numberedEvents('test', 0, 40);
    ledger.send(events);
    const store = storeIn(folder);
    await store.append(events);
    ledger.acknowledge(events);
    await store.close();
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    assert.throws(
      () => storeIn(folder),
      (error) =>
        TelemetryError.is(error, 'storage-failed') && /read-only|cannot be written/i.test(error.message),
    );
    await assert.rejects(
      Session.open(new DataFolder(folder)),
      (error) => TelemetryError.is(error, 'storage-failed') && error.message.includes(folder),
    );
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    const again = storeIn(folder);
    const found = ledger.check(allOf(again), 'writable again');
    await again.close();
    t.diagnostic(countsText({ rounds: 1, acknowledged: ledger.acknowledged, found }));
  },
);

const notRoot: Requirement<true> =
  process.platform !== 'win32' && process.getuid?.() !== 0
    ? { found: true }
    : { missing: 'root and Windows write to folders whatever their mode' };

test('a folder that its user may not write to is one clear error', needs(notRoot), async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  mkdirSync(folder, { mode: 0o500 });
  cleanup(t, () => chmodSync(folder, 0o700));
  await assert.rejects(Session.open(new DataFolder(folder)), (error) =>
    TelemetryError.is(error, 'storage-failed'),
  );
});

/** Each call that can fail, by what it does to which file. */
const FAULTS: { name: string; code: 'EIO' | 'ENOSPC'; when: (change: Change) => boolean }[] = [
  {
    name: 'EIO on the sync of the journal',
    code: 'EIO',
    when: ({ kind, path }) => kind === 'sync' && path.endsWith('.journal'),
  },
  {
    name: 'EIO on the sync of its folder',
    code: 'EIO',
    when: ({ kind, path }) => kind === 'sync' && path === 'journal',
  },
  {
    name: 'EIO on a write',
    code: 'EIO',
    when: ({ kind, path }) => kind === 'write' && path.endsWith('.journal'),
  },
  {
    name: 'ENOSPC on a write',
    code: 'ENOSPC',
    when: ({ kind, path }) => kind === 'write' && path.endsWith('.journal'),
  },
  {
    name: 'ENOSPC on a new segment',
    code: 'ENOSPC',
    when: ({ kind, path }) => kind === 'create' && path.endsWith('.journal'),
  },
  {
    name: 'EIO on the sync of an image',
    code: 'EIO',
    when: ({ kind, path }) => kind === 'sync' && path.startsWith('images'),
  },
  {
    name: 'ENOSPC on an image',
    code: 'ENOSPC',
    when: ({ kind, path }) => kind === 'write' && path.startsWith('images'),
  },
];

for (const { name, code, when } of FAULTS) {
  test(`${name}: nothing is acknowledged that is not durable, and it goes on`, async (t) => {
    const folder = temporaryFolder(t);
    const ledger = new Ledger();
    const store = storeIn(folder, { segmentBytes: 4_000, partitionEvents: 30 });
    let failing = false;
    let failed = 0;
    const stop = watchFolder(folder, {
      before: (change) => {
        if (!failing || !when(change)) return;
        failed += 1;
        throw systemError(code, change.kind);
      },
      after: () => undefined,
    });
    cleanup(t, stop);
    const rounds = 30;
    for (let round = 0; round < rounds; round++) {
      failing = round % 3 === 1;
      const events = numberedEvents('test', round * 8, 8);
      ledger.send(events);
      await store.append(events).then(
        () => ledger.acknowledge(events),
        (error) => assert.ok(failing && TelemetryError.is(error, 'storage-failed'), String(error)),
      );
      if (round % 5 === 4)
        await store.checkpoint().catch((error) => assert.ok(failing || failed > 0, String(error)));
      ledger.check(allOf(store), `round ${round}`);
    }
    failing = false;
    await store.append(ledger.unanswered());
    ledger.acknowledge(ledger.unanswered());
    assert.ok(failed > 0, 'the fault was met');
    ledger.check(allOf(store), 'sent again');
    await store.close();
    const again = storeIn(folder);
    const found = ledger.check(allOf(again), 'opened again');
    await again.close();
    t.diagnostic(
      `${countsText({ rounds, acknowledged: ledger.acknowledged, found })}; ${failed} calls failed`,
    );
  });
}
