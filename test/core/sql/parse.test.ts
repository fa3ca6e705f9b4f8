import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Dialect } from '../../../core/contract/event.ts';
import { loadParsers, parseSql } from '../../../core/sql/parse.ts';

before(loadParsers);

/** `operation objects…`, `!` in front where it loses data; statements joined by ` ; `. */
function operations(sql: string, dialect: Dialect = 'postgres'): string {
  return parseSql(sql, dialect)
    .statements.map(({ operations: found }) =>
      found
        .map(({ name, objects, destructive }) => [`${destructive ? '!' : ''}${name}`, ...objects].join(' '))
        .join(' + '),
    )
    .join(' ; ');
}

const postgres: [string, string][] = [
  ['CREATE TABLE users (id int)', 'create_table public.users'],
  [
    'CREATE TABLE app.users (id int); DROP TABLE app.users, b',
    'create_table app.users ; !drop_table app.users public.b',
  ],
  ['CREATE TABLE m1 PARTITION OF m FOR VALUES IN (1)', 'create_partition public.m1'],
  ['ALTER TABLE u ADD COLUMN a int, DROP COLUMN b', 'add_column public.u + !drop_column public.u'],
  [
    'ALTER TABLE u ALTER a TYPE text, ALTER a SET NOT NULL, ALTER b DROP NOT NULL',
    'alter_column_type public.u + set_not_null public.u + drop_not_null public.u',
  ],
  [
    'ALTER TABLE u ALTER a SET DEFAULT 1, ALTER b DROP DEFAULT',
    'set_default public.u + drop_default public.u',
  ],
  ['ALTER TABLE u ADD PRIMARY KEY (id)', 'add_primary_key public.u'],
  ['ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES b', 'add_foreign_key public.u'],
  ['ALTER TABLE u ADD UNIQUE (a), ADD CHECK (a > 0)', 'add_unique public.u + add_check public.u'],
  [
    'ALTER TABLE u DROP CONSTRAINT c, VALIDATE CONSTRAINT d',
    'drop_constraint public.u + validate_constraint public.u',
  ],
  ['ALTER TABLE u RENAME TO v', 'rename_table public.u'],
  ['ALTER TABLE u RENAME a TO b', 'rename_column public.u'],
  ['ALTER TABLE u ENABLE ROW LEVEL SECURITY', 'enable_row_security public.u'],
  ['CREATE INDEX i ON u (a)', 'create_index public.u'],
  ['CREATE UNIQUE INDEX CONCURRENTLY i ON u (a)', 'create_unique_index_concurrently public.u'],
  ['DROP INDEX CONCURRENTLY i', 'drop_index_concurrently public.i'],
  [
    "CREATE TYPE mood AS ENUM ('a'); ALTER TYPE mood ADD VALUE 'b'",
    'create_type public.mood ; add_enum_value public.mood',
  ],
  [
    'INSERT INTO u VALUES (1); UPDATE u SET a = 1; DELETE FROM u',
    'insert public.u ; update public.u ; !delete public.u',
  ],
  ['TRUNCATE u, v', '!truncate public.u public.v'],
  [
    'CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1',
    'create_view public.v ; create_materialized_view_as public.m',
  ],
  ['DROP TRIGGER t ON u; DROP POLICY p ON app.u', 'drop_trigger public.u ; drop_policy app.u'],
  ['CREATE TRIGGER t AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION f()', 'create_trigger public.u'],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; SELECT 2 $$', 'create_function public.f'],
  ['DO $$ BEGIN PERFORM 1; END $$', 'do_block'],
  ['CREATE EXTENSION "uuid-ossp"; CREATE SCHEMA app', 'create_extension uuid-ossp ; create_schema app'],
  ['BEGIN; COMMIT', 'begin ; commit'],
  ["SET lock_timeout = '1s'", 'set'],
  ['GRANT SELECT ON u TO bob; REVOKE ALL ON u FROM bob', 'grant public.u ; revoke public.u'],
  ["COMMENT ON TABLE u IS 'x'", 'comment_on_table public.u'],
];

test('what PostgreSQL statements do', () => {
  for (const [sql, expected] of postgres) assert.equal(operations(sql), expected, sql);
});

const others: [Dialect, string, string][] = [
  ['mysql', 'CREATE TABLE `users` (`id` int) ENGINE=InnoDB', 'create_table users'],
  [
    'mysql',
    'ALTER TABLE `a`.`b` ADD COLUMN c int; ALTER TABLE b DROP COLUMN c',
    'add_column a.b ; !drop_column b',
  ],
  ['mysql', 'INSERT INTO t VALUES (\'a;b\', "c;d"); # note ; \nDELETE FROM t', 'insert t ; !delete t'],
  ['sqlite', 'CREATE TABLE IF NOT EXISTS "users" (id integer)', 'create_table users'],
  [
    'sqlite',
    'CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END; DROP TABLE t',
    'create_trigger t ; !drop_table t',
  ],
  [
    'sqlite',
    'CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t RENAME TO u',
    'create_unique_index t ; rename_table t',
  ],
  ['clickhouse', 'ALTER TABLE t ADD COLUMN c String', 'add_column t'],
];

test('what statements of other dialects do', () => {
  for (const [dialect, sql, expected] of others) assert.equal(operations(sql, dialect), expected, sql);
});

test('places are those of the file, in UTF-16 units, whatever stands before', () => {
  const text =
    "-- Grüße 🚢\nCREATE TABLE a (\n  id int\n);\n\n/* 🚢 */ INSERT INTO a VALUES (1) -- ü\n; SELECT 'é'";
  const { statements } = parseSql(text, 'postgres');
  assert.deepEqual(
    statements.map(({ line, endLine }) => [line, endLine]),
    [
      [2, 4],
      [6, 6],
      [7, 7],
    ],
  );
  for (const { text: part, start, end } of statements) assert.equal(text.slice(start, end), part);
  assert.deepEqual(
    statements.map((statement) => statement.text.split(' ')[0]),
    ['CREATE', 'INSERT', 'SELECT'],
  );
});

test('a broken statement hides none of the others and says where it is', () => {
  const text = 'CREATE TABLE a (id int);\nCREATE TABLE 🚢 (id int;\nCREATE TABLE c (id int);\nSELEC 1';
  const { statements, problems } = parseSql(text, 'postgres');
  assert.deepEqual(
    statements.map(({ kind, index, line }) => [index, kind, line]),
    [
      [0, 'Create', 1],
      [1, 'Unknown', 2],
      [2, 'Create', 3],
      [3, 'Unknown', 4],
    ],
  );
  assert.deepEqual(
    problems.map(({ line, message }) => [line, message]),
    [
      [2, 'syntax error at or near ";"'],
      [4, 'syntax error at or near "SELEC"'],
    ],
  );
  assert.equal(text.charAt(problems[0]?.position ?? 0), ';');
});

test('odd input never throws', () => {
  for (const text of [
    '',
    ' \n',
    '--',
    '/* open',
    "'open",
    '$$open',
    '"open',
    ';;;',
    '\u0000',
    '\ud800',
    '()'.repeat(5_000),
    'SELECT '.repeat(3_000),
  ]) {
    for (const dialect of ['postgres', 'mysql', 'sqlite', 'unknown'] as const)
      assert.ok(parseSql(text, dialect));
  }
});
