import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionsOn,
  ask,
  completionsAt,
  editorIn,
  lensTitles,
  marked,
  placesAt,
  rulesSaid,
} from './language-editor.ts';

const KNEX = `exports.up = async (knex) => {
  await knex.schema.createTable('orders', (table) => {
    table.increments('id');
    table.integer('user_id').references('id').inTable('users');
  });
  if (process.env.SEED) await knex('users').insert({ id: 1 });
  await knex.schema.alterTable('users', (table) => {
    table.dropColumn('email');
  });
};
exports.down = async (knex) => {};
`;

test('a script of Knex: lenses and findings on the lines of its calls, what is not known is said', async (t) => {
  const path = 'migrations/20240102000000_orders.js';
  const vscode = await editorIn(t, {
    'package.json': '{"dependencies": {"knex": "3", "pg": "8"}}',
    'migrations/20240101000000_users.js':
      "exports.up = (knex) => knex.schema.createTable('users', (t) => { t.increments('id'); t.string('email'); });\n",
  });
  await vscode.open(path, KNEX);
  assert.deepEqual(await rulesSaid(vscode, path), ['5 not-analysed', '6 drop-column']);
  const [unknown] = vscode.diagnostics.get(vscode.uri(path)) ?? [];
  assert.equal(unknown?.message, 'Not analysed: rows are changed by the query builder.');
  assert.match((await lensTitles(vscode, path)).join('\n'), /^6 ACCESS EXCLUSIVE on users/m);
});

test('a migration of Rails: lenses, findings and its unknown parts, in the way its tool runs it', async (t) => {
  const vscode = await editorIn(t, {
    Gemfile: "gem 'pg'\n",
    'db/migrate/20240101000000_users.rb':
      'class Users < ActiveRecord::Migration[7.1]\n  def change\n    create_table(:users) { |t| t.string :email }\n  end\nend\n',
  });
  const path = 'db/migrate/20240102000000_index.rb';
  const rails =
    'class Index < ActiveRecord::Migration[7.1]\n  def change\n    add_index :users, :email\n    remove_column :users, :email\n    User.delete_all\n  end\nend\n';
  await vscode.open(path, rails);
  assert.deepEqual(await rulesSaid(vscode, path), [
    '4 not-analysed',
    '2 index-not-concurrent',
    '3 drop-column',
  ]);
  assert.match((await lensTitles(vscode, path)).join('\n'), /^2 SHARE on users/m);
  const dropped = (vscode.diagnostics.get(vscode.uri(path)) ?? []).filter(
    ({ code }) => code === 'drop-column',
  );
  const ignore = (await actionsOn(vscode, path, dropped)).find(({ title }) => title.includes('in this line'));
  const [edit] = Object.values(ignore?.edit?.changes ?? {}).flat();
  assert.equal(edit?.newText, ' # aibos-ignore-line drop-column: ');
  await vscode.type(
    path,
    rails.replace('remove_column :users, :email', `$&${edit?.newText}unused since May`),
  );
  await vscode.until(
    () => rulesSaid(vscode, path),
    (said) => said.join() === '4 not-analysed,2 index-not-concurrent',
  );
});

test('schema.prisma: its mistakes, and what no migration beside it makes', async (t) => {
  const vscode = await editorIn(t, {
    'prisma/migrations/20240101000000_users/migration.sql':
      'CREATE TABLE "User" ("id" integer PRIMARY KEY);\n',
    'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  });
  const path = 'prisma/schema.prisma';
  const schema = 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n  age Int?\n}\n';
  await vscode.open(path, schema);
  assert.deepEqual(await rulesSaid(vscode, path), ['5 prisma-schema-ahead']);
  await vscode.type(path, schema.replace('Int?', 'Whole'));
  await vscode.until(
    () => rulesSaid(vscode, path),
    (said) => said.join() === '5 prisma-syntax',
  );
  assert.deepEqual(await lensTitles(vscode, path), []);
});

test('a text without a file is judged on the history that was open last; several folders each have theirs', async (t) => {
  const vscode = await editorIn(t, {
    'a/migrations/0001_a.sql': 'CREATE TABLE in_a (x int);\n',
    'b/migrations/0001_b.sql': 'CREATE TABLE in_b (y int);\n',
  });
  for (const [path, wanted] of [
    ['a/migrations/0002_now.sql', 'in_a'],
    ['b/migrations/0002_now.sql', 'in_b'],
  ] as const) {
    const { text, position } = marked('ALTER TABLE |');
    await vscode.open(path, text);
    assert.deepEqual(await completionsAt(vscode, path, position), [wanted]);
  }
  const uri = 'untitled:Untitled-1';
  const { text, position } = marked('ALTER TABLE in_b ADD COLUMN z int;\nSELECT y FROM in_b|;');
  await vscode.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'sql', version: 1, text },
  });
  const lenses = await vscode.connection.sendRequest<{ command: { title: string } }[]>(
    'textDocument/codeLens',
    {
      textDocument: { uri },
    },
  );
  assert.match(lenses.map(({ command }) => command.title).join('\n'), /^ACCESS EXCLUSIVE on in_b/m);
  assert.deepEqual(
    await vscode.connection.sendRequest('textDocument/definition', { textDocument: { uri }, position }),
    [
      {
        uri: vscode.uri('b/migrations/0001_b.sql'),
        range: { start: { line: 0, character: 13 }, end: { line: 0, character: 17 } },
      },
    ],
  );
});

test('in a folder that is not trusted everything works that runs no program', async (t) => {
  const vscode = await editorIn(
    t,
    { 'migrations/0001_users.sql': 'CREATE TABLE users (id int);\n' },
    { trusted: false, shadow: true },
  );
  const path = 'migrations/0002_now.sql';
  await vscode.open(path, 'DROP TABLE users;\n');
  assert.deepEqual(await rulesSaid(vscode, path), ['0 drop-table']);
  assert.ok(!(await lensTitles(vscode, path)).some((title) => title.includes('run')));
  assert.deepEqual(await placesAt(vscode, 'definition', path, { line: 0, character: 12 }), [
    '0001_users.sql:0:13',
  ]);
});

test('broken text, nothing at all, a dump and another encoding do no harm', async (t) => {
  const vscode = await editorIn(t, { 'migrations/0001_a.sql': 'CREATE TABLE a (b int);\n' });
  const path = 'migrations/0002_now.sql';
  await vscode.open(path, '');
  for (const text of [
    '',
    ';;;',
    "SELECT 'never closed",
    'CREATE TABLE (',
    'ALTER TABLE a ADD COLUMN "é🎉" text; DROP',
    `${'INSERT INTO a VALUES (1);\n'.repeat(3_000)}`,
    '$$',
    'CREATE INDEX ON',
  ]) {
    await vscode.type(path, text);
    for (const question of ['codeLens', 'documentSymbol', 'foldingRange'])
      assert.ok(Array.isArray(await ask(vscode, question, path, {})), `${question} of ${text.slice(0, 20)}`);
    await completionsAt(vscode, path, { line: 0, character: 3 });
    await placesAt(vscode, 'references', path, { line: 0, character: 3 });
  }
});
