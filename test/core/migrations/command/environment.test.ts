/** Which environment a command line runs in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandEnvironment, whereabouts } from '../../../../core/migrations/command/environment.ts';
import { readCommandLine } from '../../../../core/migrations/command/migration-command.ts';

for (const [line, environment] of [
  ['psql postgres://app@localhost:5432/shop -f 1.sql', 'development'],
  ['psql postgres://app@db.prod.internal/shop -f 1.sql', 'production'],
  ['psql -h 127.0.0.1 -d shop_test -f 1.sql', 'test'],
  ['psql -d shop_staging -f 1.sql', 'staging'],
  ['psql -d shop -f 1.sql', 'unknown'],
  ['psql -f 1.sql', 'unknown'],
  ['sqlite3 shop.db < 1.sql', 'development'],
  ['DATABASE_URL=postgres://10.0.0.5/shop npx prisma migrate deploy', 'unknown'],
  ['RAILS_ENV=production rails db:migrate', 'production'],
  ['npx knex migrate:latest --env staging', 'staging'],
  ['python manage.py migrate --settings shop.settings.prod', 'production'],
  ['npx prisma migrate deploy', 'unknown'],
  ['flyway -url=jdbc:postgresql://uat-db/shop migrate', 'staging'],
] as const)
  test(line, () => {
    const [command] = readCommandLine(line).commands;
    assert.ok(command);
    assert.equal(commandEnvironment(whereabouts(command.connection)).environment, environment);
  });
