/** Statistics and measured runs on SQLite files. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { nameOf } from '../../../core/schema/snapshot.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { assertNothingElse, connect, outcomes, run } from './connector-support.ts';

function scene(t: TestContext) {
  const path = join(temporaryFolder(t), 'shop.sqlite');
  const db = new DatabaseSync(path);
  db.exec(`CREATE TABLE a (id INTEGER PRIMARY KEY, kind TEXT, note TEXT); CREATE UNIQUE INDEX a_kind ON a (id, kind);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    INSERT INTO a SELECT i, 'kind ' || (i % 5), iif(i % 2, NULL, 'a secret value') FROM n;`);
  db.close();
  const open = () => new DatabaseSync(path);
  return { path, open, dialect: 'sqlite' as const, connector: connect(t, `sqlite:${path}`) };
}

test('facts, schema and statistics of a file, without any value of a row', async (t) => {
  const { connector } = scene(t);
  const { product, bytes } = await connector.facts();
  assert.deepEqual([product, bytes > 10_000], ['SQLite', true]);
  const snapshot = await connector.snapshot();
  assert.deepEqual(
    snapshot.relations.map((relation) => [nameOf(relation), relation.columns.length]),
    [['main.a', 3]],
  );
  const file = await connector.statistics();
  assertNothingElse(file);
  assert.ok(!JSON.stringify(file).includes('secret'));
  const [table] = file.tables;
  assert.deepEqual([table?.relation, table?.rows], ['main.a', 1_000]);
  assert.ok((table?.bytes ?? 0) > 10_000 && (table?.indexBytes ?? 0) > 4_000);
  assert.deepEqual(
    table?.columns.map(({ distinct, nullFraction }) => [distinct, nullFraction]),
    [
      [-1, 0],
      [5, 0],
      [1, 0.5],
    ],
  );
});

test('a run is measured; one that fails is undone; a dry run leaves the file as it was', async (t) => {
  const { open, ...here } = scene(t);
  const columns = () => {
    const db = open();
    const found = db.prepare("SELECT count(*) AS n FROM pragma_table_info('a')").get()?.n;
    db.close();
    return found;
  };
  const good = await run(here, 'ALTER TABLE a ADD COLUMN b INT; UPDATE a SET b = 1 WHERE id < 11;');
  assert.equal(good.outcome, 'succeeded');
  assert.deepEqual(good.statements[1]?.locks, [{ relation: 'main', mode: 'RESERVED' }]);
  assert.deepEqual([good.statements[1]?.rows, columns()], [10, 4]);

  const bad = await run(here, 'ALTER TABLE a ADD COLUMN c INT; INSERT INTO a (id) VALUES (1);');
  assert.deepEqual([outcomes(bad), columns()], ['rolled_back failed', 4]);
  assert.match(bad.statements[1]?.error?.message ?? '', /UNIQUE constraint failed/);

  const dry = await run(here, 'ALTER TABLE a DROP COLUMN b; VACUUM; PRAGMA user_version = 7; COMMIT;', {
    dryRun: true,
  });
  assert.deepEqual([outcomes(dry), columns()], ['rolled_back skipped skipped skipped', 4]);
});

test('a file that is not there is not made', async (t) => {
  const connector = connect(t, `sqlite:${join(temporaryFolder(t), 'none.sqlite')}`);
  await assert.rejects(connector.facts(), /there is no file/);
});
