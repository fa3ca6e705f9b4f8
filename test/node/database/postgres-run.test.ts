/** Statistics and measured runs on a real PostgreSQL. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import { readStatistics } from '../../../core/statistics/read.ts';
import { startPostgres } from '../../support/postgres.ts';
import { cleanup } from '../../support/temp.ts';
import { assertNothingElse, connect, outcomes, run } from './connector-support.ts';

const SECRET = 'a-value-that-must-stay-here';

async function scene(t: TestContext) {
  const url = await startPostgres(t);
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  cleanup(t, () => admin.end());
  return { url, admin, connector: connect(t, url), dialect: 'postgres' as const };
}

test('statistics: analysed tables, never analysed ones, partitions; no value of any row', async (t) => {
  const { admin, connector } = await scene(t);
  await admin.query(`
    CREATE SCHEMA app;
    CREATE TABLE app.people (id int PRIMARY KEY, city text, email text, note text);
    INSERT INTO app.people SELECT n, 'city ' || n % 10, n || '@example.com', CASE WHEN n % 4 = 0 THEN '${SECRET}' END
      FROM generate_series(1, 2000) n;
    CREATE TABLE fresh (a int, b text); INSERT INTO fresh SELECT n % 7, '${SECRET}' || n FROM generate_series(1, 500) n;
    CREATE TABLE empty (a int);
    CREATE TABLE parted (k int, v int) PARTITION BY RANGE (k);
    CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (1000);
    INSERT INTO parted SELECT n, n % 3 FROM generate_series(0, 999) n;
    ANALYZE app.people;`);
  const file = await connector.statistics();
  assert.equal(file.dialect, 'postgres');
  assert.match(file.serverVersion, /^18\.\d+$/);
  assertNothingElse(file);
  assert.deepEqual(readStatistics(JSON.stringify(file)), file);
  for (const value of [SECRET, 'example.com', 'city 3'])
    assert.ok(!JSON.stringify(file).includes(value), `${value} left the server`);

  const table = (name: string) => file.tables.find(({ relation }) => relation === name);
  const columns = (name: string) =>
    Object.fromEntries((table(name)?.columns ?? []).map((column) => [column.name, column]));
  assert.equal(table('app.people')?.rows, 2_000);
  assert.ok((table('app.people')?.bytes ?? 0) > 50_000 && (table('app.people')?.indexBytes ?? 0) > 10_000);
  assert.deepEqual(
    [
      columns('app.people').id?.distinct,
      columns('app.people').city?.distinct,
      columns('app.people').email?.distinct,
    ],
    [-1, 10, -1],
  );
  assert.equal(columns('app.people').note?.nullFraction, 0.75);

  const { maxLength, castsTo } = columns('app.people').email ?? {};
  assert.deepEqual([maxLength, castsTo], [16, []]);

  assert.equal(table('public.fresh')?.rows, 500);
  const { nulls, exactDistinct, zero, maxDigits, ...sampled } = columns('public.fresh').a ?? {};
  assert.deepEqual(sampled, { name: 'a', nullFraction: 0, distinct: 7, avgWidth: 4, negative: 0 });
  assert.deepEqual([nulls, exactDistinct, zero, maxDigits], [0, 7, 71, 1]);
  assert.equal(columns('public.fresh').b?.distinct, -1);
  assert.deepEqual(table('public.empty')?.rows, 0);
  assert.deepEqual([table('public.parted')?.rows, columns('public.parted').k?.distinct], [1_000, -1]);
  assert.ok((table('public.parted')?.bytes ?? 0) >= (table('public.parted_1')?.bytes ?? 1));
});

test('a run says which locks each statement took, and what a failure was', async (t) => {
  const { admin, ...here } = await scene(t);
  await admin.query(
    'CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int, a_id int); INSERT INTO b VALUES (1, 9)',
  );
  const good = await run(
    here,
    'ALTER TABLE b ADD COLUMN x int; CREATE INDEX b_x ON b (x); CREATE TABLE c (id int); ALTER TABLE c ADD d int;',
  );
  assert.equal(good.outcome, 'succeeded');
  assert.deepEqual(
    good.statements.map(({ locks }) => locks.map(({ relation, mode }) => `${relation} ${mode}`)),
    [['public.b ACCESS EXCLUSIVE'], ['public.b SHARE'], [], []],
  );
  assert.ok(good.statements.every(({ durationMs }) => durationMs > 0));

  const bad = await run(
    here,
    'UPDATE b SET x = 1;\nALTER TABLE b ADD FOREIGN KEY (a_id) REFERENCES a;\nSELECT 1;',
  );
  assert.deepEqual(
    [bad.outcome, bad.failedStatement, outcomes(bad)],
    ['failed', 1, 'rolled_back failed skipped'],
  );
  assert.equal(bad.statements[1]?.error?.sqlState, '23503');
  assert.deepEqual(bad.statements[0]?.locks, [{ relation: 'public.b', mode: 'ROW EXCLUSIVE' }]);
  const { rows } = await admin.query('SELECT x FROM b');
  assert.deepEqual(rows, [{ x: null }], 'the transaction was undone');

  const single = await run(here, 'ALTER TABLE a ADD COLUMN y int; SELECT * FROM nowhere;', {
    wrapping: 'none',
  });
  assert.equal(outcomes(single), 'succeeded failed');
  assert.deepEqual(single.statements[0]?.locks, [{ relation: 'public.a', mode: 'ACCESS EXCLUSIVE' }]);
  assert.equal(
    single.statements[1]?.error?.position,
    'ALTER TABLE a ADD COLUMN y int; SELECT * FROM '.length,
  );

  const alone = await run(here, 'CREATE INDEX CONCURRENTLY a_y ON a (y);', { wrapping: 'none' });
  assert.equal(alone.outcome, 'succeeded');
});

test('a run that waits for a lock says for which, and gives up when told to', async (t) => {
  const { admin, ...here } = await scene(t);
  await admin.query('CREATE TABLE a (id int)');
  await admin.query('BEGIN; LOCK TABLE a IN ACCESS SHARE MODE');
  const gaveUp = await run(here, 'ALTER TABLE a ADD b int', { lockTimeoutMs: 300 });
  assert.equal(gaveUp.statements[0]?.error?.sqlState, '55P03');
  const [wait] = gaveUp.statements[0]?.waits ?? [];
  assert.deepEqual([wait?.relation, wait?.mode], ['public.a', 'ACCESS EXCLUSIVE']);
  assert.ok((wait?.waitedMs ?? 0) > 0);
});

test('a dry run leaves nothing behind, says what cannot be tried, and no COMMIT gets through', async (t) => {
  const { admin, ...here } = await scene(t);
  await admin.query('CREATE TABLE a (id int)');
  const dry = await run(
    here,
    `BEGIN; ALTER TABLE a ADD COLUMN b int; COMMIT; CREATE INDEX CONCURRENTLY i ON a (b); VACUUM a;
     DO $$ BEGIN COMMIT; END $$;`,
    { dryRun: true },
  );
  assert.equal(outcomes(dry), 'skipped rolled_back skipped skipped skipped failed');
  assert.match(dry.statements[3]?.reason ?? '', /CONCURRENTLY cannot run inside a transaction/);
  assert.equal(dry.statements[5]?.error?.sqlState, '2D000');
  const { rows } = await admin.query(
    `SELECT count(*)::int AS n FROM information_schema.columns WHERE table_name = 'a'`,
  );
  assert.deepEqual(rows, [{ n: 1 }]);

  const works = await run(here, 'ALTER TABLE a ADD COLUMN b int; INSERT INTO a VALUES (1, 2)', {
    dryRun: true,
  });
  assert.deepEqual([works.outcome, outcomes(works)], ['rolled_back', 'rolled_back rolled_back']);
});
