/** Statements of migrations, and what is risky about them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { risksOf } from '../../extension/server/recording/risks.ts';

const CASES: [sql: string, ...kinds: string[]][] = [
  ["CREATE ROLE app LOGIN PASSWORD 'hunter2'", 'password-in-clear'],
  ["ALTER USER app WITH PASSWORD 'x' SUPERUSER", 'password-in-clear', 'superuser'],
  ["CREATE USER a@h IDENTIFIED BY 'x'", 'password-in-clear'],
  ['CREATE ROLE admin SUPERUSER', 'superuser'],
  ['CREATE ROLE app NOSUPERUSER LOGIN'],
  ['ALTER ROLE app BYPASSRLS', 'superuser'],
  ['GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC', 'grant-to-everybody'],
  ['GRANT SELECT ON orders TO reader, public', 'grant-to-everybody'],
  ['GRANT USAGE ON SCHEMA app TO PUBLIC'],
  ['GRANT SELECT ON public.orders TO reader'],
  ['REVOKE ALL ON orders FROM PUBLIC'],
  ['CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$', 'unsafe-definer'],
  [
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$ SELECT 1 $$',
  ],
  ['ALTER TABLE t DISABLE ROW LEVEL SECURITY', 'row-security-off'],
  ["INSERT INTO keys VALUES ('sk_live_abcdefghijklmnop')", 'secret-in-clear'],
  ['CREATE TABLE users (id int, password text, superuser boolean)'],
  ['-- GRANT ALL TO PUBLIC\nCREATE TABLE t (id int)'],
  ["COMMENT ON TABLE t IS 'SECURITY DEFINER'"],
];

for (const [sql, ...kinds] of CASES)
  test(sql, () =>
    assert.deepEqual(
      risksOf({ text: sql }, 'postgres').map(({ kind }) => kind),
      kinds,
    ),
  );
