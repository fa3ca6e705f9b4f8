/**
 * Races for the lock of a data folder: takes it so many times, and each time makes a file that must not exist and
 * removes it again. Prints what it saw as JSON.
 */
import { closeSync, openSync, rmSync } from 'node:fs';
import { DataFolder } from '../../core/node/data-folder.ts';
import { OwnerLock } from '../../core/node/owner/lock.ts';

const [path = '', wanted = '0'] = process.argv.slice(2);
const folder = new DataFolder(path);
const marker = folder.in('only-one');
const seen = { owned: 0, refused: 0, twoAtOnce: 0 };

while (seen.owned < Number(wanted)) {
  const lock = OwnerLock.tryAcquire(folder);
  if (!lock) {
    seen.refused++;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
    continue;
  }
  try {
    closeSync(openSync(marker, 'wx'));
    if (seen.owned % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    rmSync(marker);
  } catch {
    seen.twoAtOnce++;
  }
  seen.owned++;
  lock.release();
}
process.stdout.write(JSON.stringify(seen));
