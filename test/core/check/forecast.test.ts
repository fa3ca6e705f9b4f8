import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Forecaster } from '../../../core/check/forecast.ts';
import { loadParsers } from '../../../core/sql/parse.ts';

before(() => loadParsers());

const of = (forecaster: Forecaster, text: string) =>
  forecaster.forecast({ path: 'm.sql', text, dialect: 'postgres' });

test('what the schema so far refuses is expected to fail, and says why', () => {
  const forecaster = new Forecaster();
  const made = of(forecaster, 'CREATE TABLE t (id bigint);');
  assert.ok(made.failureProbability < 0.1, String(made.failureProbability));
  const again = of(forecaster, 'CREATE INDEX i ON t (id); ALTER TABLE t ADD COLUMN id int;');
  assert.ok(again.failureProbability > 0.8, String(again.failureProbability));
  assert.match(again.reasons.join(), /statement 2: .*id already/);
});

test('the tables of a shadow are empty until a migration fills them', () => {
  const forecaster = new Forecaster();
  of(forecaster, 'CREATE TABLE t (id bigint, name text);');
  const empty = of(forecaster, 'ALTER TABLE t ALTER COLUMN name SET NOT NULL;');
  of(forecaster, "INSERT INTO t VALUES (1, 'a');");
  const filled = of(forecaster, 'CREATE UNIQUE INDEX u ON t (name);');
  assert.ok(empty.failureProbability < filled.failureProbability);
});

test('what did not work leaves nothing behind: the next migration is not told that it is there', () => {
  const forecaster = new Forecaster();
  of(forecaster, 'CREATE TABLE t (id bigint, name text);');
  const failed = of(
    forecaster,
    'ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD CONSTRAINT u UNIQUE (name);',
  );
  const again = 'ALTER TABLE t ADD CONSTRAINT u UNIQUE (name);';
  failed.ranOnly((index) => index === 0);
  const second = of(forecaster, again);
  assert.ok(second.failureProbability < 0.5, `${second.failureProbability} ${second.reasons}`);
  second.ranOnly(() => true);
  assert.match(of(forecaster, again).reasons.join(), /u of public\.t is there already/);
  assert.match(of(forecaster, 'ALTER TABLE t ADD COLUMN a int;').reasons.join(), /a already/);
});

test('rows of an INSERT that failed are not there', () => {
  const forecaster = new Forecaster();
  of(forecaster, 'CREATE TABLE t (id bigint, name text);');
  const unique = 'CREATE UNIQUE INDEX CONCURRENTLY u ON t (name);';
  const empty = of(forecaster, unique);
  empty.ranOnly(() => false);
  of(forecaster, "INSERT INTO t VALUES (1, 'a');").ranOnly(() => false);
  assert.equal(of(forecaster, unique).failureProbability, empty.failureProbability);
});
