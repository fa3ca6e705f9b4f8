/** Whatever was asked before, the answer is that of a run from nothing. Random edits of random histories show it. */
import assert from 'node:assert/strict';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CheckpointFiles } from '../../../core/node/shadow/checkpoint-files.ts';
import type { HistoryKind, MigrationSource } from '../../../core/shadow/history-state.ts';
import { Cancelled } from '../../../core/shadow/judge.ts';
import { gist, incrementalShadow, NO_HOOKS, withoutTimes } from '../../support/shadow.ts';
import { temporaryFolder } from '../../support/temp.ts';

type Random = (below: number) => number;

/** mulberry32, so that a failure can be seen again. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const POSTGRES = [
  (n: number) => `CREATE TABLE t${n} (id serial PRIMARY KEY, x int)`,
  (n: number) => `INSERT INTO t${n} (x) VALUES (1), (2)`,
  (n: number) => `INSERT INTO t${n} (id) VALUES (2)`,
  (n: number) => `ALTER TABLE t${n} ADD COLUMN c${n} text`,
  (n: number) => `DROP TABLE t${n}`,
  (n: number) => `CREATE INDEX CONCURRENTLY i${n} ON t${n} (x)`,
  (n: number) => `CREATE TYPE e${n} AS ENUM ('a')`,
  (n: number) => `ALTER TYPE e${n} ADD VALUE 'b'`,
  (n: number) => `SELECT 'b'::e${n}`,
  (n: number) => `ALTER TABLE t${n} ADD UNIQUE (x)`,
  (n: number) => `GRANT SELECT ON t${n} TO role${n}`,
  () => 'SELECT nextval(pg_get_serial_sequence(relname::text, $$id$$)) FROM pg_class WHERE relname = $$t0$$',
  () => 'CREATE EXTENSION IF NOT EXISTS timescaledb',
  () => 'SET search_path TO nowhere',
  () => 'SET LOCAL search_path TO nowhere',
  (n: number) => `CREATE TEMP TABLE t${n} (id int) ON COMMIT DROP`,
  () => 'BEGIN',
  () => 'COMMIT',
  () => 'ALTER TABEL half',
  (n: number) => `CREATE TEMP TABLE t${n} (id int)`,
];
const SQLITE = [
  (n: number) => `CREATE TABLE t${n} (id integer PRIMARY KEY AUTOINCREMENT, x int)`,
  (n: number) => `INSERT INTO t${n} (x) VALUES (1), (2)`,
  (n: number) => `ALTER TABLE t${n} ADD COLUMN c${n} text`,
  (n: number) => `DROP TABLE t${n}`,
  (n: number) => `CREATE UNIQUE INDEX i${n} ON t${n} (x)`,
  (n: number) => `PRAGMA user_version = ${n}`,
  () => 'PRAGMA foreign_keys = ON',
  () => 'BEGIN',
  () => 'COMMIT',
  () => 'CREATE TABEL half',
];

function migration(random: Random, pool: readonly ((n: number) => string)[], name: string): MigrationSource {
  const count = 1 + random(4);
  const statements = Array.from({ length: count }, () => pool[random(pool.length)]?.(random(3)));
  return { name, text: `${statements.join(';\n')};\n` };
}

/** Edits, deletes, reorders, renames, or moves to another file. */
function change(random: Random, files: MigrationSource[], pool: readonly ((n: number) => string)[]): void {
  const at = random(files.length);
  const file = files[at];
  if (!file) return;
  switch (random(5)) {
    case 0:
      files[at] = migration(random, pool, file.name);
      break;
    case 1:
      if (files.length > 2) files.splice(at, 1);
      break;
    case 2:
      files.push(...files.splice(at, 1));
      break;
    case 3:
      files[at] = { ...file, name: `${file.name}r` };
      break;
    default:
      files.splice(at, 0, migration(random, pool, `n${random(1_000)}`));
  }
}

async function sameAsFresh(
  t: TestContext,
  kind: HistoryKind,
  pool: typeof POSTGRES,
  rounds: number,
  seed: number,
): Promise<void> {
  const random = randomFrom(seed);
  const checkpoints = new CheckpointFiles(temporaryFolder(t));
  const kept = await incrementalShadow(t, kind, checkpoints);
  const files = Array.from({ length: 5 }, (_, i) => migration(random, pool, `m${i}`));
  for (let round = 0; round < rounds; round++) {
    change(random, files, pool);
    const at = random(3) === 0 ? random(files.length) : files.length - 1;
    const [history, last] = [files.slice(0, at), files[at]];
    assert.ok(last);
    await kept.check(history, migration(random, pool, last.name), NO_HOOKS);
    const answer = await kept.check(history, last, NO_HOOKS);
    const fresh = await incrementalShadow(t, kind);
    const truth = await fresh.check(history, last, NO_HOOKS);
    assert.deepEqual(
      withoutTimes(answer),
      withoutTimes(truth),
      `seed ${seed}, round ${round}:\n${JSON.stringify([...history, last], null, 1)}`,
    );
    const run = await fresh.run([...history, last], NO_HOOKS);
    await fresh.close();
    const [asked, ran] = [answer, run.at(-1)].map((verdict) =>
      verdict?.statements.find(({ verdict: one }) => one !== 'works'),
    );
    assert.equal(
      asked && gist(asked),
      ran && gist(ran),
      `seed ${seed}, round ${round}: as a real run\n${last.text}`,
    );
    if (random(3) === 0) await kept.rest();
  }
}

for (const seed of [1, 2]) {
  test(`PostgreSQL, seed ${seed}`, (t) =>
    sameAsFresh(
      t,
      { dialect: 'postgres', format: seed === 1 ? 'numbered' : 'golang-migrate' },
      POSTGRES,
      5,
      seed,
    ));
}
for (const seed of [1, 2, 3]) {
  test(`SQLite, seed ${seed}`, (t) =>
    sameAsFresh(t, { dialect: 'sqlite', format: seed === 1 ? 'numbered' : 'goose' }, SQLITE, 40, seed));
}

const KIND: HistoryKind = { dialect: 'sqlite', format: 'numbered' };
const TEN = Array.from({ length: 10 }, (_, i) => ({ name: `${i}`, text: `CREATE TABLE t${i} (id int);` }));

test('an edit in the middle starts from the nearest checkpoint', async (t) => {
  const checkpoints = new CheckpointFiles(temporaryFolder(t));
  const first = await incrementalShadow(t, KIND, checkpoints);
  await first.run(TEN.slice(0, 6), NO_HOOKS);
  const second = await incrementalShadow(t, KIND, checkpoints);
  const applied: number[] = [];
  const hooks = {
    ...NO_HOOKS,
    beforeMigration: async (_: string, index: number) => {
      applied.push(index);
      return undefined;
    },
  };
  const edited = [...TEN.slice(0, 8), { name: '8', text: 'CREATE TABLE other (id int);' }];
  await second.check(edited, { name: '9', text: 'DROP TABLE other;' }, hooks);
  assert.deepEqual(applied, [6, 7, 8]);
});

test('a damaged checkpoint is passed over, and what is known needs no engine', async (t) => {
  const folder = temporaryFolder(t);
  const checkpoints = new CheckpointFiles(folder);
  const first = await incrementalShadow(t, KIND, checkpoints);
  const known = await first.run(TEN, NO_HOOKS);
  const refuse = { ...NO_HOOKS, beforeMigration: () => Promise.reject(new Error('nothing is to be run')) };
  const again = await incrementalShadow(t, KIND, checkpoints);
  assert.deepEqual(await again.run(TEN, refuse), known);
  for (const name of readdirSync(folder))
    truncateSync(join(folder, name), statSync(join(folder, name)).size - 100);
  const third = await incrementalShadow(t, KIND, checkpoints);
  const { statements } = await third.check(
    TEN,
    { name: 'x', text: 'DROP TABLE t9; DROP TABLE t10;' },
    NO_HOOKS,
  );
  assert.deepEqual(statements.map(gist), ['works', '1:27 no such table: t10']);
});

test('an answer that is not wanted any more ends in order', async (t) => {
  const shadow = await incrementalShadow(t, KIND);
  const last = { name: 'x', text: 'DROP TABLE t3; CREATE TABLE t1 (id int);' };
  const stopAt = (what: 'before' | 'beforeMigration', at: number) => ({
    ...NO_HOOKS,
    [what]: async (...args: unknown[]) => {
      if (args.at(-1) === at) throw new Cancelled();
    },
  });
  await assert.rejects(shadow.check(TEN, last, stopAt('beforeMigration', 4)), Cancelled);
  await assert.rejects(shadow.check(TEN, last, stopAt('before', 1)), Cancelled);
  const { statements } = await shadow.check(TEN, last, NO_HOOKS);
  assert.deepEqual(statements.map(gist), ['works', '1:29 table t1 already exists']);
});
