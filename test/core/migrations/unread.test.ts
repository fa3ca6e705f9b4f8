import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unread } from '../../../core/migrations/unread.ts';

test('migrations in languages that are not read are told by their paths', () => {
  const found = unread([
    'shop/migrations/0001_initial.py',
    'shop/migrations/0002_price.py',
    'users/migrations/0001_initial.py',
    'users/migrations/__init__.py',
    'alembic/versions/1a2b_add.py',
    'database/migrations/2014_10_12_000000_create_users_table.php',
    'migrations/Version20240101000000.php',
    'priv/repo/migrations/20240101000000_a.exs',
    'Data/Migrations/20240101000000_Init.cs',
    'Data/Migrations/20240101000000_Init.Designer.cs',
    'src/main/resources/db/changelog/db.changelog-master.xml',
    'db/migrations/00001_a.go',
    'db/migrations/00001_a_test.go',
    'migrations/helpers.py',
    'src/0001_initial.py',
  ]);
  assert.deepEqual(
    found.map(({ tool, folder, count }) => `${tool}: ${count} in ${folder}`),
    [
      'Django: 3 in shop/migrations',
      'Alembic: 1 in alembic/versions',
      'Laravel: 1 in database/migrations',
      'Doctrine: 1 in migrations',
      'Ecto: 1 in priv/repo/migrations',
      'Entity Framework: 1 in Data/Migrations',
      'Liquibase in XML, YAML or JSON: 1 in src/main/resources/db/changelog',
      'goose in Go: 1 in db/migrations',
    ],
  );
  assert.ok(found.every(({ instead }) => instead.length > 0));
});
