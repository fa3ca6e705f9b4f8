/** The connector on a real MariaDB. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import mysql from 'mysql2/promise';
import { nameOf } from '../../../core/schema/snapshot.ts';
import { mariadb, startMariadb } from '../../support/mariadb.ts';
import { needs } from '../../support/requirements.ts';
import { cleanup } from '../../support/temp.ts';
import { assertNothingElse, connect, outcomes, run } from './connector-support.ts';

test('the connector reads, measures and tries out on MariaDB', needs(mariadb()), async (t) => {
  const url = await startMariadb(t);
  const admin = await mysql.createConnection(url);
  cleanup(t, () => admin.end());
  for (const sql of [
    `CREATE TABLE people (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, city varchar(40) NOT NULL,
       email varchar(190), note text, UNIQUE KEY email (email), KEY city (city(10)), CHECK (city <> ''))`,
    `CREATE TABLE pets (id bigint PRIMARY KEY, owner int unsigned, CONSTRAINT pets_owner FOREIGN KEY (owner)
       REFERENCES people (id) ON DELETE CASCADE)`,
    `INSERT INTO people (city, email, note) SELECT CONCAT('city ', seq % 10), CONCAT(seq, '@example.com'),
       IF(seq % 4 = 0, 'a secret value', NULL) FROM seq_1_to_2000`,
    'CREATE VIEW happy AS SELECT id FROM people',
    'CREATE TABLE plain (id int) ENGINE=Aria',
  ])
    await admin.query(sql);
  const connector = connect(t, url);
  const here = { connector, dialect: 'mysql' as const };

  await t.test('facts and schema', async () => {
    const { product, version, database } = await connector.facts();
    assert.deepEqual([product, database], ['MariaDB', 'test']);
    assert.match(version, /^1[01]\.\d+\.\d+$/);
    const { relations } = await connector.snapshot();
    assert.deepEqual(relations.map((relation) => `${relation.kind} ${nameOf(relation)}`).sort(), [
      'table test.people',
      'table test.pets',
      'table test.plain',
      'view test.happy',
    ]);
    const people = relations.find(({ name }) => name === 'people');
    assert.equal(
      people?.indexes.find(({ name }) => name === 'city')?.definition,
      'INDEX (city(10)) USING BTREE',
    );
    assert.deepEqual(people?.columns[0], {
      name: 'id',
      type: 'int(10) unsigned',
      nullable: false,
      expression: 'auto_increment',
    });
    const pets = relations.find(({ name }) => name === 'pets');
    assert.match(
      pets?.constraints.find(({ name }) => name === 'pets_owner')?.definition ?? '',
      /FOREIGN KEY \(owner\) REFERENCES people \(id\) ON DELETE CASCADE/,
    );
  });

  await t.test('statistics without any value of a row', async () => {
    const file = await connector.statistics();
    assertNothingElse(file);
    assert.match(file.serverVersion, /-MariaDB$/);
    for (const value of ['secret', 'example.com', 'city 3']) assert.ok(!JSON.stringify(file).includes(value));
    const people = file.tables.find(({ relation }) => relation === 'test.people');
    assert.equal(people?.rows, 2_000);
    assert.deepEqual(
      people?.columns.map(({ name, distinct, nullFraction }) => [name, distinct, nullFraction]),
      [
        ['id', -1, 0],
        ['city', 10, 0],
        ['email', -1, 0],
        ['note', 1, 0.75],
      ],
    );
  });

  await t.test('a run: what was done before a failure stays, for definitions commit', async () => {
    const bad = await run(
      here,
      'ALTER TABLE pets ADD COLUMN a int; INSERT INTO pets (id, owner) VALUES (1, 99999);',
    );
    assert.equal(outcomes(bad), 'succeeded failed');
    assert.equal(bad.statements[1]?.error?.sqlState, '23000');
  });

  await t.test('a run that waits for a metadata lock says so', async () => {
    const other = await mysql.createConnection(url);
    await other.query('START TRANSACTION');
    await other.query('SELECT * FROM people LIMIT 1');
    const gaveUp = await run(here, 'ALTER TABLE people ADD COLUMN b int', { lockTimeoutMs: 1_000 });
    await other.end();
    const [statement] = gaveUp.statements;
    assert.equal(statement?.outcome, 'failed');
    assert.equal(statement?.waits[0]?.mode, 'table metadata lock');
    assert.equal(statement?.waits[0]?.relation, 'people');
  });

  await t.test('a dry run tries rows only, and only where they can be undone', async () => {
    const dry = await run(
      here,
      `UPDATE people SET city = 'x'; ALTER TABLE people ADD COLUMN c int; INSERT INTO plain VALUES (1); SET autocommit = 1`,
      { dryRun: true },
    );
    assert.equal(outcomes(dry), 'rolled_back skipped skipped skipped');
    assert.match(dry.statements[1]?.reason ?? '', /commits by itself/);
    assert.match(dry.statements[2]?.reason ?? '', /has no transactions/);
    const [rows] = await admin.query("SELECT COUNT(*) AS n FROM people WHERE city = 'x'");
    assert.deepEqual(rows, [{ n: 0 }]);
  });
});
