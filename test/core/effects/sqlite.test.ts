/** Effects of SQLite's statements, beside what SQLite itself (sql.js) does with them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeAnalyser, type StatementEffects } from '../../../core/effects/effects.ts';
import { readAsset } from '../../../core/node/assets.ts';
import { parseSql } from '../../../core/sql/parse.ts';
import { loadSqlite } from '../../../core/store/sqlite.ts';

const SCHEMA = `
  CREATE TABLE p (id INTEGER PRIMARY KEY);
  CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, b TEXT UNIQUE, c TEXT, d INT CHECK (d > 0), e INT REFERENCES p(id),
    f TEXT, CHECK (f <> ''));
  CREATE INDEX t_c ON t (c);`;
const ROWS = `INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1, 'x', 'y', 1, 1, 'z');`;

function effects(sql: string): StatementEffects {
  const analyser = makeAnalyser('sqlite');
  const { statements } = parseSql(SCHEMA + sql, 'sqlite');
  const last = statements.pop();
  for (const statement of statements) analyser.apply(statement);
  assert.ok(last);
  return analyser.analyse(last);
}

const alterations = [
  'ALTER TABLE t ADD COLUMN x INT',
  'ALTER TABLE t ADD COLUMN x INT NOT NULL DEFAULT 3',
  'ALTER TABLE t ADD COLUMN x INT NOT NULL',
  'ALTER TABLE t ADD COLUMN x INT PRIMARY KEY',
  'ALTER TABLE t ADD COLUMN x INT UNIQUE',
  'ALTER TABLE t ADD COLUMN x TEXT DEFAULT CURRENT_TIMESTAMP',
  'ALTER TABLE t ADD COLUMN x TEXT DEFAULT (1 + 1)',
  'ALTER TABLE t ADD COLUMN x INT REFERENCES p (id)',
  'ALTER TABLE t ADD COLUMN x INT DEFAULT 1 REFERENCES p (id)',
  'ALTER TABLE t ADD COLUMN x INT AS (a + 1) STORED',
  'ALTER TABLE t ADD COLUMN x INT AS (a + 1) VIRTUAL',
  'ALTER TABLE t ADD COLUMN a INT',
  'ALTER TABLE t DROP COLUMN id',
  'ALTER TABLE t DROP COLUMN a',
  'ALTER TABLE t DROP COLUMN b',
  'ALTER TABLE t DROP COLUMN c',
  'ALTER TABLE t DROP COLUMN e',
  'ALTER TABLE t DROP COLUMN f',
  'ALTER TABLE t RENAME COLUMN a TO x',
  'ALTER TABLE t RENAME TO u',
];

test('what ALTER TABLE refuses always, and what only where there are rows, as SQLite itself does', async () => {
  const sqlite = await loadSqlite(await readAsset('sql-wasm.wasm'));
  const works = (sql: string, rows: string) => {
    const db = sqlite.open();
    try {
      db.script(`PRAGMA foreign_keys = ON; ${SCHEMA}${rows}`);
      db.script(sql);
      return true;
    } catch {
      return false;
    } finally {
      db.close();
    }
  };
  for (const sql of alterations) {
    const { fails, dataDependent } = effects(sql);
    assert.equal(works(sql, ''), fails === undefined, `${sql}: ${fails ?? 'said to work'}`);
    if (fails === undefined)
      assert.equal(
        works(sql, ROWS),
        dataDependent.length === 0,
        `${sql} with rows: ${JSON.stringify(dataDependent)}`,
      );
  }
});

test('DROP COLUMN writes the table anew, ADD COLUMN does not: counted in pages of the file', async () => {
  const sqlite = await loadSqlite(await readAsset('sql-wasm.wasm'));
  for (const sql of [
    'ALTER TABLE t DROP COLUMN a',
    'ALTER TABLE t ADD COLUMN x INT DEFAULT 1',
    'ALTER TABLE t RENAME COLUMN a TO x',
  ]) {
    const db = sqlite.open();
    db.script(`${SCHEMA} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO t SELECT i, i, i, i, i, NULL, 'a text of some length' FROM n;`);
    const before = db.image();
    db.script(sql);
    const after = db.image();
    db.close();
    const size = 4_096;
    let changed = 0;
    for (let at = 0; at < before.length; at += size)
      if (Buffer.compare(before.subarray(at, at + size), after.subarray(at, at + size)) !== 0) changed++;
    assert.equal(
      changed > before.length / size / 4,
      effects(sql).rewrites.length > 0,
      `${sql}: ${changed} pages`,
    );
  }
});

test('a table that is made anew in twelve steps loses only what the new one does not have', () => {
  const steps = `PRAGMA foreign_keys = OFF; CREATE TABLE new_t (id INTEGER PRIMARY KEY, a BIGINT, c TEXT);
    INSERT INTO new_t (id, a, c) SELECT id, a, c FROM t; DROP TABLE t`;
  const drop = effects(steps);
  assert.deepEqual(
    drop.dataLoss.map(({ object }) => object),
    ['t.b', 't.d', 't.e', 't.f'],
  );
  assert.deepEqual(drop.rewrites, ['t']);
  assert.deepEqual(effects(`${steps}; ALTER TABLE new_t RENAME TO t`).incompatible, []);
  assert.equal(effects('DROP TABLE t').dataLoss[0]?.object, 't');
  assert.equal(effects('ALTER TABLE t RENAME TO u').incompatible.length, 1);
});

test('who writes locks the whole database; reading and temporary tables lock nobody out', () => {
  const held = (sql: string) =>
    effects(sql)
      .locks.map(({ relation, mode }) => `${relation} ${mode}`)
      .join();
  assert.equal(held('UPDATE t SET a = 1'), 'main EXCLUSIVE');
  assert.equal(held('CREATE UNIQUE INDEX i ON t (a)'), 'main EXCLUSIVE');
  assert.equal(held('SELECT * FROM t'), '');
  assert.equal(held('CREATE TEMP TABLE x (a)'), '');
  assert.equal(effects('CREATE UNIQUE INDEX i ON t (a)').dataDependent[0]?.sqlState, '2067');
  assert.match(effects('VACUUM').noTransaction ?? '', /VACUUM/);
  assert.match(effects('ALTER TABLE t ALTER COLUMN a TYPE TEXT').unanalysed ?? '', /not read/);
});
