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
