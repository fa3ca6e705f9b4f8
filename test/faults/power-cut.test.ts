import { test } from 'node:test';
import { temporaryFolder } from '../support/temp.ts';
import { countsText } from './ledger.ts';
import { powerCutRound } from './power-cut.ts';

const SEEDS = 25;

for (const failing of [false, true]) {
  const disk = failing ? 'a disk that also fails to write and to sync' : 'a disk that keeps what was synced';
  test(`power cuts and kills on ${disk} lose nothing that was acknowledged`, async (t) => {
    const folder = temporaryFolder(t);
    const total = { rounds: 0, acknowledged: 0, found: 0, changes: 0, refused: 0 };
    for (let seed = 1; seed <= SEEDS; seed++) {
      const counts = await powerCutRound(folder, seed, failing);
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += counts[key];
    }
    t.diagnostic(`${countsText(total)}; ${total.changes} changes to the disk, ${total.refused} refused`);
  });
}
