import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { makeAnalyser, type StatementEffects } from '../../../core/effects/effects.ts';
import { loadParsers, parseSql } from '../../../core/sql/parse.ts';

before(loadParsers);

/** Effects of the last statement of a script, on the schema that those before it left. */
function effectsOf(sql: string, serverVersion?: number): StatementEffects {
  const { statements } = parseSql(sql, 'postgres');
  const analyser = makeAnalyser('postgres', serverVersion === undefined ? {} : { serverVersion });
  const last = statements.pop();
  assert.ok(last, 'there is a statement');
  for (const statement of statements) analyser.apply(statement);
  return analyser.analyse(last);
}

/** `relation MODE, …`, `+ rewrites`, `? what was not analysed`. */
function told({ locks, rewrites, unanalysed }: StatementEffects): string {
  return [
    locks.map(({ relation, mode }) => `${relation.replace('public.', '')} ${mode}`).join(', '),
    ...rewrites.map((relation) => `+ ${relation.replace('public.', '')}`),
    ...(unanalysed ? [`? ${unanalysed}`] : []),
  ]
    .filter(Boolean)
    .join(' ');
}

const BASE = `CREATE TABLE p (id int PRIMARY KEY);
  CREATE TABLE t (id serial PRIMARY KEY, p_id int REFERENCES p, name varchar(20), made timestamp);`;

const cases: [string, string][] = [
  ['ALTER TABLE t ADD COLUMN a timestamptz DEFAULT now()', 't ACCESS EXCLUSIVE'],
  ['ALTER TABLE t ADD COLUMN a timestamptz DEFAULT clock_timestamp()', 't ACCESS EXCLUSIVE + t'],
  ['ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid()', 't ACCESS EXCLUSIVE + t'],
  ['ALTER TABLE t ADD COLUMN a serial', 't ACCESS EXCLUSIVE + t'],
  ['ALTER TABLE t ALTER name TYPE varchar(40)', 't ACCESS EXCLUSIVE'],
  ['ALTER TABLE t ALTER name TYPE varchar(10)', 't ACCESS EXCLUSIVE + t'],
  ['ALTER TABLE t ALTER p_id TYPE bigint', 't ACCESS EXCLUSIVE, p ACCESS EXCLUSIVE + t'],
  ["SET timezone = 'Europe/Berlin'; ALTER TABLE t ALTER made TYPE timestamptz", 't ACCESS EXCLUSIVE + t'],
  ['ALTER TABLE t ALTER made TYPE timestamptz', 't ACCESS EXCLUSIVE'],
  ['CREATE TABLE n (t_id int REFERENCES t)', 't SHARE ROW EXCLUSIVE'],
  ['ALTER TABLE t DROP CONSTRAINT t_p_id_fkey', 't ACCESS EXCLUSIVE, p ACCESS EXCLUSIVE'],
  ['DROP TABLE t', 't ACCESS EXCLUSIVE, p ACCESS EXCLUSIVE'],
  ['DROP TABLE p CASCADE', 'p ACCESS EXCLUSIVE, t ACCESS EXCLUSIVE'],
  ['CREATE INDEX CONCURRENTLY ON t (name)', 't SHARE UPDATE EXCLUSIVE'],
  ['ALTER TABLE t RENAME TO u; ALTER TABLE u ADD a int', 'u ACCESS EXCLUSIVE'],
  ['CREATE VIEW v AS SELECT * FROM t; SELECT * FROM v', 'v ACCESS SHARE, t ACCESS SHARE'],
  ['CREATE TABLE t2 (LIKE t)', 't ACCESS SHARE'],
  ["CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t'", 't ACCESS SHARE'],
  ['SET search_path = app, public; CREATE TABLE app.t (id int); DROP TABLE t', 'app.t ACCESS EXCLUSIVE'],
  ['INSERT INTO t (p_id) VALUES (1)', 't ROW EXCLUSIVE, p ROW SHARE'],
  ['INSERT INTO t (p_id) SELECT id FROM p', 'p ACCESS SHARE, t ROW EXCLUSIVE'],
  ['DO $$ BEGIN ALTER TABLE t ADD COLUMN name int; EXCEPTION WHEN duplicate_column THEN NULL; END $$', ''],
  [
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'x') THEN CREATE TYPE x AS ENUM (); DROP TABLE t; END IF; END $$",
    't ACCESS EXCLUSIVE, p ACCESS EXCLUSIVE',
  ],
  [
    "DO $$ DECLARE n text; BEGIN FOREACH n IN ARRAY ARRAY['t', 'p'] LOOP EXECUTE format('ALTER TABLE %I ADD z int', n); END LOOP; END $$",
    't ACCESS EXCLUSIVE, p ACCESS EXCLUSIVE',
  ],
  [
    "DO $$ BEGIN EXECUTE (SELECT string_agg(x, ';') FROM (VALUES ('a')) AS v (x)); END $$",
    '? EXECUTE of a text that is put together when it runs',
  ],
  ['TRUNCATE p CASCADE', 'p ACCESS EXCLUSIVE, t ACCESS EXCLUSIVE + p + t'],
  [
    "DO $$ DECLARE c text; BEGIN SELECT con.conname INTO c FROM pg_constraint con JOIN pg_class rel ON rel.oid = con.conrelid WHERE rel.relname = 't' AND con.contype = 'f'; EXECUTE format('ALTER TABLE t DROP CONSTRAINT %I', c); END $$",
    't ACCESS EXCLUSIVE, p ACCESS EXCLUSIVE',
  ],
  [
    "DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE 'ALTER TABLE ' || quote_ident(r.tablename) || ' ENABLE ROW LEVEL SECURITY'; END LOOP; END $$",
    'p ACCESS EXCLUSIVE, t ACCESS EXCLUSIVE',
  ],
  [
    "DO $$ BEGIN IF (SELECT count(*) = 2 FROM pg_tables WHERE tablename IN ('t', 'nothing')) THEN DROP TABLE t; END IF; END $$",
    '',
  ],
  ["DO $$ BEGIN IF to_regclass('public.t') IS NULL THEN DROP TABLE p; END IF; END $$", ''],
  [
    "DO $$ BEGIN IF current_setting('server_version_num')::int >= 120000 THEN DROP TABLE t; END IF; END $$",
    't ACCESS EXCLUSIVE, p ACCESS EXCLUSIVE',
  ],
  [
    "SET check_function_bodies = false; CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t'",
    '',
  ],
  ['SET session_replication_role = replica; INSERT INTO t (p_id) VALUES (1)', 't ROW EXCLUSIVE'],
  ['INSERT INTO t (p_id) VALUES ((SELECT id FROM p LIMIT 1))', 'p ACCESS SHARE, t ROW EXCLUSIVE'],
  [
    'CREATE TABLE u (id uuid DEFAULT uuid_generate_v4()); CREATE EXTENSION "uuid-ossp"; DROP EXTENSION "uuid-ossp" CASCADE',
    'u ACCESS EXCLUSIVE',
  ],
  ['ALTER SEQUENCE elsewhere OWNER TO CURRENT_USER', ''],
  ['DROP TABLE IF EXISTS nothing', ''],
  ['CREATE TEMP TABLE x (id int); ALTER TABLE x ADD a int', ''],
];

test('locks and rewrites of statements, on the schema that is there', () => {
  assert.deepEqual(
    cases.map(([sql]) => [sql, told(effectsOf(BASE + sql))]),
    cases,
  );
});

test('a table that no statement made is taken to exist', () => {
  assert.equal(told(effectsOf('ALTER TABLE users ADD COLUMN a int')), 'users ACCESS EXCLUSIVE');
  assert.match(effectsOf('ALTER TABLE users DROP CONSTRAINT users_org_fkey').unanalysed ?? '', /points at/);
  assert.match(effectsOf('DROP INDEX users_name').unanalysed ?? '', /table of index/);
});

test('what holds for a version of the server only', () => {
  const check = `${BASE} ALTER TABLE t ADD CONSTRAINT c CHECK (name IS NOT NULL); ALTER TABLE t ALTER name SET NOT NULL`;
  assert.deepEqual(effectsOf(check, 11).scans, ['public.t']);
  assert.deepEqual(effectsOf(check, 12).scans, []);
  assert.equal(told(effectsOf(`${BASE} GRANT SELECT ON t TO PUBLIC`, 15)), '');
  assert.equal(told(effectsOf(`${BASE} GRANT SELECT ON t TO PUBLIC`, 18)), 't ACCESS SHARE');
  assert.match(
    effectsOf("CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'b'", 11).noTransaction ?? '',
    /12/,
  );
});

test('statistics of a live database say which tables have rows', () => {
  const { statements } = parseSql(`${BASE} DELETE FROM p WHERE id = 1`, 'postgres');
  const locksWith = (rows: boolean) => {
    const analyser = makeAnalyser('postgres', { hasRows: () => rows });
    const last = statements.at(-1);
    assert.ok(last);
    for (const statement of statements.slice(0, -1)) analyser.apply(statement);
    return told(analyser.analyse(last));
  };
  assert.equal(locksWith(false), 'p ROW EXCLUSIVE');
  assert.equal(locksWith(true), 'p ROW EXCLUSIVE, t ROW SHARE');
});

test('what is lost, what breaks, what the rows decide', () => {
  const drop = effectsOf(`${BASE} ALTER TABLE t DROP COLUMN name`);
  assert.deepEqual(
    [drop.dataLoss, drop.incompatible, drop.irreversible].map((list) => list[0]?.object),
    ['public.t.name', 'public.t.name', 'public.t.name'],
  );
  const unique = effectsOf(`${BASE} ALTER TABLE t ADD UNIQUE (name)`);
  assert.deepEqual(unique.dataDependent, [
    {
      object: 'public.t',
      message: 'fails if `name` of public.t has duplicates',
      columns: ['name'],
      sqlState: '23505',
    },
  ]);
  assert.equal(effectsOf(`${BASE} CREATE INDEX ON t (name)`).blocks, 'writes');
  assert.equal(effectsOf(`${BASE} DROP TABLE t`).blocks, 'reads_and_writes');
  assert.equal(effectsOf(`${BASE} CREATE INDEX CONCURRENTLY ON t (name)`).blocks, 'nothing');
});

test('judging a statement leaves the catalogue as it was', () => {
  const analyser = makeAnalyser('postgres');
  const picture = () =>
    JSON.stringify(
      [...analyser.catalogue.relations()].map(({ name, columns, constraints, indexes, views }) => [
        name,
        [...columns],
        [...constraints],
        [...indexes],
        views,
      ]),
    );
  for (const statement of parseSql(BASE, 'postgres').statements) analyser.apply(statement);
  const before = picture();
  for (const [sql] of cases)
    for (const statement of parseSql(sql, 'postgres').statements) {
      analyser.analyse(statement);
      assert.equal(picture(), before, sql);
    }
});

test('odd statements never throw', () => {
  for (const sql of [
    'ALTER TABLE',
    'DROP',
    '',
    'SELECT ((((',
    'CREATE TABLE t (); CREATE TABLE t ()',
    'DO $$ no plpgsql $$',
  ])
    for (const statement of parseSql(sql, 'postgres').statements) {
      const analyser = makeAnalyser('postgres');
      assert.doesNotThrow(() => {
        analyser.analyse(statement);
        analyser.apply(statement);
      }, sql);
    }
});
