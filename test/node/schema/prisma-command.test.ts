/** `aibos schema prisma` as a process: its output and exit codes. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../../support/temp.ts';
import { writeTree } from '../../support/tree.ts';

const AIBOS = fileURLToPath(new URL('../../../core/node/cli/aibos.ts', import.meta.url));
const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n}\n';
const MIGRATION = 'prisma/migrations/20240101000000_a/migration.sql';

test('says what differs by line, ends with 0, 1 or 2', (t) => {
  const folder = temporaryFolder(t);
  const project = join(folder, 'project');
  const run = (schema: string | Uint8Array, ...args: string[]) => {
    writeTree(project, {
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"',
      [MIGRATION]: 'CREATE TABLE "A" (id int PRIMARY KEY);',
      'prisma/schema.prisma': schema,
    });
    const env = { ...process.env, AIBOS_DATA_DIR: join(folder, 'data'), NO_COLOR: '1' };
    const all = [AIBOS, ...args, 'schema', 'prisma', project];
    return spawnSync(process.execPath, all, { env, encoding: 'utf8' });
  };
  const same = run(`${DATASOURCE}model A {\n  id Int @id\n}`);
  assert.equal(same.status, 0, same.stderr);
  assert.match(same.stdout, /1 table, 0 differences\./);

  const ahead = run(`${DATASOURCE}model A {\n  id Int @id\n  b Int\n}`);
  assert.equal(ahead.status, 1, ahead.stderr);
  assert.match(ahead.stdout, /prisma\/schema\.prisma:6 {2}The migrations do not make the column A\.b/);

  const json = JSON.parse(run(`${DATASOURCE}model B {\n  id Int @id\n}`, '--format', 'json').stdout);
  assert.deepEqual(
    json.comparisons[0].differences.map(({ rule, severity, kind, line }: Record<string, unknown>) => [
      rule,
      severity,
      kind,
      line,
    ]),
    [['prisma-schema-ahead', 'info', 'table-missing', 4]],
  );

  const broken = run(`${DATASOURCE}model A {\n  id Int @id`);
  assert.equal(broken.status, 2);
  assert.match(broken.stderr, /prisma\/schema\.prisma:4: The model A that begins here has no closing \}/);

  const other = run('datasource db {\n  provider = "mysql"\n}\nmodel Z {\n  id Int @id\n}');
  assert.equal(other.status, 2);
  assert.match(other.stderr, /another database/);

  const binary = run(new Uint8Array([0x6d, 0xff, 0x00]));
  assert.equal(binary.status, 2);
  assert.match(binary.stderr, /prisma\/schema\.prisma cannot be read as text/);
});
