/** Command lines as people type them, and which of them run migrations. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMigrationScript, readCommandLine } from '../../../../core/migrations/command/migration-command.ts';

/** What a line runs, one a command: `tool verb`, `!` for a way back, files behind it. */
function ran(line: string, patterns: string[] = []): string[] {
  return readCommandLine(line, patterns).commands.map(({ tool, verb, direction, files }) =>
    [`${direction === 'down' ? '!' : ''}${tool} ${verb}`, ...files].join(' '),
  );
}

const RUNS: [line: string, ...expected: string[]][] = [
  // The tools themselves.
  ['prisma migrate deploy', 'prisma migrate deploy'],
  ['npx prisma migrate dev --name add_users', 'prisma migrate dev'],
  ['npx --yes prisma@5.22.0 migrate deploy', 'prisma migrate deploy'],
  ['prisma --schema db/schema.prisma migrate deploy', 'prisma migrate deploy'],
  ['prisma db execute --file migrations/1.sql', 'prisma db execute migrations/1.sql'],
  ['pnpm dlx drizzle-kit push', 'drizzle-kit push'],
  ['bunx drizzle-kit migrate', 'drizzle-kit migrate'],
  ['yarn knex migrate:latest --env staging', 'knex migrate:latest'],
  ['npx knex migrate:rollback', '!knex migrate:rollback'],
  ['./node_modules/.bin/typeorm migration:run -d src/data-source.ts', 'typeorm migration:run'],
  ['npx typeorm-ts-node-esm migration:revert -d ./ds.ts', '!typeorm migration:revert'],
  ['npx sequelize-cli db:migrate --env production', 'sequelize db:migrate'],
  ['npx sequelize db:migrate:undo', '!sequelize db:migrate:undo'],
  ['bin/rails db:migrate', 'rails db:migrate'],
  ['RAILS_ENV=production bundle exec rake db:migrate VERSION=20240101', 'rails db:migrate'],
  ['rails db:rollback STEP=1', '!rails db:rollback'],
  ['alembic upgrade head', 'alembic upgrade'],
  ['poetry run alembic -c conf/alembic.ini upgrade +1', 'alembic upgrade'],
  ['python -m alembic downgrade -1', '!alembic downgrade'],
  ['flask db upgrade', 'flask-migrate db upgrade'],
  ['python manage.py migrate', 'django migrate'],
  ['uv run python3.12 ./manage.py migrate shop 0004', 'django migrate'],
  ['./manage.py migrate --database default', 'django migrate'],
  ['py -3 manage.py migrate', 'django migrate'],
  ['php artisan migrate --force', 'laravel migrate'],
  ['flyway -url=jdbc:postgresql://db/shop -user=app migrate', 'flyway migrate'],
  ['liquibase --changelog-file=db.xml update', 'liquibase update'],
  ['goose -dir migrations postgres "user=app dbname=shop" up', 'goose up'],
  ['goose down', '!goose down'],
  ['migrate -path db/migrations -database postgres://localhost/shop up 2', 'golang-migrate up'],
  ['migrate -source=file://db -database "$DB" down 1', '!golang-migrate down'],
  ['diesel migration run', 'diesel migration run'],
  ['cargo sqlx migrate run', 'sqlx migrate run'],
  ['sqlx migrate run --source db', 'sqlx migrate run'],
  ['dbmate --url sqlite:shop.db up', 'dbmate up'],
  ['supabase db push', 'supabase db push'],
  ['atlas migrate apply --env local', 'atlas migrate apply'],
  ['wrangler d1 migrations apply shop --local', 'wrangler-d1 d1 migrations apply'],
  ['dotnet ef database update', 'ef ef database update'],
  // The databases' clients.
  ['psql -f migrations/1.sql shop', 'psql file migrations/1.sql'],
  ['psql "$DATABASE_URL" -v ON_ERROR_STOP=1 --file=m/2.sql', 'psql file m/2.sql'],
  ['psql -h db -U app -d shop -fm/3.sql', 'psql file m/3.sql'],
  ['psql shop < m/4.sql', 'psql file m/4.sql'],
  ['psql shop -c "\\i m/5.sql"', 'psql file m/5.sql'],
  ['cat m/1.sql m/2.sql | psql shop', 'psql files m/1.sql m/2.sql'],
  ['sudo -u postgres psql -f 1.sql', 'psql file 1.sql'],
  ['mysql -u root -psecret shop < 1.sql', 'mysql file 1.sql'],
  ['mysql shop -e "source 1.sql"', 'mysql file 1.sql'],
  ['mariadb shop <1.sql', 'mysql file 1.sql'],
  ['sqlite3 shop.db < 1.sql', 'sqlite3 file 1.sql'],
  ['sqlite3 shop.db ".read 1.sql"', 'sqlite3 file 1.sql'],
  ['psql -f users.down.sql', '!psql file users.down.sql'],
  // What stands around.
  ['cd backend && npx prisma migrate deploy', 'prisma migrate deploy'],
  ['npm run build; prisma migrate deploy || exit 1', 'prisma migrate deploy'],
  ['DATABASE_URL="postgres://a:b@h/d" npx prisma migrate deploy | tee log', 'prisma migrate deploy'],
  ['docker compose exec web bin/rails db:migrate', 'rails db:migrate'],
  ['docker compose -f dev.yml run --rm -e RAILS_ENV=test web rails db:migrate', 'rails db:migrate'],
  ['docker-compose exec -T db psql -U app shop < m/1.sql', 'psql file m/1.sql'],
  ['docker exec -i db mysql shop < m/1.sql', 'mysql file m/1.sql'],
  ['kubectl exec -it deploy/web -- python manage.py migrate', 'django migrate'],
  ['dotenv -e .env.test -- prisma migrate deploy', 'prisma migrate deploy'],
  ['dotenvx run -f .env -- drizzle-kit migrate', 'drizzle-kit migrate'],
  ['bash -lc "cd app && alembic upgrade head"', 'alembic upgrade'],
  ['npx -p typeorm -c "typeorm migration:run"', 'typeorm migration:run'],
  ['time npx prisma migrate deploy', 'prisma migrate deploy'],
  ['psql -f 1.sql && psql -f 2.sql', 'psql file 1.sql', 'psql file 2.sql'],
  ["psql \\\n  -f 'my file.sql'", 'psql file my file.sql'],
  ['$env:DATABASE_URL="postgres://h/d"; npx prisma migrate deploy', 'prisma migrate deploy'],
  ['C:\\tools\\psql.exe -f m\\1.sql', 'psql file m\\1.sql'],
];

for (const [line, ...expected] of RUNS) test(line, () => assert.deepEqual(ran(line), expected));

const RUNS_NONE = [
  '',
  '   ',
  'git commit -m "prisma migrate deploy"',
  "echo 'rails db:migrate'",
  'echo prisma migrate deploy',
  'grep -rn "alembic upgrade head" docs',
  'git log -- migrations/0001.sql',
  'cat migrations/0001.sql',
  '# prisma migrate deploy',
  'npx prisma migrate status',
  'npx prisma migrate dev --create-only',
  'npx prisma generate',
  'prisma migrate deploy --help',
  'knex migrate:make add_users',
  'alembic upgrade head --sql',
  'alembic revision -m "upgrade head"',
  'python manage.py makemigrations',
  'python manage.py migrate --plan',
  'python manage.py showmigrations',
  'flyway info',
  'goose create up sql',
  'goose status',
  'migrate --help',
  'migrate up',
  'diesel migration generate run',
  'rails generate migration AddUsers',
  'rails db:migrate:status',
  'psql shop',
  'psql -c "select 1" shop',
  'pg_dump shop > backup.sql',
  'psql shop > out.sql',
  'vim migrations/1.sql',
  'sqlite3 shop.db "select * from migrations"',
  'man prisma',
  'docker compose up',
  'docker build -t migrate .',
  'sudo',
  'npx',
  'bash -c',
  '"unfinished',
  'psql -f',
];

for (const line of RUNS_NONE) test(`none: ${line}`, () => assert.deepEqual(ran(line), []));

test('a line of the user’s own pattern runs migrations, whatever it is called', () => {
  assert.deepEqual(ran('./scripts/db.sh up --all', ['./scripts/db.sh up*']), ['db.sh up --all']);
  assert.deepEqual(ran('./scripts/db.sh down', ['./scripts/db.sh up*']), []);
});

test('scripts of a project are named with who runs them', () => {
  const scripts = (line: string) =>
    readCommandLine(line).scripts.map(({ runner, name }) => `${runner} ${name}`);
  assert.deepEqual(scripts('npm run db:migrate -- --force'), ['npm db:migrate']);
  assert.deepEqual(scripts('pnpm --filter api migrate'), ['pnpm migrate']);
  assert.deepEqual(scripts('yarn migrate:up'), ['yarn migrate:up']);
  assert.deepEqual(scripts('make -C db migrate ENV=test'), ['make migrate']);
  assert.deepEqual(scripts('bun run migrate'), ['bun migrate']);
  assert.deepEqual(scripts('npm'), []);
});

for (const [name, runs] of [
  ['migrate', true],
  ['db:migrate', true],
  ['db-migrate-prod', true],
  ['migration:run', true],
  ['migrate:create', false],
  ['migrate:status', false],
  ['migration:generate', false],
  ['migrate:down', false],
  ['build', false],
  ['immigrate', false],
] as const)
  test(`script ${name}`, () => assert.equal(isMigrationScript(name), runs));

test('what a command says of its database', () => {
  const connection = (line: string) => readCommandLine(line).commands[0]?.connection;
  assert.deepEqual(connection('psql -h db.prod.example -U app -d shop -f 1.sql'), {
    words: [],
    host: 'db.prod.example',
    user: 'app',
    database: 'shop',
  });
  assert.deepEqual(connection('psql postgres://app@h/shop -f 1.sql'), {
    words: [],
    url: 'postgres://app@h/shop',
  });
  assert.deepEqual(connection('DATABASE_URL=postgres://h/d npx prisma migrate deploy'), {
    words: [],
    url: 'postgres://h/d',
  });
  assert.deepEqual(connection('RAILS_ENV=production rails db:migrate')?.words, ['production']);
  assert.deepEqual(connection('npx knex migrate:latest --env staging')?.words, ['staging']);
  assert.deepEqual(connection('rake db:migrate RAILS_ENV=test')?.words, ['test']);
  assert.equal(connection('flyway -url=jdbc:postgresql://h/d migrate')?.url, 'jdbc:postgresql://h/d');
});

test('where `cd` says so, the command runs in that folder', () => {
  const folder = (line: string) => readCommandLine(line).commands[0]?.folder;
  assert.equal(folder('cd backend && psql -f 1.sql'), 'backend');
  assert.equal(folder('cd a; cd b; psql -f 1.sql'), 'a/b');
  assert.equal(folder('psql -f 1.sql'), undefined);
});

test('psql tells by its exit code only where it is made to stop', () => {
  const tells = (line: string) => readCommandLine(line).commands[0]?.exitCodeTells;
  assert.equal(tells('psql -f 1.sql'), false);
  assert.equal(tells('psql -v ON_ERROR_STOP=1 -f 1.sql'), true);
  assert.equal(tells('psql --set=ON_ERROR_STOP=on -f 1.sql'), true);
  assert.equal(tells('mysql shop < 1.sql'), true);
});

test('what of a line’s exit code and duration is a command’s own', () => {
  const place = (line: string) =>
    readCommandLine(line).commands.map(
      ({ alone, endsLine }) => `${alone ? 'alone' : 'with others'} ${endsLine}`,
    );
  assert.deepEqual(place('goose up'), ['alone always']);
  assert.deepEqual(place('cd db && goose up'), ['alone always']);
  assert.deepEqual(place('cat 1.sql | psql'), ['alone always']);
  assert.deepEqual(place('goose up && npm start'), ['with others on-success']);
  assert.deepEqual(place('goose up | tee log'), ['with others never']);
  assert.deepEqual(place('goose up || true'), ['with others never']);
  assert.deepEqual(place('npm run build && goose up'), ['with others always']);
  assert.deepEqual(place('bash -c "goose up; ls"'), ['with others never']);
});
