/** What a migration sets in its session does not reach the next one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadParsers } from '../../../core/node/parsers.ts';
import { PostgresShadow } from '../../../core/node/shadow/postgres.ts';
import { parseSql } from '../../../core/sql/parse.ts';
import { cleanup } from '../../support/temp.ts';

test('each migration runs in a session of its own, and the catalogue is read between them', async (t) => {
  await loadParsers();
  const shadow = await PostgresShadow.start();
  cleanup(t, () => shadow.close());
  const run = async (name: string, sql: string) => {
    const { statements } = parseSql(sql, 'postgres');
    const { statements: runs } = await shadow.run({ name, wrapping: 'none', statements });
    return runs.map(({ outcome, error }) => error?.sqlState ?? outcome);
  };
  await shadow.snapshot();
  const first = await run(
    '1',
    `CREATE SCHEMA shop; SET search_path = shop; CREATE TABLE orders (id int); PREPARE mine AS SELECT 1;
     CREATE TEMP TABLE scratch (id int); DECLARE c CURSOR WITH HOLD FOR SELECT 1; SET lock_timeout = '1s'`,
  );
  assert.deepEqual(first, Array(7).fill('succeeded'));
  const snapshot = await shadow.snapshot();
  assert.deepEqual(
    snapshot.relations.map(({ schema, name }) => `${schema}.${name}`),
    ['shop.orders'],
  );
  assert.deepEqual(await run('2', 'EXECUTE mine'), ['26000']);
  assert.deepEqual(await run('3', 'TABLE scratch'), ['42P01']);
  assert.deepEqual(await run('4', 'FETCH c'), ['34000']);
  assert.deepEqual(await run('5', 'CREATE TABLE orders (id int)'), ['succeeded']);
  assert.deepEqual(
    (await shadow.snapshot()).relations.map(({ schema, name }) => `${schema}.${name}`).sort(),
    ['public.orders', 'shop.orders'],
  );
});
