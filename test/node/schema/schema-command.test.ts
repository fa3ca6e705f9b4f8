/** `aibos schema` and `aibos governance` as people use them: real processes on a real repository. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { TelemetryError } from '../../../core/contract/errors.ts';
import { DataFolder } from '../../../core/node/data-folder.ts';
import { startEngine } from '../../support/engine.ts';
import { startPostgres } from '../../support/postgres.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { writeTree } from '../../support/tree.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));

function scene(t: TestContext) {
  const folder = temporaryFolder(t);
  const shop = join(folder, 'shop');
  writeTree(folder, {
    'shop/migrations/20250110120000_users.sql': 'CREATE TABLE users (id int PRIMARY KEY, full_name text);',
    'shop/migrations/20250410120000_orders.sql':
      'CREATE TABLE orders (id int PRIMARY KEY);\nALTER TABLE users ADD COLUMN email text;',
  });
  const data = join(folder, 'data');
  const env = { ...process.env, AIBOS_DATA_DIR: data, NO_COLOR: '1', AIBOS_DATABASE_URL: '' };
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [AIBOS, ...args], {
      env,
      cwd: shop,
      encoding: 'utf8',
    });
    return { code: status, stdout, stderr };
  };
  return { folder, shop, data, run };
}

test('log, show and diff of what was imported; deleted timelines come back', (t) => {
  const { run, data } = scene(t);
  const none = run('schema', 'log');
  assert.deepEqual([none.code, /Import the repository first/.test(none.stdout)], [1, true]);
  assert.equal(run('import', '.').code, 0);

  const log = run('schema', 'log');
  assert.match(log.stdout, /^0\.2\.0 .* 2025-04-10 {2}20250410120000_orders {2}2 additive\n/);
  assert.match(log.stdout, /0\.1\.0 .* 2025-01-10 {2}20250110120000_users {2}1 additive\n/);

  const march = run('schema', 'show', '--at', '2025-03-01', '--table', 'public.users');
  assert.match(march.stdout, /^0\.1\.0/);
  assert.match(march.stdout, /public\.users {2}table\n {2}id integer NOT NULL\n {2}full_name text\n/);
  assert.doesNotMatch(march.stdout, /email/);
  const missing = run('schema', 'show', '0.1.0', '--table', 'orders');
  assert.deepEqual([missing.code, /There were: public\.users/.test(missing.stderr)], [2, true]);

  const diff = run('schema', 'diff', '0.1.0..0.2.0', '--format', 'json');
  assert.equal(diff.code, 1, 'something differs');
  const { differences } = JSON.parse(diff.stdout);
  assert.deepEqual(
    differences.map(({ kind, object }: { kind: string; object: string }) => `${kind} ${object}`),
    ['table_added public.orders', 'column_added public.users.email'],
  );
  assert.equal(run('schema', 'diff', '0.2.0..latest').code, 0, 'nothing differs');

  rmSync(join(data, 'schemas'), { recursive: true });
  assert.equal(run('schema', 'log').code, 1);
  assert.equal(run('import', '.').code, 0);
  assert.equal(run('schema', 'log').stdout, log.stdout);
});

test('two branches are compared by running their histories; the checkout is not touched', (t) => {
  const { run, shop } = scene(t);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', shop, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      encoding: 'utf8',
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-qm', 'one');
  git('checkout', '-qb', 'feature');
  writeTree(shop, {
    'migrations/20250510120000_name.sql': 'ALTER TABLE users RENAME COLUMN full_name TO name;',
  });
  git('add', '-A');
  git('commit', '-qm', 'two');
  git('checkout', '-q', 'main');
  const diff = run('schema', 'diff', 'main..feature');
  assert.equal(diff.code, 1, diff.stderr);
  assert.match(diff.stdout, /breaking {2}column removed {2}public\.users\.full_name/);
  assert.match(diff.stdout, /May be a renaming: column public\.users\.full_name to public\.users\.name/);
  assert.equal(git('status', '--short'), '');
  assert.equal(git('rev-parse', '--abbrev-ref', 'HEAD').trim(), 'main');
  const unknown = run('schema', 'diff', 'main..nowhere');
  assert.equal(unknown.code, 2);
});

test('drift: what a live database has that the history has not, and the SQL for it', async (t) => {
  const { run } = scene(t);
  const url = await startPostgres(t);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE TABLE users (id int PRIMARY KEY, full_name text);
    CREATE TABLE orders (id int PRIMARY KEY); ALTER TABLE users ADD COLUMN email text`);
  assert.equal(run('import', '.').code, 0);
  const same = run('schema', 'diff', '--url', url);
  assert.deepEqual([same.code, same.stdout], [0, '0 differences, 0 breaking.\n'], same.stderr);
  await client.query('CREATE INDEX by_hand ON users (email)');
  await client.end();
  const drift = run('schema', 'diff', '--url', url, '--sql');
  assert.deepEqual(
    [drift.code, drift.stdout],
    [1, 'CREATE INDEX by_hand ON public.users USING btree (email);\n'],
  );
});

test('drift is recorded without the address, raises an alert, and ends it once the database is as its migrations say', async (t) => {
  const { run, data } = scene(t);
  const url = await startPostgres(t);
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  await db.query(`CREATE TABLE users (id int PRIMARY KEY, full_name text);
    CREATE TABLE _prisma_migrations (id serial PRIMARY KEY)`);
  assert.equal(run('import', '.').code, 0);

  const waiting = run('schema', 'drift', '--url', url);
  assert.equal(waiting.code, 1, waiting.stderr);
  assert.match(
    waiting.stdout,
    /^127\.0\.0\.1\/postgres stands at 0\.1\.0: 1 migration not run there yet\.\n/,
  );

  await db.query(`CREATE TABLE orders (id int PRIMARY KEY); ALTER TABLE users ADD COLUMN email text;
    CREATE INDEX by_hand ON users (email)`);
  const byHand = run('schema', 'drift', '--url', url, '--sql');
  assert.deepEqual(
    [byHand.code, byHand.stdout],
    [1, 'CREATE INDEX by_hand ON public.users USING btree (email);\n'],
    byHand.stderr,
  );

  const { client } = await startEngine(t, new DataFolder(data));
  const open = async () => (await client.call('alerts.list', { kind: ['schema-drift'] })).items;
  const [alert, ...others] = await open();
  assert.deepEqual([others.length, alert?.severity], [0, 'error']);
  assert.match(alert?.title ?? '', /differs from what its migrations give \(0\.2\.0\) in 1 place/);

  await db.query('DROP INDEX by_hand');
  await db.end();
  const { result, differences, leftOut, eventId, environment } = await client.call('schema.drift', { url });
  assert.deepEqual(
    [result, differences, leftOut, environment],
    ['pass', [], ['public._prisma_migrations'], 'development'],
  );
  assert.deepEqual(await open(), []);

  const { items } = await client.call('events.list', { type: ['compliance_check', 'security_event'] });
  const judged = items.filter(({ data: { rule } }) => rule === 'schema-drift');
  assert.deepEqual(
    judged.map(({ data: { result } }) => result),
    ['pass', 'fail', 'warn'],
  );
  assert.equal(judged[0]?.id, eventId);
  const all = JSON.stringify((await client.call('events.list', { limit: 500 })).items);
  assert.equal(
    all.includes('only-for-this-test') || all.includes('postgres://'),
    false,
    'no address is kept',
  );
  assert.match(all, /schema\.drift by admin: done/);

  await assert.rejects(
    client.call('schema.drift', { url: 'postgres://a:hunter2@127.0.0.1:1/x' }),
    (error) => {
      assert.ok(TelemetryError.is(error, 'unavailable') && !error.message.includes('hunter2'));
      return true;
    },
  );
  await assert.rejects(
    client.call('schema.drift', { url: 'sqlite:nowhere.db' }),
    /There is no file|cannot be read/,
  );
});

test('governance check judges, records, and says every fault of a manifest', async (t) => {
  const { run, shop, data } = scene(t);
  writeTree(shop, {
    'aibos.manifest.json': JSON.stringify({
      version: 1,
      personalData: { columns: ['email'], require: ['comment'] },
      rules: { 'drop-column': 'error' },
    }),
    'migrations/20250510120000_drop.sql':
      '-- aibos:approve destructive-change by Ana until 2999-01-01: not read\nALTER TABLE users DROP COLUMN full_name;',
  });
  const check = run('governance', 'check', 'migrations', '--format', 'json');
  assert.equal(check.code, 1, check.stderr);
  const { result, files } = JSON.parse(check.stdout);
  assert.deepEqual(
    [
      result,
      files.map(({ findings }: { findings: { rule: string; line: number }[] }) =>
        findings.map(({ rule, line }) => `${rule} ${line}`),
      ),
    ],
    ['fail', [[], ['personal-data 2', 'personal-data-approval 2'], ['drop-column 2']]],
  );
  const last = run('governance', 'check', 'migrations/20250510120000_drop.sql', '--history', 'migrations');
  assert.match(last.stdout, /20250510120000_drop\.sql:2 {2}fail {2}/);

  const { client } = await startEngine(t, new DataFolder(data));
  const { items } = await client.call('events.list', { type: ['compliance_check'], order: 'oldest' });
  assert.deepEqual(
    items.map(({ data: { subject, result: judged } }) => `${subject} ${judged}`),
    [
      '20250110120000_users pass',
      '20250410120000_orders fail',
      '20250510120000_drop fail',
      '20250510120000_drop fail',
    ],
  );

  writeTree(shop, { 'aibos.manifest.json': '{"version": 1, "rule": {}, "freezes": 3}' });
  const broken = run('governance', 'check', 'migrations');
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /\/rule {2}is not known; did you mean rules\?/);
  assert.match(broken.stderr, /\/freezes {2}must be array, not 3/);
});
