/** The table of tools that run migrations: how each is called, and where its command line names files and database. */
import type { Dialect } from '../../contract/event.ts';

export type Direction = 'up' | 'down';

export interface ToolRule {
  /** Name of the tool in events. */
  tool: string;
  /** Names of its program, without path and `.exe`. */
  programs: readonly string[];
  /** Words that stand together among the arguments, with what they do. */
  verbs: readonly [words: string, direction: Direction][];
  /** Flags that are followed by a value. */
  values?: readonly string[];
  /** With one of these nothing is run. */
  never?: readonly string[];
  /** Without one of these it is another program of that name. */
  needs?: readonly string[];
  /** Flags that name a connection string. */
  url?: readonly string[];
  /** Flags that name an environment. */
  environment?: readonly string[];
  dialect?: Dialect;
}

const HELP = ['--help', '-h', '--version'];

export const TOOLS: readonly ToolRule[] = [
  {
    tool: 'prisma',
    programs: ['prisma'],
    verbs: [
      ['migrate deploy', 'up'],
      ['migrate dev', 'up'],
      ['migrate reset', 'up'],
      ['db push', 'up'],
      ['db execute', 'up'],
    ],
    values: ['--schema', '--name', '-n', '--file', '--url', '--config'],
    never: [...HELP, '--create-only'],
    url: ['--url'],
  },
  {
    tool: 'drizzle-kit',
    programs: ['drizzle-kit'],
    verbs: [
      ['migrate', 'up'],
      ['push', 'up'],
      ['push:pg', 'up'],
      ['push:mysql', 'up'],
      ['push:sqlite', 'up'],
    ],
    values: ['--config', '--url', '--dialect', '--schema', '--out'],
    never: HELP,
    url: ['--url'],
  },
  {
    tool: 'knex',
    programs: ['knex'],
    verbs: [
      ['migrate:latest', 'up'],
      ['migrate:up', 'up'],
      ['migrate:down', 'down'],
      ['migrate:rollback', 'down'],
    ],
    values: ['--knexfile', '--env', '--connection', '--client', '--cwd', '--migrations-directory'],
    never: HELP,
    url: ['--connection'],
    environment: ['--env'],
  },
  {
    tool: 'typeorm',
    programs: ['typeorm', 'typeorm-ts-node-commonjs', 'typeorm-ts-node-esm'],
    verbs: [
      ['migration:run', 'up'],
      ['migration:revert', 'down'],
      ['schema:sync', 'up'],
    ],
    values: ['-d', '--dataSource', '-t', '--transaction'],
    never: [...HELP, '--fake', '-f'],
  },
  {
    tool: 'sequelize',
    programs: ['sequelize', 'sequelize-cli'],
    verbs: [
      ['db:migrate', 'up'],
      ['db:migrate:undo', 'down'],
      ['db:migrate:undo:all', 'down'],
    ],
    values: ['--env', '--url', '--config', '--to', '--name', '--migrations-path', '--options-path'],
    never: HELP,
    url: ['--url'],
    environment: ['--env'],
  },
  {
    tool: 'mikro-orm',
    programs: ['mikro-orm', 'mikro-orm-esm'],
    verbs: [
      ['migration:up', 'up'],
      ['migration:down', 'down'],
      ['schema:update', 'up'],
    ],
    never: HELP,
  },
  {
    tool: 'node-pg-migrate',
    programs: ['node-pg-migrate'],
    verbs: [
      ['up', 'up'],
      ['down', 'down'],
      ['redo', 'up'],
    ],
    values: ['-m', '--migrations-dir', '-d', '--database-url-var', '-f', '--config-file'],
    never: [...HELP, '--dry-run', '--fake'],
    dialect: 'postgres',
  },
  {
    tool: 'rails',
    programs: ['rails', 'rake'],
    verbs: [
      ['db:migrate', 'up'],
      ['db:migrate:up', 'up'],
      ['db:migrate:redo', 'up'],
      ['db:migrate:down', 'down'],
      ['db:rollback', 'down'],
      ['db:prepare', 'up'],
      ['db:setup', 'up'],
      ['db:schema:load', 'up'],
    ],
    values: ['-e', '--environment'],
    never: ['--help', '-h', '-T', '--dry-run', '-n'],
    environment: ['-e', '--environment'],
  },
  {
    tool: 'alembic',
    programs: ['alembic'],
    verbs: [
      ['upgrade', 'up'],
      ['downgrade', 'down'],
    ],
    values: ['-c', '--config', '-n', '--name', '-x', '--tag'],
    never: [...HELP, '--sql'],
  },
  {
    tool: 'flask-migrate',
    programs: ['flask'],
    verbs: [
      ['db upgrade', 'up'],
      ['db downgrade', 'down'],
    ],
    values: ['-A', '--app', '-d', '--directory', '-x'],
    never: ['--help', '--sql'],
  },
  {
    tool: 'django',
    programs: ['manage.py', 'django-admin'],
    verbs: [['migrate', 'up']],
    values: ['--database', '--settings', '--pythonpath', '-v', '--verbosity'],
    never: [...HELP, '--plan', '--fake', '--check'],
    environment: ['--settings', '--database'],
  },
  {
    tool: 'laravel',
    programs: ['artisan'],
    verbs: [
      ['migrate', 'up'],
      ['migrate:fresh', 'up'],
      ['migrate:refresh', 'up'],
      ['migrate:rollback', 'down'],
    ],
    never: [...HELP, '--pretend'],
    environment: ['--env'],
  },
  {
    tool: 'phinx',
    programs: ['phinx'],
    verbs: [
      ['migrate', 'up'],
      ['rollback', 'down'],
    ],
    values: ['-e', '--environment', '-c', '--configuration', '-t', '--target'],
    never: [...HELP, '--dry-run', '-x', '--fake'],
    environment: ['-e', '--environment'],
  },
  {
    tool: 'flyway',
    programs: ['flyway'],
    verbs: [
      ['migrate', 'up'],
      ['undo', 'down'],
    ],
    never: ['--help', '-?', 'help'],
    url: ['-url'],
    environment: ['-environment'],
  },
  {
    tool: 'liquibase',
    programs: ['liquibase'],
    verbs: [
      ['update', 'up'],
      ['update-count', 'up'],
      ['update-to-tag', 'up'],
      ['update-testing-rollback', 'up'],
      ['rollback', 'down'],
      ['rollback-count', 'down'],
    ],
    never: HELP,
    url: ['--url'],
  },
  {
    tool: 'goose',
    programs: ['goose'],
    verbs: [
      ['up', 'up'],
      ['up-by-one', 'up'],
      ['up-to', 'up'],
      ['redo', 'up'],
      ['down', 'down'],
      ['down-to', 'down'],
      ['reset', 'down'],
    ],
    values: ['-dir', '--dir', '-table', '--table', '-env', '--env'],
    never: HELP,
  },
  {
    tool: 'golang-migrate',
    programs: ['migrate'],
    verbs: [
      ['up', 'up'],
      ['goto', 'up'],
      ['down', 'down'],
    ],
    values: [
      '-path',
      '--path',
      '-database',
      '--database',
      '-source',
      '--source',
      '-lock-timeout',
      '-prefetch',
    ],
    never: ['-help', ...HELP],
    needs: ['-path', '--path', '-database', '--database', '-source', '--source'],
    url: ['-database', '--database'],
  },
  {
    tool: 'diesel',
    programs: ['diesel'],
    verbs: [
      ['migration run', 'up'],
      ['migration redo', 'up'],
      ['migration revert', 'down'],
      ['database setup', 'up'],
      ['database reset', 'up'],
    ],
    values: ['--database-url', '--config-file', '--migration-dir'],
    never: HELP,
    url: ['--database-url'],
  },
  {
    tool: 'sqlx',
    programs: ['sqlx', 'cargo-sqlx'],
    verbs: [
      ['migrate run', 'up'],
      ['migrate revert', 'down'],
      ['database setup', 'up'],
      ['database reset', 'up'],
    ],
    values: ['--database-url', '-D', '--source'],
    never: [...HELP, '--dry-run'],
    url: ['--database-url', '-D'],
  },
  {
    tool: 'dbmate',
    programs: ['dbmate'],
    verbs: [
      ['up', 'up'],
      ['migrate', 'up'],
      ['rollback', 'down'],
      ['down', 'down'],
    ],
    values: ['--url', '-u', '--env', '-e', '--migrations-dir', '-d', '--schema-file', '-s', '--env-file'],
    never: HELP,
    url: ['--url', '-u'],
  },
  {
    tool: 'supabase',
    programs: ['supabase'],
    verbs: [
      ['db push', 'up'],
      ['db reset', 'up'],
      ['migration up', 'up'],
    ],
    values: ['--db-url', '--workdir', '--password', '-p'],
    never: [...HELP, '--dry-run'],
    url: ['--db-url'],
    dialect: 'postgres',
  },
  {
    tool: 'atlas',
    programs: ['atlas'],
    verbs: [
      ['migrate apply', 'up'],
      ['schema apply', 'up'],
      ['migrate down', 'down'],
    ],
    values: ['--url', '-u', '--dir', '--env', '--config', '-c', '--to', '--dev-url'],
    never: [...HELP, '--dry-run'],
    url: ['--url', '-u'],
    environment: ['--env'],
  },
  {
    tool: 'sqitch',
    programs: ['sqitch'],
    verbs: [
      ['deploy', 'up'],
      ['rebase', 'up'],
      ['revert', 'down'],
    ],
    values: ['--target', '-t', '--to', '-C', '--chdir'],
    never: [...HELP, '--log-only'],
    url: ['--target', '-t'],
  },
  {
    tool: 'wrangler-d1',
    programs: ['wrangler'],
    verbs: [['d1 migrations apply', 'up']],
    values: ['--env', '-e', '--config', '-c'],
    never: HELP,
    environment: ['--env', '-e'],
    dialect: 'sqlite',
  },
  {
    tool: 'ef',
    programs: ['dotnet-ef', 'dotnet'],
    verbs: [
      ['ef database update', 'up'],
      ['database update', 'up'],
    ],
    values: ['--project', '-p', '--startup-project', '-s', '--connection', '--context', '-c'],
    never: HELP,
  },
];
