import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { allEvents } from '../../../core/contract/client.ts';
import type { TelemetryEvent } from '../../../core/contract/event.ts';
import { listFiles } from '../../../core/node/import/files.ts';
import { type ImportResult, importRepository } from '../../../core/node/import/import-repository.ts';
import { startEngine, type TestEngine } from '../../support/engine.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { commitAll, type Tree, writeTree } from '../../support/tree.ts';

interface Repository extends TestEngine {
  root: string;
  import(): Promise<ImportResult>;
  migrations(): Promise<TelemetryEvent<'migration_execution'>[]>;
}

async function repository(t: TestContext, tree: Tree): Promise<Repository> {
  const root = temporaryFolder(t, 'repository-');
  writeTree(root, tree);
  const engine = await startEngine(t);
  return {
    ...engine,
    root,
    import: () => importRepository({ root, folder: engine.folder, client: engine.client }),
    migrations: async () =>
      (await allEvents(engine.client, {
        type: ['migration_execution'],
      })) as TelemetryEvent<'migration_execution'>[],
  };
}

const summary = ({ histories }: ImportResult) =>
  histories.map(({ imported, failed, engine }) => [imported, failed, engine?.split(' ')[0] ?? null]);
const outcomes = (events: TelemetryEvent<'migration_execution'>[]) =>
  events.map(({ data }) => [data.migration, data.outcome]);

test('a setting beside a file takes it out of its tool’s transaction', async (t) => {
  const here = await repository(t, {
    'migrations/2024-01-01-000000_a/up.sql': 'CREATE TABLE a (id int);',
    'migrations/2024-01-02-000000_b/up.sql': 'CREATE INDEX CONCURRENTLY a_id ON a (id);',
    'migrations/2024-01-02-000000_b/metadata.toml': 'run_in_transaction = false\n',
    'migrations/2024-01-03-000000_c/up.sql': 'CREATE INDEX CONCURRENTLY a_id_again ON a (id);',
  });
  await here.import();
  assert.deepEqual(outcomes(await here.migrations()), [
    ['2024-01-01-000000_a', 'succeeded'],
    ['2024-01-02-000000_b', 'succeeded'],
    ['2024-01-03-000000_c', 'failed'],
  ]);
});

test('a history of Rails is read, run as its statements and judged like any other', async (t) => {
  const here = await repository(t, {
    Gemfile: "gem 'pg'\n",
    'db/migrate/20240101000000_create_users.rb':
      'class CreateUsers < ActiveRecord::Migration[7.1]\n  def change\n    create_table :users do |t|\n      t.string :email\n    end\n    create_table :posts do |t|\n      t.references :user, foreign_key: true\n    end\n  end\nend\n',
    'db/migrate/20240102000000_index.rb':
      'class Index < ActiveRecord::Migration[7.1]\n  def change\n    add_index :users, :email, algorithm: :concurrently\n  end\nend\n',
    'db/migrate/20240103000000_again.rb':
      'class Again < ActiveRecord::Migration[7.1]\n  disable_ddl_transaction!\n  def change\n    add_index :users, :email, name: :by_email, algorithm: :concurrently\n  end\nend\n',
    'db/migrate/20240104000000_rows.rb':
      'class Rows < ActiveRecord::Migration[7.1]\n  def up\n    User.update_all(email: nil)\n  end\nend\n',
    'db/migrate/20240104120000_nothing.rb':
      'class Nothing < ActiveRecord::Migration[7.1]\n  def up\n    # not any more\n  end\nend\n',
    'db/migrate/20240105000000_remove.rb':
      'class Remove < ActiveRecord::Migration[7.1]\n  def change\n    remove_reference :posts, :user, foreign_key: true\n    remove_index :users, :email\n  end\nend\n',
  });
  commitAll(here.root, 'ada@example.com', '2024-01-06T09:00:00+01:00');
  const result = await here.import();
  const migrations = await here.migrations();
  assert.deepEqual(outcomes(migrations), [
    ['20240101000000_create_users', 'succeeded'],
    // Inside of its transaction.
    ['20240102000000_index', 'failed'],
    ['20240103000000_again', 'succeeded'],
    ['20240104000000_rows', 'unknown'],
    ['20240104120000_nothing', 'succeeded'],
    ['20240105000000_remove', 'succeeded'],
  ]);
  assert.deepEqual(summary(result), [[6, 1, 'PostgreSQL']]);
  const predictions = await allEvents(here.client, { type: ['ai_prediction'] });
  const isNothing = ({ data }: { data: object }) => JSON.stringify(data).includes('_nothing.rb');
  assert.equal(migrations.find(isNothing)?.data.durationMs, undefined, 'what sends nothing takes no time');
  assert.ok(predictions.length > 0 && !predictions.some(isNothing), 'nor is anything predicted of it');
  assert.equal(migrations[1]?.data.error?.sqlState, '25001');
  assert.equal(migrations[1]?.data.error?.line, 3);
  assert.ok(
    migrations.every(({ metadata }) => metadata.user !== undefined),
    'git knows who wrote each',
  );
});

test('a history is run, recorded and judged; the next import does only what is new', async (t) => {
  const repo = await repository(t, {
    'prisma/migrations/20240101100000_init/migration.sql':
      'CREATE TABLE users (id int PRIMARY KEY, email text);\nCREATE TABLE posts (id int, author int REFERENCES users);',
    'prisma/migrations/20240102100000_seed/migration.sql':
      "INSERT INTO users VALUES (1, 'ada@example.com'), (2, 'ada@example.com');",
  });
  commitAll(repo.root, 'Ada@Example.com', '2024-01-03T09:00:00+01:00');
  writeTree(repo.root, {
    'prisma/migrations/20240103100000_unique/migration.sql':
      'CREATE INDEX i ON posts (author);\n\nCREATE UNIQUE INDEX u\n  ON users (email);',
    'prisma/migrations/20240104100000_column/migration.sql': 'ALTER TABLE users ADD COLUMN name text;',
  });
  execFileSync('git', [
    '-C',
    repo.root,
    'mv',
    'prisma/migrations/20240102100000_seed',
    'prisma/migrations/20240102110000_seed',
  ]);
  commitAll(repo.root, 'bob@example.com', '2024-01-05T09:00:00Z');

  assert.deepEqual(summary(await repo.import()), [[4, 1, 'PostgreSQL']]);
  const events = await repo.migrations();
  assert.deepEqual(outcomes(events), [
    ['20240101100000_init', 'succeeded'],
    ['20240102110000_seed', 'succeeded'],
    ['20240103100000_unique', 'failed'],
    ['20240104100000_column', 'succeeded'],
  ]);
  const [init, seed, unique, column] = events;
  assert.ok(init && seed && unique && column);
  assert.equal(init.timestamp, '2024-01-01T10:00:00.000Z', 'the name says when it was written');
  assert.equal(init.data.committedAt, '2024-01-03T08:00:00.000Z');
  assert.equal(seed.data.author, init.data.author, 'a renamed file keeps its author');
  assert.notEqual(column.data.author, init.data.author);
  assert.match(String(init.data.author), /^dev-[2-9a-z]{6}$/);
  assert.deepEqual(
    [unique.data.failedStatement, unique.data.error?.sqlState, unique.data.error?.message],
    [1, '23505', 'could not create unique index "u"'],
  );
  assert.deepEqual(unique.data.indexesOnExisting, { blocking: 2, concurrent: 0 });
  assert.deepEqual(
    [init.data.schemaVersion, seed.data.schemaVersion, column.data.schemaVersion],
    ['0.1.0', '0.1.0', '0.2.0'],
  );

  const statements = (await allEvents(repo.client, {
    type: ['schema_operation'],
    correlationId: unique.id,
  })) as TelemetryEvent<'schema_operation'>[];
  assert.deepEqual(
    statements.map(({ data }) => [data.operation, data.outcome, data.line, data.endLine]),
    [
      ['create_index', 'rolled_back', 1, 1],
      ['create_unique_index', 'failed', 3, 4],
    ],
  );
  const during = await allEvents(repo.client, { correlationId: unique.id });
  const steps = (type: string) =>
    during.filter((event) => event.type === type).map(({ data }) => data.operation ?? data.modelId ?? '');
  assert.deepEqual(
    steps('performance_metric'),
    ['predict', 'compare', 'advance', 'evaluate'],
    'one id follows a migration through the engines',
  );
  assert.deepEqual(steps('ai_prediction'), ['error-prediction', 'performance-prediction']);
  assert.equal(
    new Set(events.map(({ metadata }) => metadata.requestId)).size,
    1,
    'one id follows the whole import',
  );
  assert.equal(new Set(during.map(({ metadata }) => metadata.sessionId)).size, 1);

  const everything = JSON.stringify(await allEvents(repo.client, {}));
  assert.ok(
    !everything.toLowerCase().includes('ada@example.com'),
    'neither rows nor authors are stored in clear',
  );

  const counts = async () => (await repo.client.call('stats.get', {})).byType;
  const types = new Map((await counts()).map(({ name, count }) => [name, count]));
  assert.deepEqual(
    ['schema_operation', 'migration_execution', 'ai_prediction', 'compliance_check'].map((type) =>
      types.get(type),
    ),
    [6, 4, 8, 4],
  );
  const { engines } = await repo.client.call('health.get', {});
  for (const name of ['ai-service', 'manifest-governance', 'schema-comparator', 'schema-versioning']) {
    assert.ok((engines.find((engine) => engine.name === name)?.operations ?? 0) >= 3, `${name} did not work`);
  }

  const before = (await repo.client.call('stats.get', {})).events;
  const again = await repo.import();
  assert.deepEqual([summary(again), again.events], [[[0, 0, null]], 0]);
  assert.equal((await repo.client.call('stats.get', {})).events, before);

  writeTree(repo.root, {
    'prisma/migrations/20240106100000_more/migration.sql': 'ALTER TABLE users DROP COLUMN name;',
  });
  assert.deepEqual(
    summary(await repo.import()),
    [[1, 0, 'PostgreSQL']],
    'the shadow goes on from where it stood',
  );
  assert.equal(
    (await repo.migrations()).at(-1)?.data.schemaVersion,
    '1.0.0',
    'and so does the schema’s version',
  );

  writeTree(repo.root, {
    'prisma/migrations/20240103100000_unique/migration.sql': 'CREATE INDEX i ON posts (author);',
  });
  assert.deepEqual(
    summary(await repo.import()),
    [[3, 0, 'PostgreSQL']],
    'an edited file and what follows it run again',
  );
  const latest = (await repo.migrations()).filter(({ data }) => data.migration === '20240103100000_unique');
  assert.deepEqual(
    latest.map(({ data }) => data.outcome).sort(),
    ['failed', 'succeeded'],
    'both versions of the file are kept',
  );
  assert.equal((await repo.migrations()).length, 6, 'files that did not change are not recorded twice');
});

test('what cannot be run is one failed event with its reason; the rest goes on', async (t) => {
  const repo = await repository(t, {
    'db/01_first.sql': 'CREATE TABLE a (id int);',
    'db/02_extension.sql': 'CREATE EXTENSION plv8; CREATE TABLE b (id int);',
    'db/03_binary.sql': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]),
    'db/04_latin1.sql': Buffer.from('-- caf\xe9', 'latin1'),
    'db/05_utf16.sql': Buffer.from('\ufeffALTER TABLE a ADD COLUMN x int;', 'utf16le'),
    'db/06_broken.sql': 'ALTER TABLE a ADD COLUMN y int;\nALTER TABEL a ADD COLUMN z int;',
    'db/07_empty.sql': '-- nothing yet\n',
    'db/08_last.sql': 'ALTER TABLE b ADD COLUMN y2 int; ALTER TABLE a DROP COLUMN y;',
  });
  assert.deepEqual(summary(await repo.import()), [[8, 3, 'PostgreSQL']]);
  const reasons = (await repo.migrations()).map(({ data }) => [data.migration, data.reason ?? data.outcome]);
  assert.deepEqual(Object.fromEntries(reasons), {
    '01_first': 'succeeded',
    '02_extension': 'the extension plv8 is not available in the shadow',
    '03_binary': 'the file is binary, not SQL text',
    '04_latin1': 'the file is not valid UTF-8; save it as UTF-8',
    '05_utf16': 'succeeded',
    '06_broken': 'statement 2 of 2: syntax error at or near "TABEL"',
    '07_empty': 'succeeded',
    '08_last': 'succeeded',
  });
  const broken = (await repo.migrations()).find(({ data }) => data.migration === '06_broken');
  assert.deepEqual([broken?.data.error?.line, broken?.data.error?.column], [2, 7]);
});

test('SQLite runs in SQLite; what no shadow can run is recorded as not run', async (t) => {
  const repo = await repository(t, {
    'drizzle/meta/_journal.json': JSON.stringify({
      dialect: 'sqlite',
      entries: [
        { idx: 0, tag: '0000_a' },
        { idx: 1, tag: '0001_b' },
      ],
    }),
    'drizzle/0000_a.sql':
      'CREATE TABLE `users` (`id` integer PRIMARY KEY);\n--> statement-breakpoint\nCREATE INDEX `i` ON `users` (`id`);',
    'drizzle/0001_b.sql': 'ALTER TABLE `nobody` ADD COLUMN x text;',
    'mysql/migrations/1_a.sql': 'CREATE TABLE `users` (`id` int AUTO_INCREMENT) ENGINE=InnoDB;',
  });
  assert.deepEqual(summary(await repo.import()), [
    [2, 1, 'SQLite'],
    [1, 0, null],
  ]);
  const byName = Object.fromEntries((await repo.migrations()).map(({ data }) => [data.migration, data]));
  assert.equal(byName['0000_a']?.schemaVersion, '0.1.0');
  assert.match(String(byName['0001_b']?.reason), /no such table: nobody/);
  assert.deepEqual([byName['1_a']?.outcome, byName['1_a']?.durationMs], ['unknown', undefined]);
  assert.match(String(byName['1_a']?.reason), /MySQL is not run in the shadow/);
});

test('a statement that would never end is stopped by a broken shadow’s replacement', async (t) => {
  const { ShadowProcess } = await import('../../../core/node/shadow/process.ts');
  const shadow = await ShadowProcess.start('sqlite');
  t.after(() => shadow.close());
  const statement = {
    text: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n',
    start: 0,
  };
  const run = shadow.run({ name: 'endless', wrapping: 'none', statements: [statement] }, 300);
  await assert.rejects(run, /stopped after 0.3 s in the shadow database/);
  await assert.rejects(shadow.snapshot(), /stopped after/);
});

test('circles of links and unreadable folders hold nothing up', async (t) => {
  const root = temporaryFolder(t, 'tree-');
  writeTree(root, { 'migrations/1_a.sql': 'SELECT 1;', 'locked/2_b.sql': 'SELECT 2;' });
  symlinkSync('..', join(root, 'migrations', 'up'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('/nowhere', join(root, 'dangling'));
  const { paths, problems } = await listFiles(root);
  assert.deepEqual(paths, ['locked/2_b.sql', 'migrations/1_a.sql']);
  assert.deepEqual(problems, []);

  chmodSync(join(root, 'locked'), 0);
  chmodSync(root, 0o755);
  const script = `import { listFiles } from ${JSON.stringify(new URL('../../../core/node/import/files.ts', import.meta.url).href)};
    console.log(JSON.stringify(await listFiles(${JSON.stringify(root)})));`;
  const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    ...asNobody,
    encoding: 'utf8',
    cwd: '/',
  });
  chmodSync(join(root, 'locked'), 0o755);
  const listed = JSON.parse(stdout || `"${stderr}"`);
  assert.deepEqual(listed.paths, ['migrations/1_a.sql']);
  assert.deepEqual(listed.problems, [{ path: 'locked', message: 'no permission to read it' }]);
});

test('a folder that cannot be used is one clear error', async (t) => {
  const { folder, client } = await startEngine(t);
  const root = temporaryFolder(t);
  await assert.rejects(
    importRepository({ root: join(root, 'nowhere'), folder, client }),
    /There is no folder/,
  );
  writeFileSync(join(root, 'file'), '');
  await assert.rejects(importRepository({ root: join(root, 'file'), folder, client }), /is not a folder/);
  const empty = await importRepository({ root, folder, client });
  assert.deepEqual([empty.histories, empty.events], [[], 0]);
});

test('a broken manifest is reported and the default used', async (t) => {
  const repo = await repository(t, {
    'aibos.manifest.json': '{"version": 1, "rules": {"primary-key": "sometimes"}}',
    'db/migrations/1_a.sql': 'CREATE TABLE a (id int);',
  });
  await repo.import();
  const [problem] = await allEvents(repo.client, { type: ['error_occurrence'] });
  assert.match(
    String(problem?.data.message),
    /rules\/primary-key is "sometimes"; use one of off, warn, fail/,
  );
  const [check] = (await allEvents(repo.client, {
    type: ['compliance_check'],
  })) as TelemetryEvent<'compliance_check'>[];
  assert.deepEqual(
    [check?.data.result, check?.data.message],
    ['warn', 'public.a has no primary key; add one, so that rows can be told apart and replicated.'],
  );
});

test('what is known only in part does not stop what follows: it runs, and only its failures do not count', async (t) => {
  const script = (body: string) =>
    `module.exports = { up: async (queryInterface, Sequelize) => { ${body} }, down: async () => {} };`;
  const repo = await repository(t, {
    'migrations/20240101000000-first.js': script(
      `await queryInterface.createTable('users', { id: { type: Sequelize.INTEGER, primaryKey: true } });`,
    ),
    'migrations/20240102000000-partly.js': script(
      `await queryInterface.addColumn('users', 'name', Sequelize.TEXT); await queryInterface.sequelize.query(build());`,
    ),
    'migrations/20240103000000-works.js': script(
      `await queryInterface.addColumn('users', 'email', Sequelize.TEXT);`,
    ),
    'migrations/20240104000000-fails.js': script(
      `await queryInterface.removeColumn('users', 'made_by_build');`,
    ),
  });
  await repo.import();
  const outcomes = (await repo.migrations()).map(({ data }) => [data.migration, data.outcome, data.reason]);
  assert.deepEqual(outcomes, [
    ['20240101000000-first', 'succeeded', undefined],
    ['20240102000000-partly', 'unknown', 'line 1: the SQL is put together when it runs'],
    ['20240103000000-works', 'succeeded', undefined],
    [
      '20240104000000-fails',
      'unknown',
      'column "made_by_build" of relation "users" does not exist; an earlier migration, 20240102000000-partly, is known only in part',
    ],
  ]);
});

test('a history that begins on a schema that is not in it: what is not there is nobody’s failure', async (t) => {
  const repo = await repository(t, {
    'db/01_column.sql': 'ALTER TABLE invoices ADD COLUMN total int;',
    'db/02_table.sql': 'CREATE TABLE notes (id int);',
    'db/03_type.sql': "ALTER TYPE state ADD VALUE 'x';",
    'db/04_mistake.sql': 'ALTER TABEL notes ADD COLUMN a int;',
  });
  await repo.import();
  const outcomes = (await repo.migrations()).map(({ data }) => [data.migration, data.outcome]);
  assert.deepEqual(outcomes, [
    ['01_column', 'unknown'],
    ['02_table', 'succeeded'],
    ['03_type', 'unknown'],
    ['04_mistake', 'failed'],
  ]);
});

test('a migration that failed leaves nothing that the next forecast believes in, after a restart too', async (t) => {
  const at = (day: number, name: string) => `prisma/migrations/202401${day}100000_${name}/migration.sql`;
  const first: Tree = {
    [at(10, 'init')]: 'CREATE TABLE users (id int PRIMARY KEY, email text);',
    [at(11, 'seed')]: "INSERT INTO users VALUES (1, 'ada@example.com'), (2, 'ada@example.com');",
    [at(12, 'unique')]: 'ALTER TABLE users ADD CONSTRAINT one UNIQUE (email);',
  };
  const second: Tree = {
    [at(13, 'again')]:
      'DELETE FROM users WHERE id = 2;\nALTER TABLE users ADD CONSTRAINT one UNIQUE (email);',
    [at(14, 'twice')]: 'ALTER TABLE users ADD CONSTRAINT one UNIQUE (email);',
    [at(15, 'column')]: 'ALTER TABLE users ADD COLUMN name text;',
  };
  const inOneGo = await repository(t, { ...first, ...second });
  const inTwo = await repository(t, first);
  await inOneGo.import();
  await inTwo.import();
  writeTree(inTwo.root, second);
  await inTwo.import();
  const said = async ({ client }: TestEngine) =>
    (await allEvents(client, { type: ['ai_prediction'] }))
      .map(
        ({ data }) =>
          data as { modelId: string; subject: string; failureProbability?: number; reasons?: string[] },
      )
      .filter(({ modelId }) => modelId === 'error-prediction')
      .map(({ subject, failureProbability, reasons }) => ({ subject, failureProbability, reasons }));
  const [whole, parts] = [await said(inOneGo), await said(inTwo)];
  assert.deepEqual(parts, whole);
  const about = (name: string) => whole.find(({ subject }) => subject.endsWith(name));
  assert.doesNotMatch(about('again')?.reasons?.join() ?? '', /there already/);
  assert.match(about('twice')?.reasons?.join() ?? '', /one of public\.users is there already/);
  assert.deepEqual(
    (await inOneGo.migrations()).map(({ data }) => data.outcome),
    ['succeeded', 'succeeded', 'failed', 'succeeded', 'failed', 'succeeded'],
  );
});
