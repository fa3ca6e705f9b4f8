import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FormatName } from '../../../core/migrations/formats.ts';
import type { MigrationSource } from '../../../core/shadow/history-state.ts';
import type { IncrementalShadow } from '../../../core/shadow/incremental.ts';
import { gist, incrementalShadow, NO_HOOKS } from '../../support/shadow.ts';

const HISTORY: MigrationSource[] = [
  {
    name: '1_users',
    text: `CREATE TYPE mood AS ENUM ('glad');
      CREATE TABLE users (id serial PRIMARY KEY, email text UNIQUE, mood mood);
      CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE parts (id int) PARTITION BY RANGE (id);
      INSERT INTO users (email) VALUES ('a'), ('b');`,
  },
];

interface Case {
  what: string;
  format?: FormatName;
  text: string;
  says: string[];
  notes?: RegExp;
}

const CASES: Case[] = [
  {
    what: 'the engine’s own words, with SQLSTATE and place in UTF-16 units',
    text: "-- 🎉\nSELECT '🎉', 1;\nALTER TABLE users\n  ADD COLUMN x txt;",
    says: ['works', '4:16 42704 type "txt" does not exist'],
  },
  {
    what: 'one mistake hides no other, and what follows from it is not counted',
    text: `CREATE TABLE a (id nonsense); CREATE INDEX i ON a (id); ALTER TABLE users ADD COLUMN name text;
CREATE INDEX ON users (nmae);`,
    says: [
      '1:20 42704 type "nonsense" does not exist',
      'unjudged: it needs a, and statement 1 did not work',
      'works',
      '2:24 42703 column "nmae" does not exist',
    ],
  },
  {
    what: 'the same missing name twice is two mistakes',
    text: 'CREATE INDEX ON users (nmae); ALTER TABLE users ALTER nmae SET NOT NULL;',
    says: [
      '1:24 42703 column "nmae" does not exist',
      '1:55 42703 column "nmae" of relation "users" does not exist',
    ],
  },
  {
    what: 'a half-typed statement, and those around it',
    text: 'ALTER TABLE users ADD COLUMN a int;\nALTER TABLE users ADD COLUM;\nALTER TABLE users DROP COLUMN zzz;',
    says: [
      'works',
      '2:28 42601 syntax error at or near ";"',
      '3:31 42703 column "zzz" of relation "users" does not exist',
    ],
  },
  {
    what: 'an enum value cannot be used in the transaction that adds it',
    text: "ALTER TYPE mood ADD VALUE 'sad'; UPDATE users SET mood = 'sad';",
    says: ['works', '1:58 55P04 unsafe use of new value "sad" of enum type mood'],
  },
  {
    what: 'but outside a transaction it can',
    format: 'goose',
    text: "-- +goose NO TRANSACTION\n-- +goose Up\nALTER TYPE mood ADD VALUE 'sad'; UPDATE users SET mood = 'sad';",
    says: ['works', 'works'],
  },
  {
    what: 'CONCURRENTLY inside a tool’s transaction fails',
    format: 'goose',
    text: '-- +goose Up\nCREATE INDEX CONCURRENTLY i ON users (email);',
    says: ['2:1 25001 CREATE INDEX CONCURRENTLY cannot run inside a transaction block'],
  },
  {
    what: 'and on its own it works',
    format: 'prisma',
    text: 'CREATE INDEX CONCURRENTLY i ON users (email);',
    says: ['works'],
  },
  {
    what: 'except on partitioned tables',
    format: 'prisma',
    text: 'CREATE INDEX CONCURRENTLY i ON parts (id);',
    says: ['1:32 0A000 cannot create index on partitioned table "parts" concurrently'],
  },
  {
    what: 'a deferred constraint speaks at the commit',
    text: 'INSERT INTO posts VALUES (1, 99); SELECT 1;',
    says: [
      'works',
      '1:35 23503 insert or update on table "posts" violates foreign key constraint "posts_author_fkey"',
    ],
  },
  {
    what: 'and in a block of the file’s own at that block’s end',
    format: 'golang-migrate',
    text: 'BEGIN; INSERT INTO posts VALUES (1, 99); COMMIT; SELECT 1;',
    says: [
      'works',
      'works',
      '1:42 23503 insert or update on table "posts" violates foreign key constraint "posts_author_fkey"',
      'works',
    ],
  },
  {
    what: 'settings of a block end with it',
    format: 'golang-migrate',
    text: `BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET LOCAL search_path = nowhere; SELECT * FROM users; COMMIT;
SELECT * FROM users; SET LOCAL search_path = nowhere; SELECT * FROM users;`,
    says: [
      'works',
      'works',
      'works',
      '1:101 42P01 relation "users" does not exist',
      'works',
      'works',
      'works',
      'works',
    ],
  },
  {
    what: 'and so do its tables',
    format: 'golang-migrate',
    text: `BEGIN; CREATE TEMP TABLE a ON COMMIT DROP AS SELECT 1 x; CREATE TEMP TABLE "B" (x int) ON COMMIT DELETE ROWS;
INSERT INTO "B" SELECT x FROM a; COMMIT; SELECT 1 / count(*) FROM "B"; SELECT * FROM a;`,
    says: [
      'works',
      'works',
      'works',
      'works',
      'works',
      '2:42 22012 division by zero',
      '2:86 42P01 relation "a" does not exist',
    ],
  },
  {
    what: 'data that is there makes it fail',
    text: "UPDATE users SET email = 'a';",
    says: ['1:1 23505 duplicate key value violates unique constraint "users_email_key"'],
  },
  {
    what: 'a block that is undone leaves nothing',
    format: 'golang-migrate',
    text: 'BEGIN; CREATE TABLE gone (id int); ROLLBACK; SELECT * FROM gone;',
    says: ['works', 'works', 'works', '1:60 42P01 relation "gone" does not exist'],
  },
  {
    what: 'roles of the cluster are taken to exist',
    text: 'GRANT SELECT ON users TO app_reader; CREATE POLICY p ON users TO web USING (true);',
    says: ['works', 'works'],
    notes: /taken to exist: the roles app_reader, web/,
  },
  {
    what: 'but not those that the file makes',
    text: 'CREATE ROLE app; GRANT SELECT ON users TO app; CREATE ROLE app;',
    says: ['works', 'works', '1:60 42710 role "app" already exists'],
  },
  {
    what: 'what Supabase’s platform makes',
    text: 'ALTER TABLE users ADD COLUMN owner uuid REFERENCES auth.users; CREATE POLICY p ON users USING (owner = auth.uid());',
    says: ['works', 'works'],
  },
  {
    what: 'extensions that are carried, stood in for, or missing',
    text: `CREATE EXTENSION "uuid-ossp"; CREATE EXTENSION pg_cron; SELECT cron.schedule('a', '* * * * *', 'SELECT 1');
CREATE EXTENSION nobody_has_it; CREATE TABLE t (x strange_type); ALTER TABLE users DROP COLUMN zzz;`,
    says: [
      'works',
      'works',
      'works',
      'unjudged: the extension nobody_has_it is not available in the shadow',
      'unjudged: it may need the extension nobody_has_it, which is not available in the shadow',
      '2:96 42703 column "zzz" of relation "users" does not exist',
    ],
    notes:
      /extension nobody_has_it is not available in the shadow; 2 statements could not be judged\nstood in for, doing nothing: pg_cron/,
  },
  {
    what: 'what a tool replaces is no mistake',
    text: `CREATE TABLE {{ .Schema }}.a (id int);
ALTER TABLE $\{schema}.b ADD x int;
SELECT :x;
SELECT {;`,
    says: [
      'unjudged: the shadow cannot know what {{ .Schema }} stands for',
      `unjudged: the shadow cannot know what $\{schema} stands for`,
      'unjudged: the shadow cannot know what :x stands for',
      '4:8 42601 syntax error at or near "{"',
    ],
  },
  {
    what: 'stand-ins carry what migrations usually do with them',
    text: `CREATE EXTENSION postgis; CREATE TABLE places (at geometry(Point, 4326));
CREATE INDEX ON places USING gist (at);
CREATE EXTENSION timescaledb; CREATE TABLE m (at timestamptz); SELECT create_hypertable('m', 'at');
ALTER TABLE m SET (timescaledb.compress);`,
    says: [
      'works',
      'works',
      'unjudged: the shadow only stands in for the extension postgis',
      'works',
      'works',
      'works',
      'unjudged: the shadow only stands in for the extension timescaledb',
    ],
  },
];

describe('PostgreSQL', () => {
  const scope = {
    works: [] as (() => void | Promise<void>)[],
    after: (work: () => void) => void scope.works.push(work),
  };
  const shadows = new Map<FormatName, IncrementalShadow>();
  before(async () => {
    for (const format of ['numbered', 'goose', 'prisma', 'golang-migrate'] as const)
      shadows.set(format, await incrementalShadow(scope, { dialect: 'postgres', format }));
  });
  after(async () => {
    for (const work of scope.works) await work();
  });
  for (const { what, format = 'numbered', text, says, notes } of CASES) {
    test(what, async () => {
      const shadow = shadows.get(format);
      assert.ok(shadow);
      const goose = format === 'goose' ? '-- +goose Up\n' : '';
      const history = HISTORY.map((source) => ({ ...source, text: goose + source.text }));
      for (const time of ['first', 'again']) {
        const verdict = await shadow.check(history, { name: '2_edited', text }, NO_HOOKS);
        assert.deepEqual(verdict.statements.map(gist), says, time);
        if (notes) assert.match(verdict.notes.join('\n'), notes);
      }
    });
  }
});

const SQLITE: Case[] = [
  {
    what: 'a syntax error has its place, behind earlier uses of the same word',
    text: 'CREATE TABLE b (id int, x int);\nALTER TABLE b ADD COLUMN ADD y int;',
    says: ['works', '2:26 near "ADD": syntax error'],
  },
  {
    what: 'half a statement ends where it ends',
    text: 'CREATE TABLE c (id int',
    says: ['1:23 incomplete input'],
  },
  {
    what: 'a missing column is pointed at',
    text: 'CREATE INDEX i ON users (nmae);',
    says: ['1:26 no such column: nmae'],
  },
  {
    what: 'what follows is not counted',
    text: 'CREATE TABLE d (id int,); CREATE INDEX j ON d (id); SELECT * FROM nobody;',
    says: [
      '1:24 near ")": syntax error',
      'unjudged: it needs d, and statement 1 did not work',
      '1:67 no such table: nobody',
    ],
  },
  {
    what: 'pragmas and rebuilt tables, as Prisma writes them',
    format: 'prisma',
    text: `PRAGMA foreign_keys=OFF; CREATE TABLE "new_users" ("id" INTEGER PRIMARY KEY, "name" TEXT);
INSERT INTO "new_users" ("id") SELECT "id" FROM "users"; DROP TABLE "users";
ALTER TABLE "new_users" RENAME TO "users"; PRAGMA foreign_keys=ON;`,
    says: ['works', 'works', 'works', 'works', 'works', 'works'],
  },
];

test('SQLite', async (t) => {
  for (const { what, format = 'numbered', text, says } of SQLITE) {
    const shadow = await incrementalShadow(t, { dialect: 'sqlite', format });
    const history = [{ name: '1', text: 'CREATE TABLE users (id integer PRIMARY KEY, email text);' }];
    for (const time of ['first', 'again']) {
      const verdict = await shadow.check(history, { name: '2_edited', text }, NO_HOOKS);
      assert.deepEqual(verdict.statements.map(gist), says, `${what}, ${time}`);
    }
  }
});
