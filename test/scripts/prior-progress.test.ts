/** The prior's measurement: a run that is interrupted, anywhere, ends with what one in one go gives. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '../../core/numbers.ts';
import type { MeasuredSchema } from '../../scripts/prediction/measurements.ts';
import { measureAll, type Plan, Progress } from '../../scripts/prediction/progress.ts';
import { temporaryFolder } from '../support/temp.ts';

const SIZES = [100, 1_000, 10_000, 300, 3_000, 30_000];
const WHAT = { seed: 1, sizes: SIZES };
const EACH_MS = 10;

/** Measurements that only their number decides; with a clock that goes on while they are made. */
function plan(budgetMs: number, broken?: number): Plan & { measured: number[] } {
  let now = 0;
  const measured: number[] = [];
  return {
    sizes: SIZES,
    budgetMs,
    measured,
    clock: () => now,
    async measure(number, rows): Promise<Omit<MeasuredSchema, 'ms'>> {
      now += EACH_MS / 2;
      if (number === broken) throw new Error('interrupted');
      measured.push(number);
      now += EACH_MS / 2;
      const random = seededRandom(number);
      const state = (name: string) =>
        JSON.stringify({ relation: `public.${name}`, rows, bytes: 8_192, indexBytes: 0, columns: [] });
      return {
        sql: `CREATE TABLE t${number} (id int)`,
        outcomes: [0, 1].map((n) => ({
          kind: 'index',
          variant: 'a',
          sql: `CREATE INDEX i${n} ON t${number} (id)`,
          undo: [],
          states: [state('shared'), state(`t${number}`)].slice(n),
          code: '',
          ms: Math.round(random() * 100),
        })),
      };
    },
  };
}

test('interrupted in any schema, it goes on there and ends the same', async (t) => {
  const folder = temporaryFolder(t);
  const whole = await measureAll(new Progress(join(folder, 'whole'), WHAT), plan(1_000));
  for (let broken = 0; broken < SIZES.length; broken++) {
    const path = join(folder, `broken-${broken}`);
    await assert.rejects(measureAll(new Progress(path, WHAT), plan(1_000, broken)), /interrupted/);
    appendFileSync(path, '{"sql":"CREATE TAB');
    const second = plan(1_000);
    const recorder = await measureAll(new Progress(path, WHAT), second);
    assert.deepEqual(
      second.measured,
      [...SIZES.keys()].slice(broken),
      'what was measured is not measured again',
    );
    assert.equal(recorder.text({}), whole.text({}));
  }
});

test('the time of the earlier run counts', async (t) => {
  const path = join(temporaryFolder(t), 'progress');
  const budget = 4 * EACH_MS;
  await assert.rejects(measureAll(new Progress(path, WHAT), plan(budget, 3)), /interrupted/);
  const second = plan(budget);
  await measureAll(new Progress(path, WHAT), second);
  assert.deepEqual(second.measured, [3]);
});

test('another measurement is not mixed in, unless it is to begin anew', async (t) => {
  const path = join(temporaryFolder(t), 'progress');
  await measureAll(new Progress(path, WHAT), plan(EACH_MS));
  assert.throws(() => new Progress(path, { ...WHAT, seed: 2 }), /another measurement.*--fresh/);
  assert.equal(readFileSync(path, 'utf8').trimEnd().split('\n').length, 2, 'and what is there stays');
  assert.equal(new Progress(path, { ...WHAT, seed: 2 }, true).done.length, 0);
  const progress = new Progress(path, { ...WHAT, seed: 2 });
  progress.remove();
  assert.ok(!existsSync(path));
});
