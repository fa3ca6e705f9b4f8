import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnalyserOptions, makeAnalyser, type StatementEffects } from '../../../core/effects/effects.ts';
import { parseSql } from '../../../core/sql/parse.ts';

const SCHEMA = `
  CREATE TABLE users (id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, email varchar(100) NOT NULL, name varchar(50),
    age smallint, kind enum('a','b') NOT NULL DEFAULT 'a', body text, KEY name (name)) DEFAULT CHARSET=utf8mb4;
  CREATE TABLE orders (id int PRIMARY KEY, user_id int unsigned, CONSTRAINT fk FOREIGN KEY (user_id) REFERENCES users (id));
  CREATE TABLE texts (id int PRIMARY KEY, body text, FULLTEXT KEY (body));`;

/** Effects of the last statement, behind the schema and the statements before it. */
function effects(sql: string, options: AnalyserOptions = {}): StatementEffects {
  const analyser = makeAnalyser('mysql', options);
  const { statements } = parseSql(SCHEMA + sql, 'mysql');
  const last = statements.pop();
  for (const statement of statements) analyser.apply(statement);
  assert.ok(last);
  return analyser.analyse(last);
}

/** `ALGORITHM LOCK`, `rebuild` where the table is written anew. */
function online(sql: string, options: AnalyserOptions): string {
  const { online: found, rewrites, unanalysed } = effects(sql, options);
  return found
    ? `${found.algorithm} ${found.lock}${rewrites.length > 0 ? ' rebuild' : ''}`
    : `none ${unanalysed}`;
}

/** Statement, MySQL 8.4, MariaDB 10.11; both from their manuals, the latter also from a server. */
const ways: [string, string, string][] = [
  ['ALTER TABLE users ADD COLUMN x int', 'INSTANT NONE', 'INSTANT NONE'],
  ['ALTER TABLE users ADD COLUMN x int FIRST', 'INSTANT NONE', 'INSTANT NONE'],
  ['ALTER TABLE texts ADD COLUMN x int', 'INPLACE SHARED rebuild', 'INPLACE SHARED rebuild'],
  ['ALTER TABLE users DROP COLUMN age', 'INSTANT NONE', 'INSTANT NONE'],
  ['ALTER TABLE users DROP COLUMN name', 'INPLACE NONE rebuild', 'NOCOPY NONE'],
  ['ALTER TABLE users RENAME COLUMN age TO years', 'INSTANT NONE', 'INSTANT NONE'],
  ['ALTER TABLE users CHANGE age years smallint', 'INSTANT NONE', 'INSTANT NONE'],
  ['ALTER TABLE users MODIFY age int', 'COPY SHARED rebuild', 'COPY SHARED rebuild'],
  ['ALTER TABLE users MODIFY name varchar(60)', 'INPLACE NONE', 'INSTANT NONE'],
  ['ALTER TABLE users MODIFY name varchar(64)', 'COPY SHARED rebuild', 'COPY SHARED rebuild'],
  ['ALTER TABLE users MODIFY name varchar(20)', 'COPY SHARED rebuild', 'COPY SHARED rebuild'],
  ['ALTER TABLE users MODIFY name varchar(50) NOT NULL', 'INPLACE NONE rebuild', 'INPLACE NONE rebuild'],
  ["ALTER TABLE users MODIFY kind enum('a','b','c') NOT NULL DEFAULT 'a'", 'INSTANT NONE', 'INSTANT NONE'],
  [
    "ALTER TABLE users MODIFY kind enum('c','a','b') NOT NULL DEFAULT 'a'",
    'COPY SHARED rebuild',
    'COPY SHARED rebuild',
  ],
  ['ALTER TABLE users ALTER COLUMN age SET DEFAULT 1', 'INSTANT NONE', 'INSTANT NONE'],
  ['ALTER TABLE users ADD INDEX i (age)', 'INPLACE NONE', 'NOCOPY NONE'],
  ['CREATE UNIQUE INDEX i ON users (email)', 'INPLACE NONE', 'NOCOPY NONE'],
  ['DROP INDEX name ON users', 'INPLACE NONE', 'NOCOPY NONE'],
  ['ALTER TABLE users ADD FULLTEXT INDEX f (body)', 'INPLACE SHARED', 'INPLACE SHARED rebuild'],
  [
    'ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)',
    'COPY SHARED rebuild',
    'COPY SHARED rebuild',
  ],
  [
    'SET FOREIGN_KEY_CHECKS=0; ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)',
    'INPLACE NONE',
    'NOCOPY NONE',
  ],
  ['ALTER TABLE orders DROP FOREIGN KEY fk', 'INPLACE NONE', 'INSTANT NONE'],
  ['ALTER TABLE users DROP PRIMARY KEY', 'COPY SHARED rebuild', 'COPY SHARED rebuild'],
  ['ALTER TABLE users CONVERT TO CHARACTER SET latin1', 'COPY SHARED rebuild', 'COPY SHARED rebuild'],
  ['ALTER TABLE users ENGINE=MyISAM', 'COPY SHARED rebuild', 'COPY SHARED rebuild'],
  ['ALTER TABLE users ADD COLUMN x int, ALGORITHM=COPY', 'COPY SHARED rebuild', 'COPY SHARED rebuild'],
  ['ALTER TABLE unknown MODIFY a int', 'COPY SHARED rebuild', 'COPY SHARED rebuild'],
];

test('how MySQL and MariaDB carry out definitions', () => {
  for (const [sql, mysql, mariadb] of ways) {
    assert.equal(online(sql, { product: 'mysql', serverVersion: 8.4 }), mysql, `MySQL: ${sql}`);
    assert.equal(online(sql, { product: 'mariadb', serverVersion: 10.11 }), mariadb, `MariaDB: ${sql}`);
  }
});

test('without a product the more cautious answer is given; old versions know less', () => {
  assert.equal(online('ALTER TABLE users DROP COLUMN name', {}), 'INPLACE NONE rebuild');
  assert.equal(
    online('ALTER TABLE users ADD COLUMN x int', { product: 'mysql', serverVersion: 5.7 }),
    'INPLACE NONE rebuild',
  );
  assert.equal(
    online('ALTER TABLE users DROP COLUMN age', { product: 'mariadb', serverVersion: 10.3 }),
    'INPLACE NONE rebuild',
  );
});

/** Locks as `relation mode`. */
const locks: [string, string][] = [
  ['INSERT INTO users (email) SELECT body FROM texts', 'users ROW EXCLUSIVE + texts ACCESS SHARE'],
  [
    'UPDATE orders o JOIN users u ON o.user_id = u.id SET o.user_id = u.id',
    'orders ROW EXCLUSIVE + users ACCESS SHARE',
  ],
  ['DELETE o FROM orders o JOIN users u ON o.user_id = u.id', 'orders ROW EXCLUSIVE + users ACCESS SHARE'],
  ['DELETE FROM orders WHERE user_id IN (SELECT id FROM users)', 'orders ROW EXCLUSIVE + users ACCESS SHARE'],
  ['RENAME TABLE users TO people', 'users ACCESS EXCLUSIVE'],
  ['TRUNCATE orders', 'orders ACCESS EXCLUSIVE'],
  ['ALTER TABLE users ADD COLUMN x int', 'users SHARE UPDATE EXCLUSIVE'],
  ['ALTER TABLE users MODIFY age int', 'users SHARE ROW EXCLUSIVE'],
  ['CREATE TABLE fresh (id int)', ''],
  ['CREATE TEMPORARY TABLE fresh (id int); ALTER TABLE fresh ADD x int', ''],
  ['LOCK TABLES users WRITE, orders READ', 'users ACCESS EXCLUSIVE + orders SHARE'],
  ['CREATE TRIGGER x BEFORE INSERT ON users FOR EACH ROW SET NEW.age = 1', 'users ACCESS EXCLUSIVE'],
];

test('locks', () => {
  for (const [sql, expected] of locks)
    assert.equal(
      effects(sql)
        .locks.map(({ relation, mode }) => `${relation} ${mode}`)
        .join(' + '),
      expected,
      sql,
    );
});

test('what is lost, what breaks, what the rows can make fail', () => {
  const states = (sql: string) =>
    effects(sql).dataDependent.map(({ columns, sqlState }) => `${columns} ${sqlState}`);
  assert.deepEqual(states('ALTER TABLE users ADD UNIQUE (email)'), ['email 23000']);
  assert.deepEqual(states('ALTER TABLE users MODIFY name varchar(50) NOT NULL'), ['name 22004']);
  assert.deepEqual(states('ALTER TABLE users MODIFY name varchar(20)'), ['name 22001']);
  assert.deepEqual(states('ALTER TABLE users MODIFY age tinyint'), ['age 22003']);
  assert.deepEqual(states('ALTER TABLE users MODIFY age int'), []);
  assert.deepEqual(states('DROP TABLE users'), [' HY000'], 'a foreign key points at it');
  const drop = effects('ALTER TABLE users DROP COLUMN name');
  assert.deepEqual([drop.dataLoss.length, drop.incompatible.length, drop.irreversible.length], [1, 1, 1]);
  assert.equal(effects('ALTER TABLE users ADD COLUMN x int NOT NULL').incompatible[0]?.object, 'users.x');
  assert.equal(
    effects('ALTER TABLE users ADD UNIQUE (email)', { hasRows: () => false }).dataDependent.length,
    0,
  );
});

test('definitions commit, statements on rows do not; what is not looked into is said', () => {
  assert.equal(effects('ALTER TABLE users ADD x int').implicitCommit, true);
  assert.equal(effects('UPDATE users SET age = 1').implicitCommit, undefined);
  assert.equal(effects('CREATE TEMPORARY TABLE x (id int)').implicitCommit, undefined);
  assert.match(effects('CALL everything()').unanalysed ?? '', /CALL/);
  assert.match(effects('ALTER TABLE users FROBNICATE').unanalysed ?? '', /not read/);
});
