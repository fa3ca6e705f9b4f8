import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareNumbers, discover } from '../../../core/migrations/discover.ts';
import { formats, guessDialect } from '../../../core/migrations/formats.ts';
import { timeOf } from '../../../core/migrations/written-at.ts';
import type { Tree } from '../../support/tree.ts';

/** Histories as `folder | format | dialect | names in order`. */
function found(tree: Tree): string[] {
  const { histories } = discover(Object.keys(tree), (path) => tree[path]?.toString());
  return histories.map(({ folder, format, dialect, migrations }) =>
    [folder, format, dialect, migrations.map(({ name }) => name).join(' ')].join(' | '),
  );
}

const RAILS = 'class A < ActiveRecord::Migration[7.1]\nend\n';

const cases: [string, Tree, string[]][] = [
  [
    'Prisma, with its lock file',
    {
      'prisma/migrations/migration_lock.toml': 'provider = "mysql"',
      'prisma/migrations/20240201000000_b/migration.sql': '',
      'prisma/migrations/20240101000000_a/migration.sql': '',
      'prisma/schema.prisma': '',
    },
    ['prisma/migrations | prisma | mysql | 20240101000000_a 20240201000000_b'],
  ],
  [
    'Diesel; down.sql is no migration',
    {
      'migrations/2024-01-01-000000_a/up.sql': '',
      'migrations/2024-01-01-000000_a/down.sql': '',
      'Cargo.toml': '',
    },
    ['migrations | diesel | postgres | 2024-01-01-000000_a'],
  ],
  [
    'Diesel’s order: a version is its digits, with dashes or without',
    {
      'migrations/2017-04-01-000000_b/up.sql': '',
      'migrations/20170309000000_a/up.sql': '',
      'migrations/20170501000000_c/up.sql': '',
    },
    ['migrations | diesel | postgres | 20170309000000_a 2017-04-01-000000_b 20170501000000_c'],
  ],
  [
    'goose, by its annotation',
    {
      'db/00002_b.sql': '-- +goose Up\nSELECT 2;',
      'db/00001_a.sql': '-- +goose Up\nSELECT 1;\n-- +goose Down\n',
    },
    ['db | goose | postgres | 00001_a 00002_b'],
  ],
  [
    'golang-migrate, in order of numbers',
    { 'm/10_c.up.sql': '', 'm/9_b.up.sql': '', 'm/9_b.down.sql': '', 'm/1_a.up.sql': '' },
    ['m | golang-migrate | postgres | 1_a 9_b 10_c'],
  ],
  [
    'files that say for which database they are: one database, and what is for all of them',
    {
      'm/1_a.cockroach.up.sql': '',
      'm/1_a.mysql.up.sql': '',
      'm/1_a.postgres.up.sql': '',
      'm/1_a.postgres.down.sql': '',
      'm/2_b.up.sql': '',
      'm/3_c.postgres.autocommit.up.sql': '',
      'm/3_c.up.sql': '',
      'lite/1_a.sqlite3.up.sql': '',
      'lite/1_a.mysql.up.sql': '',
    },
    [
      'lite | golang-migrate | sqlite | 1_a.sqlite3',
      'm | golang-migrate | postgres | 1_a.postgres 2_b 3_c.postgres.autocommit',
    ],
  ],
  [
    'a folder for each version',
    {
      'store/migration/sqlite/0.10/00__b.sql': '',
      'store/migration/sqlite/0.9/00__a.sql': 'CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)',
      'store/migration/sqlite/0.9/01__a.sql': '',
      'store/migration/sqlite/LATEST.sql': '',
    },
    ['store/migration/sqlite | numbered | sqlite | 0.9/00__a 0.9/01__a 0.10/00__b'],
  ],
  [
    'numbers behind a word',
    {
      'core/database/scripts/db_00010.sql': '',
      'core/database/scripts/db_00002.sql': '',
      'core/database/scripts/db_00001.sql': '',
    },
    ['core/database/scripts | numbered | postgres | db_00001 db_00002 db_00010'],
  ],
  [
    'a Drizzle journal whose files are gone, and others beside it',
    {
      'db/migrations/meta/_journal.json': JSON.stringify({
        dialect: 'postgresql',
        entries: [{ idx: 0, tag: '0000_first' }],
      }),
      'db/migrations/0002_b.sql': '',
      'db/migrations/0001_a.sql': '',
    },
    ['db/migrations | numbered | postgres | 0001_a 0002_b'],
  ],
  [
    'versions with a V before and a dot behind',
    {
      'storage/migrations/mysql/V0002.Next.up.sql': '',
      'storage/migrations/mysql/V0001.First.up.sql': '',
      'storage/migrations/mysql/V0001.First.down.sql': '',
    },
    ['storage/migrations/mysql | golang-migrate | mysql | V0001.First V0002.Next'],
  ],
  [
    'SQLx, beside a Cargo.toml',
    {
      'server/Cargo.toml': '',
      'server/migrations/20240101000000_a.up.sql': '',
      'server/migrations/20240101000000_a.down.sql': '',
    },
    ['server/migrations | sqlx | postgres | 20240101000000_a'],
  ],
  [
    'Flyway: versions by number, repeatable ones last, undo left out',
    {
      'sql/V2__b.sql': '',
      'sql/V10__c.sql': '',
      'sql/V1.1__a.sql': '',
      'sql/R__view.sql': '',
      'sql/U2__undo.sql': '',
    },
    ['sql | flyway | postgres | V1.1__a V2__b V10__c R__view'],
  ],
  [
    'dbmate, by its marker',
    { 'db/migrations/20240101000000_a.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n' },
    ['db/migrations | dbmate | postgres | 20240101000000_a'],
  ],
  [
    'Drizzle, in the order of its journal',
    {
      'drizzle/meta/_journal.json': JSON.stringify({
        dialect: 'sqlite',
        entries: [
          { idx: 1, tag: '0001_b' },
          { idx: 0, tag: '0000_a' },
        ],
      }),
      'drizzle/0000_a.sql': '',
      'drizzle/0001_b.sql': '',
    },
    ['drizzle | drizzle | sqlite | 0000_a 0001_b'],
  ],
  [
    'Supabase',
    { 'supabase/migrations/20240101000000_a.sql': '' },
    ['supabase/migrations | supabase | postgres | 20240101000000_a'],
  ],
  [
    'plain numbered files; the way back is left out',
    {
      'migrations/2-b.sql': '',
      'migrations/1-a.sql': '',
      'migrations/1-a.down.sql': '',
      'migrations/2-b.rollback.sql': '',
    },
    ['migrations | numbered | postgres | 1-a 2-b'],
  ],
  ['the folder itself', { '001_a.sql': '', '002_b.sql': '' }, ['. | numbered | postgres | 001_a 002_b']],
  [
    'two histories, one of another dialect',
    {
      'db/clickhouse/migrations/1_a.up.sql': 'CREATE TABLE t ON CLUSTER c',
      'db/pg/migrations/1_a.up.sql': 'CREATE TABLE t (id serial)',
    },
    [
      'db/clickhouse/migrations | golang-migrate | clickhouse | 1_a',
      'db/pg/migrations | golang-migrate | postgres | 1_a',
    ],
  ],
  ['numbered files elsewhere are no history', { 'queries/1_top.sql': '', 'queries/2_flop.sql': '' }, []],
  [
    'Sqitch, in the order of its plan; a reworked change keeps its first form under its tag',
    {
      'db/sqitch.conf': '[core]\n\tengine = pg\n\ttop_dir = sql\n',
      'db/sqitch.plan': [
        '%syntax-version=1.0.0',
        '%project=shop',
        '',
        'users 2024-01-01T00:00:00Z A <a@b.c> # Adds users',
        'orders [users] 2024-01-02T00:00:00Z A <a@b.c>',
        '@v1 2024-01-03T00:00:00Z A <a@b.c>',
        'users [users@v1] 2024-01-04T00:00:00Z A <a@b.c>',
      ].join('\n'),
      'db/sql/deploy/orders.sql': 'BEGIN; COMMIT;',
      'db/sql/deploy/users.sql': '',
      'db/sql/deploy/users@v1.sql': '',
      'db/sql/revert/users.sql': '',
      'db/sql/verify/users.sql': '',
    },
    ['db/sql/deploy | sqitch | postgres | users@v1 orders users'],
  ],
  [
    'Liquibase formatted SQL, in the order of its changelog',
    {
      'src/db/changelog-master.xml': '<include file="changes/b.sql"/> <include file="changes/a.sql"/>',
      'src/db/changes/a.sql': '--liquibase formatted sql\n--changeset me:1\nSELECT 1;',
      'src/db/changes/b.sql': '--liquibase formatted sql\n--changeset me:1\nSELECT 1;',
    },
    ['src/db/changes | liquibase | postgres | b a'],
  ],
  [
    'structure.sql of Rails, where it has no migrations',
    { 'db/structure.sql': '' },
    ['db | rails-structure | postgres | structure'],
  ],
  [
    'migrations of Rails: those behind the deployment in one order with the others, each database by itself',
    {
      'config/database.yml': 'default: &default\n  adapter: mysql2\n',
      'db/structure.sql': '',
      'db/migrate/20240103000000_c.rb': RAILS,
      'db/migrate/20240101000000_a.blobs.rb': RAILS,
      'db/post_migrate/20240102000000_b.rb': RAILS,
      'db/cache_migrate/1_d.rb': RAILS,
      'engine/Gemfile': "gem 'pg'\n",
      'engine/db/migrate/1_e.rb': RAILS,
      'tools/db/migrate/1_f.rb': 'puts 1',
    },
    [
      'db/cache_migrate | rails | mysql | 1_d',
      'db/migrate | rails | mysql | 20240101000000_a.blobs 20240102000000_b 20240103000000_c',
      'engine/db/migrate | rails | postgres | 1_e',
    ],
  ],
  [
    'Knex, by what its scripts call; the packages tell the dialect',
    {
      'package.json': '{"dependencies":{"knex":"3","mysql2":"3"}}',
      'migrations/20240102000000_b.js': 'exports.up = (knex) => {}',
      'migrations/20240101000000_a.js': 'exports.up = (knex) => {}',
      'migrations/20240101000000_a.test.js': '',
    },
    ['migrations | knex | mysql | 20240101000000_a 20240102000000_b'],
  ],
  [
    'TypeORM, without the compiled copies',
    {
      'src/migrations/1620000000000-A.ts': 'class A implements MigrationInterface { up(queryRunner) {} }',
      'src/migrations/1620000000000-A.js': '',
      'src/migrations/1630000000000-B.ts': '',
    },
    ['src/migrations | typeorm | postgres | 1620000000000-A 1630000000000-B'],
  ],
  [
    'SQLx without a way back',
    { 'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n', 'migrations/20240101000000_a.sql': '' },
    ['migrations | sqlx | postgres | 20240101000000_a'],
  ],
  [
    'Prisma without a lock file, by schema.prisma',
    {
      'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n  url = env("X")\n}\n',
      'prisma/migrations/20240101000000_a/migration.sql': '',
    },
    ['prisma/migrations | prisma | sqlite | 20240101000000_a'],
  ],
  ['numbered scripts that call no tool are no history', { 'migrations/1_a.js': 'console.log(1)' }, []],
  ['no SQL', { 'README.md': '', 'src/index.ts': '' }, []],
  [
    'tests and vendored code are passed over',
    { 'test/fixtures/migrations/1_a.sql': '', 'node_modules/x/migrations/1_a.sql': '' },
    [],
  ],
];

for (const [name, tree, expected] of cases) {
  test(`finds: ${name}`, () => assert.deepEqual(found(tree), expected));
}

test('what was passed over is named', () => {
  const { passedOver } = discover(['test/fixtures/migrations/1_a.sql'], () => '');
  assert.deepEqual(passedOver, ['test/fixtures/migrations']);
});

test('numbers are compared as numbers, however long', () => {
  const names = ['10', '9', '009', '20240101000000', '20231231235959', '1.10', '1.9', '1'];
  assert.deepEqual([...names].sort(compareNumbers), [
    '1',
    '1.9',
    '1.10',
    '009',
    '9',
    '10',
    '20231231235959',
    '20240101000000',
  ]);
});

test('the way up is kept in place, line for line', () => {
  const text = '-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n';
  const up = formats.goose.up(text);
  assert.equal(up.length, text.length);
  assert.deepEqual(
    up.split('\n').map((line) => line.trim()),
    ['', 'CREATE TABLE a (id int);', '', '', ''],
  );
  assert.match(
    formats.dbmate.up('-- migrate:up transaction:false\nSELECT 1;\n-- migrate:down\nSELECT 2;'),
    /SELECT 1;\s+$/,
  );
});

test('the wrapping of each tool', () => {
  const wrapping = (name: keyof typeof formats, text: string) => formats[name].wrapping(text);
  assert.equal(wrapping('goose', '-- +goose NO TRANSACTION\n-- +goose Up'), 'none');
  assert.equal(wrapping('goose', '-- +goose Up'), 'file');
  assert.equal(wrapping('dbmate', '-- migrate:up transaction:false'), 'none');
  assert.equal(wrapping('sqlx', '-- no-transaction\nSELECT 1'), 'none');
  assert.equal(wrapping('prisma', 'SELECT 1'), 'script');
  assert.equal(wrapping('flyway', 'CREATE INDEX CONCURRENTLY i ON t (a);'), 'none');
  assert.equal(wrapping('flyway', '-- not CONCURRENTLY\nCREATE INDEX i ON t (a);'), 'file');
  assert.equal(wrapping('numbered', 'CREATE TABLE t (id int);'), 'file');
  assert.equal(wrapping('numbered', 'CREATE INDEX CONCURRENTLY i ON t (a);'), 'none');
  assert.equal(wrapping('liquibase', '--changeset a:1\nSELECT 1;'), 'file');
  assert.equal(wrapping('liquibase', '--changeset a:1 runInTransaction:false\nSELECT 1;'), 'none');
  assert.equal(wrapping('liquibase', '--changeset a:1\nSELECT 1;\n--changeset a:2\nSELECT 2;'), 'none');
  assert.equal(wrapping('sqitch', 'BEGIN; SELECT 1; COMMIT;'), 'none');
  assert.equal(wrapping('knex', 'exports.config = { transaction: false };'), 'none');
  assert.equal(wrapping('knex', 'exports.up = (knex) => {}'), 'file');
  assert.equal(wrapping('sequelize', 'up: (queryInterface) => {}'), 'none');
});

test('the way back is kept in place, line for line', () => {
  const lines = (text: string | undefined) => text?.split('\n').map((line) => line.trim());
  const goose = '-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;';
  assert.deepEqual(lines(formats.goose.down?.(goose)), ['', '', '', 'DROP TABLE a;']);
  const dbmate = '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;';
  assert.deepEqual(lines(formats.dbmate.down?.(dbmate)), ['', '', '', 'SELECT 2;']);
  const liquibase =
    '--liquibase formatted sql\n--changeset a:1\nCREATE TABLE a (id int);\n--rollback DROP TABLE a;\n/* liquibase rollback\nDROP TABLE b;\n*/\n--rollback empty';
  assert.deepEqual(lines(formats.liquibase.down?.(liquibase)), [
    '',
    '',
    '',
    'DROP TABLE a;',
    '',
    'DROP TABLE b;',
    '',
    '',
  ]);
});

test('commands of psql are no SQL, but inside of a body they stay', () => {
  const text = "\\restrict abc\nCREATE TABLE a (id int);\n\\set ON_ERROR_STOP 1\nSELECT '\n\\x';";
  const up = formats['rails-structure'].up(text);
  assert.equal(up.length, text.length);
  assert.deepEqual(
    up.split('\n').map((line) => line.trim()),
    ['', 'CREATE TABLE a (id int);', '', "SELECT '", "\\x';"],
  );
});

test('dialects by words that only one has', () => {
  assert.equal(guessDialect('CREATE TABLE `a` (`id` int AUTO_INCREMENT) ENGINE=InnoDB'), 'mysql');
  assert.equal(guessDialect('CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)'), 'sqlite');
  assert.equal(guessDialect('CREATE TABLE a ON CLUSTER c ENGINE = MergeTree'), 'clickhouse');
  assert.equal(guessDialect('CREATE TABLE a (id bigserial PRIMARY KEY)'), 'postgres');
});

test('times in names', () => {
  const cases: [string, string | undefined][] = [
    ['20240131123456_name', '2024-01-31T12:34:56.000Z'],
    ['2024-01-31-123456_name', '2024-01-31T12:34:56.000Z'],
    ['V20240131__name', '2024-01-31T00:00:00.000Z'],
    ['20240131_name', '2024-01-31T00:00:00.000Z'],
    ['20249931123456_name', undefined],
    ['0001_name', undefined],
    ['name', undefined],
  ];
  for (const [name, expected] of cases) {
    const at = timeOf(name);
    assert.equal(at === undefined ? undefined : new Date(at).toISOString(), expected, name);
  }
});
