/** `aibos run`, `inspect` and `stats export`, as people call them. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readStatistics } from '../../../core/statistics/read.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { writeTree } from '../../support/tree.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));

function scene(t: TestContext) {
  const folder = temporaryFolder(t);
  const db = new DatabaseSync(join(folder, 'shop.db'));
  db.exec(
    `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT); INSERT INTO users VALUES (1, 'x@example.com')`,
  );
  db.close();
  writeTree(folder, {
    '1_good.sql': 'ALTER TABLE users ADD COLUMN age INT;\nUPDATE users SET age = 7;',
    '2_bad.sql': "ALTER TABLE users ADD COLUMN age INT;\nINSERT INTO users VALUES (2, 'top secret', 1);",
    '3_broken.sql': 'CREATE TABLE users (',
  });
  const run = (args: string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [AIBOS, ...args], {
      cwd: folder,
      env: {
        ...process.env,
        AIBOS_DATA_DIR: join(folder, 'data'),
        NO_COLOR: '1',
        AIBOS_DATABASE_URL: '',
        ...env,
      },
      encoding: 'utf8',
      input: '',
    });
    return { code: status, stdout, stderr };
  };
  return { folder, run };
}

test('run measures, records and stops at a failure; a dry run changes nothing', (t) => {
  const { run } = scene(t);
  const dry = run(['run', '--url', 'sqlite:shop.db', '--dry-run', '1_good.sql']);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /1_good\.sql {2}would work, rolled back/);
  assert.match(dry.stderr, /DEVELOPMENT {2}sqlite:/);

  const both = run(['run', '--format', 'json', '1_good.sql', '2_bad.sql'], { AIBOS_DATABASE_URL: 'shop.db' });
  assert.equal(both.code, 1, both.stderr);
  const { migrations } = JSON.parse(both.stdout);
  assert.deepEqual(
    migrations.map(({ outcome }: { outcome: string }) => outcome),
    ['succeeded', 'failed'],
  );
  assert.match(migrations[1].statements[0].error.message, /duplicate column name: age/);

  const report = JSON.parse(run(['report', '--format', 'json']).stdout);
  assert.equal(report.metrics.migrations.total, 3);
});

test('production is not touched by a program that does not name it; no password is shown', (t) => {
  const { run } = scene(t);
  const url = 'postgres://app:hunter2@db.prod.example.com/shop';
  const refused = run(['run', '--url', url, '1_good.sql']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /PRODUCTION {2}postgres:\/\/app@db\.prod\.example\.com\/shop/);
  assert.match(refused.stderr, /needs --yes-production shop\. Nothing was run\./);
  const wrong = run(['run', '--url', url, '--yes-production', 'other', '1_good.sql']);
  assert.match(wrong.stderr, /this database is shop\. Nothing was run/);
  const unreachable = run(['inspect', '--url', 'postgres://app:hunter2@127.0.0.1:1/shop']);
  assert.equal(unreachable.code, 3);
  const odd = run(['inspect', '--url', 'oracle://app:hunter2@host/shop']);
  assert.equal(odd.code, 2);
  for (const { stdout, stderr } of [refused, wrong, unreachable, odd])
    assert.ok(!`${stdout}${stderr}`.includes('hunter2'));
});

test('broken SQL is refused before anything is run', (t) => {
  const { run } = scene(t);
  const broken = run(['run', '--url', 'postgres://nobody@127.0.0.1:1/x', '3_broken.sql']);
  assert.equal(broken.code, 2);
  assert.match(broken.stderr, /3_broken\.sql:1:\d+: syntax error at end of input\. Nothing was run/);
});

test('stats export writes a file that can be read again; inspect reads for people', (t) => {
  const { run, folder } = scene(t);
  const exported = run(['stats', 'export', '--url', 'sqlite:shop.db', '-o', 'stats.json']);
  assert.equal(exported.code, 0, exported.stderr);
  const { dialect, tables } = readStatistics(readFileSync(join(folder, 'stats.json'), 'utf8'));
  assert.deepEqual([dialect, tables.map(({ relation }) => relation)], ['sqlite', ['main.users']]);
  const printed = run(['stats', 'export', '--url', 'sqlite:shop.db']);
  assert.equal(printed.stdout, readFileSync(join(folder, 'stats.json'), 'utf8'));
  const inspected = run(['inspect', '--url', 'sqlite:shop.db']);
  assert.match(inspected.stdout, /main\.users {2}1 row/);
  assert.match(inspected.stdout, /email .*TEXT.*no duplicates/);
  const none = run(['stats', 'export']);
  assert.equal(none.code, 2);
  assert.match(none.stderr, /Which database\? Give --url/);
});
