/**
 * Takes the lock of a data folder again and again until it is killed, which it sometimes does itself while it holds it.
 * Arguments: folder, its name, a seed. While it owns the folder it writes lines `name tenure nanoseconds` to the end of
 * a log; each line is one write.
 */
import { openSync, writeSync } from 'node:fs';
import { DataFolder } from '../../core/node/data-folder.ts';
import { OwnerLock } from '../../core/node/owner/lock.ts';
import { seededRandom } from '../../core/numbers.ts';

const [path = '', name = '', seed = '0'] = process.argv.slice(2);
/** Tenures of one process until it kills itself, on average. */
const TENURES_A_LIFE = 60;
const folder = new DataFolder(path);
const log = openSync(folder.in('tenures.log'), 'a');
const random = seededRandom(Number(seed));
const soon = () => new Promise((resolve) => setImmediate(resolve));

for (let tenure = 0; ; ) {
  const lock = OwnerLock.tryAcquire(folder);
  if (!lock) {
    await new Promise((resolve) => setTimeout(resolve, random() * 3));
    continue;
  }
  const dies = random() < 1 / TENURES_A_LIFE;
  for (let line = 0; line < 2 + random() * 6; line++) {
    writeSync(log, `${name} ${tenure} ${process.hrtime.bigint()}\n`);
    if (random() < 0.3) await soon();
    if (dies && random() < 0.3) process.kill(process.pid, 'SIGKILL');
  }
  lock.release();
  tenure += 1;
  if (random() < 0.5) await soon();
}
