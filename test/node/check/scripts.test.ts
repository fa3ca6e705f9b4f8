/** `aibos check` of migrations written in JavaScript, and of MySQL and SQLite. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkFiles } from '../../../core/check/check.ts';
import { collect } from '../../../core/node/check/collect.ts';
import { loadParsers } from '../../../core/node/parsers.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { writeTree } from '../../support/tree.ts';

before(loadParsers);

test('a folder of Knex migrations is checked on the lines of its scripts; what is not known is said', async (t) => {
  const folder = temporaryFolder(t);
  writeTree(folder, {
    'package.json': '{"dependencies":{"knex":"3.1.0","pg":"8"}}',
    'migrations/20240101000000_a.js':
      "exports.up = (knex) =>\n  knex.schema.createTable('users', (t) => { t.increments(); t.string('email'); });",
    'migrations/20240102000000_b.js':
      "exports.up = async (knex) => {\n  await knex.schema.table('users', (t) => { t.unique(['email']); });\n  await knex('users').insert(rows);\n};",
  });
  const files = await collect([folder], {});
  assert.deepEqual(
    files.map(({ format, dialect, runner }) => `${format.name} ${dialect} ${runner.wrapping}`),
    ['knex postgres file', 'knex postgres file'],
  );
  const [, second] = checkFiles(files).files;
  assert.deepEqual(
    second?.statements.map(
      ({ line, locks }) => `${line} ${locks.map(({ relation, mode }) => `${relation} ${mode}`)}`,
    ),
    ['2 public.users ACCESS EXCLUSIVE'],
  );
  assert.deepEqual(
    second?.findings?.map(({ rule, line, message }) => `${rule} ${line} ${message}`),
    ['not-analysed 3 Not analysed: rows are changed by the query builder.'],
  );
});

test('MySQL and SQLite files have locks and rewrites, and nothing is left unanalysed', async (t) => {
  const folder = temporaryFolder(t);
  writeTree(folder, {
    'm.sql':
      'CREATE TABLE `a` (`id` int AUTO_INCREMENT PRIMARY KEY, n int) ENGINE=InnoDB;\nALTER TABLE a MODIFY n bigint;',
    's.sql': 'CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT, n INT);\nALTER TABLE a DROP COLUMN n;',
  });
  const summary = async (path: string) => {
    const { files } = checkFiles(await collect([`${folder}/${path}`], {}));
    return files[0]?.statements.map(({ locks, rewrites, unanalysed }) => [
      locks.map(({ relation, mode }) => `${relation} ${mode}`).join(),
      rewrites.join(),
      unanalysed,
    ]);
  };
  assert.deepEqual(await summary('m.sql'), [
    ['', '', undefined],
    ['a SHARE ROW EXCLUSIVE', 'a', undefined],
  ]);
  assert.deepEqual(await summary('s.sql'), [
    ['main EXCLUSIVE', '', undefined],
    ['main EXCLUSIVE', 'a', undefined],
  ]);
});

test('a folder that is known by its own name is found where it is given itself', async (t) => {
  const folder = temporaryFolder(t);
  writeTree(folder, {
    'config/database.yml': 'development:\n  adapter: mysql2\n',
    'db/migrate/20240101000000_a.rb':
      'class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :a\n  end\nend\n',
    'packages/api/migrations/20240101000000_b.js':
      'exports.up = (knex) => knex.schema.createTable("b", (t) => { t.increments(); });\n',
    'packages/api/package.json': '{"dependencies":{"knex":"3","pg":"8"}}',
  });
  const given = async (path: string) =>
    (await collect([`${folder}/${path}`], {})).map(
      ({ format, dialect, path: found }) => `${format.name} ${dialect} ${found.slice(folder.length + 1)}`,
    );
  assert.deepEqual(await given('db/migrate'), ['rails mysql db/migrate/20240101000000_a.rb']);
  assert.deepEqual(await given('packages/api/migrations'), [
    'knex postgres packages/api/migrations/20240101000000_b.js',
  ]);
});

test('how a tool is told to run a script outside of its transaction', async (t) => {
  const folder = temporaryFolder(t);
  writeTree(folder, {
    'db/migrate/20240101000000_a.rb':
      'class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :a\n    add_index :b, :x, algorithm: :concurrently\n  end\nend\n',
  });
  const [file] = checkFiles(await collect([folder], {})).files;
  const messages = file?.statements.flatMap(({ findings }) => findings.map(({ message }) => message));
  assert.match(
    String(messages),
    /To run it outside, put it into a migration with the line disable_ddl_transaction!\./,
  );
});
