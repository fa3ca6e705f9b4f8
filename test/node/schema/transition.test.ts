/** The generated SQL is proven: applied in a real PostgreSQL, it has to give exactly the other schema. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { PostgresShadow } from '../../../core/node/shadow/postgres.ts';
import { compareSchemas } from '../../../core/schema/comparator.ts';
import { PostgresCatalog, readPostgresSchema } from '../../../core/schema/postgres-catalog.ts';
import { canonicalText, EMPTY_SCHEMA, type SchemaSnapshot } from '../../../core/schema/snapshot.ts';
import { transition, transitionScript } from '../../../core/schema/transition/transition.ts';
import { cleanup, type TestScope } from '../../support/temp.ts';
import { random, randomSchema } from './random-schema.ts';

const SEED = 20_261_123;
const SCHEMAS = 24;
const PAIRS = 60;

async function start(scope: TestScope): Promise<PostgresShadow> {
  const shadow = await PostgresShadow.start();
  cleanup(scope, () => shadow.close());
  await shadow.prepare('CREATE ROLE app');
  return shadow;
}

async function schemaOf(shadow: PostgresShadow, sql: string): Promise<SchemaSnapshot> {
  await shadow.prepare(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${sql}`);
  return shadow.snapshot();
}

async function apply(shadow: PostgresShadow, before: SchemaSnapshot, after: SchemaSnapshot): Promise<void> {
  const plan = transition(before, after);
  for (const { sql } of plan.steps) {
    try {
      await shadow.prepare(sql);
    } catch (error) {
      assert.fail(`${error instanceof Error ? error.message : error}\n${sql}\nin\n${transitionScript(plan)}`);
    }
  }
  const left = compareSchemas(await shadow.snapshot(), after);
  assert.deepEqual(
    left.map(({ kind, object, before: was, after: is }) => ({ kind, object, was, is })),
    [],
    transitionScript(plan),
  );
}

test('between random schemas, in any direction', async (t) => {
  const shadow = await start(t);
  const next = random(SEED);
  const schemas: SchemaSnapshot[] = [EMPTY_SCHEMA];
  for (let i = 0; i < SCHEMAS; i++) schemas.push(await schemaOf(shadow, randomSchema(next)));
  let at = schemas.length - 1;
  for (let i = 0; i < PAIRS; i++) {
    const to = Math.floor(next() * schemas.length);
    await apply(shadow, schemas[at] ?? EMPTY_SCHEMA, schemas[to] ?? EMPTY_SCHEMA);
    at = to;
  }
});

const CASES: [name: string, before: string, after: string, expected: RegExp][] = [
  [
    'labels are added where they belong',
    "CREATE TYPE m AS ENUM ('a', 'd')",
    "CREATE TYPE m AS ENUM ('a', 'b', 'c', 'd', 'e')",
    /^ALTER TYPE public\.m ADD VALUE 'b' BEFORE 'd';\nALTER TYPE public\.m ADD VALUE 'c' BEFORE 'd';\nALTER TYPE public\.m ADD VALUE 'e';$/,
  ],
  [
    'a label goes: the type is made anew, with what uses it',
    "CREATE TYPE m AS ENUM ('a', 'b'); CREATE TABLE t (x m DEFAULT 'a', CHECK (x <> 'b')); CREATE VIEW v AS SELECT x FROM t",
    "CREATE TYPE m AS ENUM ('a'); CREATE TABLE t (x m DEFAULT 'a'); CREATE VIEW v AS SELECT x FROM t",
    /RENAME TO m__old/,
  ],
  [
    'a constraint is validated, not made anew',
    'CREATE TABLE t (x int); ALTER TABLE t ADD CONSTRAINT c CHECK (x > 0) NOT VALID',
    'CREATE TABLE t (x int CONSTRAINT c CHECK (x > 0))',
    /^ALTER TABLE public\.t VALIDATE CONSTRAINT c;$/,
  ],
  [
    'a view that only gains columns is replaced',
    'CREATE TABLE t (x int, y int); CREATE VIEW v AS SELECT x FROM t; CREATE VIEW w AS SELECT x FROM v',
    'CREATE TABLE t (x int, y int); CREATE VIEW v AS SELECT x, y FROM t; CREATE VIEW w AS SELECT x FROM v',
    /^CREATE OR REPLACE VIEW public\.v/,
  ],
  [
    'views over a column of another type are made anew, in their order',
    'CREATE TABLE t (x int); CREATE VIEW v AS SELECT x FROM t; CREATE VIEW w AS SELECT x FROM v',
    'CREATE TABLE t (x text); CREATE VIEW v AS SELECT x FROM t; CREATE VIEW w AS SELECT x FROM v',
    /^DROP VIEW public\.w;\nDROP VIEW public\.v;\nALTER TABLE public\.t ALTER COLUMN x TYPE text USING x::text;\nCREATE VIEW public\.v/,
  ],
  [
    'a key goes with the foreign key that needs it',
    'CREATE TABLE t (x int PRIMARY KEY); CREATE TABLE u (x int REFERENCES t)',
    'CREATE TABLE t (x int NOT NULL UNIQUE); CREATE TABLE u (x int REFERENCES t (x))',
    /DROP CONSTRAINT u_x_fkey/,
  ],
  [
    'tables that refer to each other go',
    'CREATE TABLE t (x int PRIMARY KEY); CREATE TABLE u (x int PRIMARY KEY REFERENCES t); ALTER TABLE t ADD FOREIGN KEY (x) REFERENCES u',
    '',
    /DROP TABLE/,
  ],
  [
    'a function of another result, with the default, the check and the view that call it',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; CREATE TABLE t (x int DEFAULT f()); CREATE VIEW v AS SELECT f() AS y',
    'CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT 2 $$; CREATE TABLE t (x int DEFAULT f()); CREATE VIEW v AS SELECT f() AS y',
    /DROP FUNCTION public\.f\(\)/,
  ],
  [
    'a generated column follows the column that it is computed from, and its index follows it',
    'CREATE TABLE t (x int, y int GENERATED ALWAYS AS (x * 2) STORED); CREATE INDEX i ON t (y)',
    'CREATE TABLE t (x bigint, y int GENERATED ALWAYS AS (x * 2) STORED); CREATE INDEX i ON t (y)',
    /DROP COLUMN y/,
  ],
  [
    'serial becomes identity',
    'CREATE TABLE t (id serial PRIMARY KEY)',
    'CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)',
    /ADD GENERATED ALWAYS AS IDENTITY/,
  ],
  [
    'a table becomes a view of the same name',
    'CREATE TABLE t (x int); CREATE TABLE u (x int)',
    'CREATE TABLE u (x int); CREATE VIEW t AS SELECT x FROM u',
    /DROP TABLE public\.t/,
  ],
  [
    'privileges and comments, also those taken away',
    "CREATE TABLE t (x int); GRANT SELECT, INSERT ON t TO app; COMMENT ON TABLE t IS 'a'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TABLE t (x int); GRANT SELECT ON t TO app WITH GRANT OPTION; COMMENT ON COLUMN t.x IS E'a\\\\b'; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION f FROM PUBLIC",
    /REVOKE INSERT ON TABLE public\.t FROM app/,
  ],
];

test('cases', async (t) => {
  const shadow = await start(t);
  for (const [name, before, after, expected] of CASES) {
    await t.test(name, async () => {
      const to = await schemaOf(shadow, after);
      const from = await schemaOf(shadow, before);
      assert.match(transitionScript(transition(from, to)), expected);
      await apply(shadow, from, to);
      await apply(shadow, to, from);
    });
  }
});

test('a schema that is read again by what changed is the schema that is read as a whole', async (t) => {
  const db = new PGlite();
  cleanup(t, () => db.close());
  const session = { query: async (sql: string) => (await db.query<Record<string, unknown>>(sql)).rows };
  const catalog = new PostgresCatalog(session);
  await db.exec('CREATE ROLE app');
  await db.exec(randomSchema(random(SEED + 1)));
  await catalog.read();
  const STEPS = [
    'CREATE TABLE r (x int); CREATE VIEW rv AS SELECT x FROM r',
    'ALTER TABLE r RENAME COLUMN x TO y',
    'ALTER TABLE r RENAME TO s',
    'CREATE INDEX si ON s (y)',
    'ALTER INDEX si RENAME TO sj',
    'DROP INDEX sj',
    "COMMENT ON TABLE s IS 'x'",
    "CREATE TYPE e AS ENUM ('p', 'q'); ALTER TABLE s ADD COLUMN e e DEFAULT 'p'",
    "ALTER TYPE e RENAME VALUE 'p' TO 'o'",
    'DISCARD ALL',
    'ALTER TABLE s ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON s USING (y > 0)',
    'DROP POLICY p ON s',
    'CREATE SEQUENCE q; ALTER SEQUENCE q OWNED BY s.y',
    'ALTER SEQUENCE q OWNED BY NONE',
    'DROP VIEW rv; DROP TABLE s',
    'DROP SCHEMA public CASCADE; CREATE SCHEMA public',
  ];
  for (const step of STEPS) {
    await db.exec(step);
    const again = await catalog.read();
    const whole = await readPostgresSchema(session);
    assert.equal(canonicalText(again), canonicalText(whole), step);
  }
});
