/** Where others are wrong: statements that look bad and are not, and bad ones that hide. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { FileToCheck } from '../../../core/check/analysed.ts';
import { type CheckOptions, checkFiles } from '../../../core/check/check.ts';
import { findingsOf } from '../../../core/check/result.ts';
import type { Runner } from '../../../core/check/runner.ts';
import { loadParsers } from '../../../core/sql/parse.ts';
import { readStatistics } from '../../../core/statistics/read.ts';
import { StatisticsIndex } from '../../../core/statistics/statistics.ts';

before(loadParsers);

const SETUP = `CREATE TYPE state AS ENUM ('open');
CREATE TABLE users (id bigint PRIMARY KEY, email text, name varchar(50), age int, state state);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, total int);
CREATE TABLE parts (id bigint, at date) PARTITION BY RANGE (at);`;
const WRAPPED: Runner = { title: 'the tool', wrapping: 'file' };
const SCRIPT: Runner = { title: 'the tool', wrapping: 'script' };

function found(sql: string | string[], runner?: Runner, options: CheckOptions = {}): string[] {
  const files: FileToCheck[] = [
    { path: 'setup.sql', text: SETUP, dialect: 'postgres', applied: true },
    ...[sql].flat().map(
      (text, i): FileToCheck => ({
        path: `${i}.sql`,
        text,
        dialect: 'postgres',
        applied: false,
        ...(runner ? { runner } : {}),
      }),
    ),
  ];
  return checkFiles(files, options)
    .files.flatMap(findingsOf)
    .map(({ rule, severity }) => `${rule} ${severity}`);
}

const QUIET: [name: string, sql: string | string[], runner?: Runner][] = [
  [
    'a table of the same migration',
    'CREATE TABLE n (a int);\nCREATE INDEX ON n (a);\nALTER TABLE n ADD CHECK (a > 0);',
    WRAPPED,
  ],
  [
    'a table made by SELECT',
    'CREATE TABLE n AS SELECT 1 AS a;\nCREATE INDEX ON n (a);\nUPDATE n SET a = 2;',
    WRAPPED,
  ],
  [
    'made, then renamed',
    'CREATE TABLE n (a int);\nALTER TABLE n RENAME TO m;\nCREATE INDEX ON m (a);\nDROP TABLE m;',
  ],
  ['a default that is kept once', 'ALTER TABLE users ADD COLUMN at timestamptz NOT NULL DEFAULT now();'],
  ['a constant default', "ALTER TABLE users ADD COLUMN note text NOT NULL DEFAULT 'x';"],
  [
    'UNIQUE USING INDEX',
    [
      'CREATE UNIQUE INDEX CONCURRENTLY u ON users (email);',
      'ALTER TABLE users ADD CONSTRAINT u UNIQUE USING INDEX u;',
    ],
  ],
  ['a wider varchar', 'ALTER TABLE users ALTER COLUMN name TYPE varchar(100);'],
  ['varchar to text', 'ALTER TABLE users ALTER COLUMN name TYPE text;'],
  ['a reference inside of a new column', 'ALTER TABLE orders ADD COLUMN owner bigint REFERENCES users (id);'],
  ['one statement alone, sent as a script', 'CREATE INDEX CONCURRENTLY i ON users (email);', SCRIPT],
  [
    'SET NOT NULL with a proof',
    [
      'ALTER TABLE users ADD CONSTRAINT c CHECK (email IS NOT NULL) NOT VALID;',
      'ALTER TABLE users VALIDATE CONSTRAINT c;',
      'ALTER TABLE users ALTER COLUMN email SET NOT NULL;',
    ],
  ],
  [
    'NOT VALID, then VALIDATE behind a COMMIT',
    'BEGIN;\nALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID;\nCOMMIT;\nALTER TABLE orders VALIDATE CONSTRAINT c;',
  ],
  [
    'an enum value of a type of the same transaction',
    "CREATE TYPE mood AS ENUM ('a');\nALTER TYPE mood ADD VALUE 'b';\nCREATE TABLE n (m mood DEFAULT 'b');",
    WRAPPED,
  ],
  ['an enum value that is not used', "ALTER TYPE state ADD VALUE 'closed';", WRAPPED],
  ['an index of a partitioned table without partitions', 'CREATE INDEX ON parts (id);'],
  ['a partition', "CREATE TABLE p PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');"],
  [
    'single rows',
    'UPDATE users SET age = 1 WHERE id = 5;\nDELETE FROM users WHERE id IN (1, 2);\nINSERT INTO users (id) VALUES (1);',
    WRAPPED,
  ],
  [
    'functions and triggers',
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\nCREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();',
    WRAPPED,
  ],
  [
    'a view that is dropped and made again',
    'CREATE VIEW v AS SELECT 1 AS a;\nDROP VIEW v;\nCREATE VIEW v AS SELECT 2 AS a;',
    WRAPPED,
  ],
  [
    'DROP TYPE … CASCADE of a type that no column has any more',
    "CREATE TYPE next AS ENUM ('open');\nALTER TABLE users ALTER COLUMN state TYPE next USING state::text::next; -- aibos-ignore-line column-type-rewrites: ten rows\nDROP TYPE state CASCADE;",
  ],
  [
    'DROP VIEW … CASCADE that names all of them',
    ['CREATE VIEW v AS SELECT id FROM users;\nCREATE VIEW w AS SELECT id FROM v;', 'DROP VIEW v, w CASCADE;'],
  ],
  [
    'DROP NOT NULL and defaults',
    'ALTER TABLE users ALTER COLUMN email DROP NOT NULL, ALTER COLUMN age SET DEFAULT 1;',
  ],
  ['comments and grants', "COMMENT ON TABLE users IS 'x';\nGRANT SELECT ON users TO PUBLIC;"],
  [
    'a swap that leaves a view',
    'ALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people;',
    WRAPPED,
  ],
];
for (const [name, sql, runner] of QUIET)
  test(`nothing is found: ${name}`, () => {
    assert.deepEqual(found(sql, runner), []);
  });

const LOUD: [name: string, sql: string, expected: string[], runner?: Runner][] = [
  [
    'two CONCURRENTLY sent as one script',
    'CREATE INDEX CONCURRENTLY a ON users (email);\nCREATE INDEX CONCURRENTLY b ON users (name);',
    ['not-in-transaction error', 'not-in-transaction error'],
    SCRIPT,
  ],
  [
    'UNIQUE inside of a new column',
    'ALTER TABLE users ADD COLUMN code text UNIQUE;',
    ['unique-builds-index warning'],
  ],
  [
    'CHECK inside of a new column',
    'ALTER TABLE users ADD COLUMN code text CHECK (code > 0::text);',
    ['check-validates warning'],
  ],
  ['a primary key', 'ALTER TABLE parts ADD PRIMARY KEY (id, at);', ['unique-builds-index warning']],
  [
    'a default that differs by row',
    'ALTER TABLE users ADD COLUMN at timestamptz DEFAULT clock_timestamp();',
    ['new-column-rewrites warning'],
  ],
  ['a serial', 'ALTER TABLE users ADD COLUMN n bigserial;', ['new-column-rewrites warning']],
  [
    'a table made in an earlier transaction of the file',
    'BEGIN;\nCREATE INDEX i ON users (email);\nCOMMIT;',
    ['index-not-concurrent warning'],
  ],
  ['BEGIN that nobody ends', 'BEGIN;\nALTER TABLE users ADD COLUMN x int;', ['transaction-not-closed error']],
  [
    'an enum value used in an INSERT',
    "ALTER TYPE state ADD VALUE 'closed';\nINSERT INTO users (id, state) VALUES (1, 'closed');",
    ['enum-value-in-same-transaction error'],
    WRAPPED,
  ],
  [
    'a backfill of a column just added',
    'ALTER TABLE users ADD COLUMN x int;\nUPDATE users SET x = 1 WHERE x IS NULL;',
    ['changes-every-row warning'],
    WRAPPED,
  ],
  ['DROP TYPE … CASCADE that takes a column along', 'DROP TYPE state CASCADE;', ['drop-cascade warning']],
  [
    'a foreign key of a table that is filled from one that is there',
    'CREATE TABLE n AS SELECT id FROM users;\nALTER TABLE n ADD FOREIGN KEY (id) REFERENCES users (id);',
    ['foreign-key-validates warning'],
    WRAPPED,
  ],
  ['VACUUM in a transaction', 'VACUUM users;', ['not-in-transaction error'], WRAPPED],
];
for (const [name, sql, expected, runner] of LOUD)
  test(`found: ${name}`, () => {
    assert.deepEqual(found(sql, runner), expected);
  });

/** What is said of one statement, and what it proposes. */
function said(setup: string, sql: string): { message: string; fix?: string }[] {
  const file = (path: string, text: string, applied: boolean): FileToCheck => ({
    path,
    text,
    dialect: 'postgres',
    applied,
  });
  const { files } = checkFiles([file('setup.sql', setup, true), file('change.sql', sql, false)], {});
  return files.flatMap(findingsOf);
}

test('a table that is dropped and made again: the rows are gone, code still finds it', () => {
  const setup = 'CREATE TABLE cache (id int);\nINSERT INTO cache VALUES (1);';
  for (const made of [
    'CREATE TABLE cache AS SELECT 1 AS id;',
    'CREATE TABLE cache (id int);',
    'CREATE TABLE n (id int);\nALTER TABLE n RENAME TO cache;',
  ]) {
    const [finding] = said(setup, `DROP TABLE cache;\n${made}`);
    assert.equal(finding?.message, 'public.cache: all rows are gone afterwards.');
    assert.equal(finding?.fix, undefined);
  }
});

test('a column that is dropped and added again is not relaxed first: both cannot be there', () => {
  const setup = 'CREATE TABLE items (id int, value text NOT NULL);';
  const fix =
    said(setup, 'ALTER TABLE items DROP COLUMN value, ADD COLUMN value bytea NOT NULL;')[0]?.fix ?? '';
  assert.ok(fix.indexOf('DROP COLUMN value') < fix.indexOf('ADD COLUMN value'), fix);
  assert.doesNotMatch(fix, /ALTER COLUMN value DROP NOT NULL/);
});

test('a unique constraint is dropped once the key that takes its place stands', () => {
  const setup =
    'CREATE TABLE likes (id int PRIMARY KEY, post int NOT NULL, CONSTRAINT one_post UNIQUE (post));';
  const change = 'ALTER TABLE likes DROP COLUMN id, ADD PRIMARY KEY (post), DROP CONSTRAINT one_post;';
  const fix = said(setup, change).find((finding) => finding.fix)?.fix ?? '';
  assert.ok(fix.indexOf('PRIMARY KEY USING INDEX') < fix.indexOf('DROP CONSTRAINT one_post'), fix);
});

test('a foreign key next to a new column: reads wait too', () => {
  const setup = 'CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (id int);';
  const change = 'ALTER TABLE b ADD COLUMN a int, ADD FOREIGN KEY (a) REFERENCES a (id);';
  assert.match(
    said(setup, change)[0]?.message ?? '',
    /while nobody can use public\.b and writes to public\.a wait\.$/,
  );
});

test('size decides: nothing on an empty table, a note on a tiny one, an error on a large one', () => {
  const statistics = (rows: number, bytes: number) =>
    new StatisticsIndex(
      readStatistics(
        JSON.stringify({
          version: 1,
          dialect: 'postgres',
          serverVersion: '15.4',
          tables: [{ relation: 'public.users', rows, bytes, indexBytes: 0, columns: [] }],
        }),
      ),
    );
  const of = (rows: number, bytes: number) =>
    found('CREATE INDEX i ON users (email);', undefined, { statistics: statistics(rows, bytes) });
  assert.deepEqual(of(0, 0), []);
  assert.deepEqual(of(500, 65_536), ['index-not-concurrent info']);
  assert.deepEqual(of(200_000, 50_000_000), ['index-not-concurrent warning']);
  assert.deepEqual(of(5_000_000, 900_000_000), ['index-not-concurrent error']);
});

test('a severity that is asked for counts, off is off', () => {
  const sql = 'ALTER TABLE users DROP COLUMN age;';
  assert.deepEqual(found(sql, undefined, { severities: { 'drop-column': 'error' } }), ['drop-column error']);
  assert.deepEqual(found(sql, undefined, { severities: { 'drop-column': 'off' } }), []);
  const timeout = { severities: { 'lock-timeout-missing': 'warning' } } as const;
  const twice = 'ALTER TABLE users ADD COLUMN x int;\nALTER TABLE users ADD COLUMN y int;';
  assert.deepEqual(found(twice, undefined, timeout), ['lock-timeout-missing warning'], 'once a file');
  assert.deepEqual(found(`SET lock_timeout = '1s';\n${twice}`, undefined, timeout), []);
});

const COPIED = `ALTER TABLE users RENAME TO users_old;
CREATE TABLE users (id integer PRIMARY KEY, email varchar(320) NOT NULL);
INSERT INTO users (id, email) SELECT id, email FROM users_old;
DROP TABLE users_old;`;

for (const dialect of ['postgres', 'sqlite', 'mysql'] as const)
  test(`${dialect}: a table that is changed by copying it out of the way and back is no table lost`, () => {
    const setup = 'CREATE TABLE users (id integer PRIMARY KEY, email varchar(255));';
    const checked = (change: string) =>
      checkFiles(
        [
          { path: '1.sql', text: setup, dialect, applied: true },
          { path: '2.sql', text: change, dialect, applied: false },
        ],
        {},
      ).files.flatMap(findingsOf);
    const rules = (change: string) => checked(change).map(({ rule }) => rule);
    assert.deepEqual(
      rules(COPIED).filter((rule) => /table/.test(rule)),
      [],
    );
    const some = COPIED.replace('FROM users_old;', 'FROM users_old WHERE id > 5;');
    assert.ok(rules(some).includes('drop-table'), 'only some of its rows are in the new one');
    assert.deepEqual(
      rules(COPIED.replace('FROM users_old;', 'FROM users_old ORDER BY id;')).filter((rule) =>
        /table/.test(rule),
      ),
      [],
    );
    assert.ok(rules(COPIED.replace(/INSERT.*\n/, '')).includes('drop-table'), 'its rows are nowhere');
    assert.ok(rules('ALTER TABLE users RENAME TO people;').includes('rename-table'));
    const again = checked('DROP TABLE users;\nCREATE TABLE users (id integer PRIMARY KEY);');
    assert.match(again[0]?.message ?? '', /users: all rows are gone afterwards\.$/);
  });

test('what libSQL adds to SQLite is read', () => {
  const { files } = checkFiles(
    [
      { path: '1.sql', text: 'CREATE TABLE t (a text);', dialect: 'sqlite', applied: true },
      {
        path: '2.sql',
        text: 'ALTER TABLE `t` ALTER COLUMN "a" TO "a" text NOT NULL;',
        dialect: 'sqlite',
        applied: false,
      },
    ],
    {},
  );
  assert.deepEqual(files.flatMap(findingsOf), []);
});
