import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { OwnerLock } from '../../../core/node/owner/lock.ts';
import { temporaryDataFolder } from '../../support/temp.ts';

const CHILD = new URL('../../support/lock-child.ts', import.meta.url).pathname;
const PROCESSES = 6;
const ROUNDS = 400;

interface Seen {
  owned: number;
  refused: number;
  twoAtOnce: number;
}

test('of many processes that race for a folder, never two own it at once', async (t) => {
  const folder = temporaryDataFolder(t);
  const children = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, [CHILD, folder.path, String(ROUNDS)], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  t.after(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  const seen = await Promise.all(children.map(async ({ stdout }) => JSON.parse(await text(stdout)) as Seen));
  const sum = (key: keyof Seen) => seen.reduce((total, one) => total + one[key], 0);
  t.diagnostic(`${sum('owned')} rounds, ${sum('refused')} refused, ${sum('twoAtOnce')} with two owners`);
  assert.equal(sum('owned'), PROCESSES * ROUNDS);
  assert.ok(sum('refused') > 0, 'they did race');
  assert.equal(sum('twoAtOnce'), 0);
});

test('the lock of a process that was killed is free at once', async (t) => {
  const folder = temporaryDataFolder(t);
  const child = spawn(process.execPath, [CHILD, folder.path, '1000000'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const lock = OwnerLock.tryAcquire(folder);
  assert.ok(lock);
  assert.equal(OwnerLock.tryAcquire(folder), undefined, 'nor twice in one process');
  lock.release();
});
