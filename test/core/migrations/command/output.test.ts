/** Outputs of the tools, and what they say of the migrations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameMigration } from '../../../../core/migrations/command/names.ts';
import { readOutput, settled } from '../../../../core/migrations/command/output.ts';

const SAID: [tool: string, output: string, migrations: string[], error?: string][] = [
  [
    'prisma',
    'Applying migration `20240101_init`\nApplying migration `20240102_users`\n\nError: P3018\nMigration name: 20240102_users\n\nDatabase error code: 42701\n\nDatabase error:\nERROR: column "name" of relation "User" already exists\n',
    ['20240101_init unknown', '20240102_users failed'],
    'column "name" of relation "User" already exists',
  ],
  [
    'goose',
    '2024/01/01 10:00:00 OK   00001_users.sql (12.5ms)\n2024/01/01 10:00:01 goose run: ERROR 00002_x.sql: failed to run SQL migration: ERROR: relation "a" already exists (SQLSTATE 42P07)',
    ['00001_users succeeded 12.5', '00002_x failed'],
    'relation "a" already exists',
  ],
  [
    'golang-migrate',
    '1/u create_users (30.2ms)\n2/u orders (1.5s)',
    ['1_create_users succeeded 30.2', '2_orders succeeded 1500'],
  ],
  [
    'rails',
    '== 20240101120000 CreateUsers: migrating ====\n-- create_table(:users)\n== 20240101120000 CreateUsers: migrated (0.0120s) ===',
    ['20240101120000 CreateUsers succeeded 12'],
  ],
  [
    'alembic',
    'INFO  [alembic.runtime.migration] Running upgrade  -> ae1027a6acf, users',
    ['ae1027a6acf unknown'],
  ],
  [
    'django',
    'Running migrations:\n  Applying shop.0001_initial... OK\n  Applying shop.0002_more...Traceback',
    ['shop.0001_initial succeeded', 'shop.0002_more unknown'],
  ],
  [
    'sqlx',
    'Applied 20240101000000/migrate create users (12.3ms)',
    ['20240101000000_create_users succeeded 12.3'],
  ],
  ['dbmate', 'Applying: 20240101_a.sql\nApplied: 20240101_a.sql in 3.5ms', ['20240101_a succeeded 3.5']],
  ['diesel', 'Running migration 2024-01-01-000000_users', ['2024-01-01-000000_users unknown']],
  [
    'psql',
    'ALTER TABLE\npsql:m/2.sql:3: ERROR:  column "x" does not exist\n',
    [],
    'column "x" does not exist',
  ],
  [
    'psql with a state',
    'psql:2.sql:3: ERROR:  23505: could not create unique index "a"',
    [],
    'could not create unique index "a"',
  ],
  [
    'mysql',
    "ERROR 1062 (23000) at line 3: Duplicate entry 'a' for key 'b'",
    [],
    "Duplicate entry 'a' for key 'b'",
  ],
  ['sqlite3', 'Parse error near line 2: no such table: x', [], 'no such table: x'],
  ['colours', '\u001b[32mApplying migration `1_a`\u001b[0m\r\n', ['1_a unknown']],
  ['nothing', 'Everything is up to date.\n0 errors', []],
];

for (const [tool, output, migrations, error] of SAID)
  test(tool, () => {
    const said = readOutput(output);
    assert.deepEqual(
      said.migrations.map(({ name, outcome, durationMs }) =>
        [name, outcome, ...(durationMs === undefined ? [] : [durationMs])].join(' '),
      ),
      migrations,
    );
    assert.equal(said.error?.message, error);
  });

test('those that only started: the last as the command did, the others went well', () => {
  const { migrations } = readOutput('Applying migration `1_a`\nApplying migration `2_b`');
  assert.deepEqual(
    settled(migrations, 'failed').map(({ outcome }) => outcome),
    ['succeeded', 'failed'],
  );
});

for (const [a, b, same] of [
  ['20240101120000 CreateUsers', '20240101120000_create_users', true],
  ['db/migrations/0002_orders.sql', '0002_orders', true],
  ['2', '0002_orders', true],
  ['V2__orders', '2', true],
  ['1_users', '1_orders', false],
  ['users', 'orders', false],
  ['m/add.up.sql', 'add', true],
] as const)
  test(`${a} and ${b}`, () => assert.equal(sameMigration(a, b), same));
