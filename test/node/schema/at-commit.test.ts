import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadParsers } from '../../../core/node/parsers.ts';
import { schemaAtCommit } from '../../../core/node/schema/at-commit.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { commitAll, writeTree } from '../../support/tree.ts';

before(loadParsers);

const HISTORIES: Record<string, Record<string, string>> = {
  rails: {
    'config/database.yml': 'development:\n  adapter: postgresql\n',
    'db/migrate/20240101000000_a.rb':
      'class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :users\n  end\nend\n',
  },
  knex: {
    'package.json': '{"dependencies":{"knex":"3","pg":"8"}}',
    'migrations/20240101000000_a.js':
      "exports.up = (knex) => knex.schema.createTable('users', (t) => { t.increments(); });\n",
  },
};

for (const [tool, tree] of Object.entries(HISTORIES))
  test(`the schema at a commit, of a history in scripts of ${tool}`, async (t) => {
    const folder = temporaryFolder(t);
    writeTree(folder, tree);
    commitAll(folder, 'ada@example.com', '2024-01-02T00:00:00Z');
    const { schema, history, failed } = await schemaAtCommit(folder, 'HEAD', undefined);
    assert.equal(history.format, tool);
    assert.deepEqual(failed, []);
    assert.ok(schema.relations.some(({ name }) => name === 'users'));
  });
