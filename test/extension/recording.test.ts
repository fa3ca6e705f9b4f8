import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { workspaceOf } from '../../core/node/import/import-repository.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import { pseudonym } from '../../core/privacy/pseudonym.ts';
import type { Preferences } from '../../extension/protocol.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { Editor } from './language-server.ts';

const FILE = 'migrations/0001_users.sql';
const CREATE = 'CREATE TABLE users (id bigint PRIMARY KEY);\n';
const ADD = 'ALTER TABLE users ADD COLUMN email text;\n';

async function editor(t: TestContext, preferences: Partial<Preferences> = {}) {
  const folder = temporaryDataFolder(t);
  const root = realpathSync(temporaryFolder(t, 'aibos-project-'));
  return { editor: await Editor.start(t, { root, folder, preferences }), root, folder };
}

/** Operations and lines, the gist of what was recorded. */
function gist(events: TelemetryEvent[]): string[] {
  return events.map(({ type, data }) =>
    type === 'schema_operation' ? `${data.operation}:${data.line}` : `${type}:${data.line}`,
  );
}

test('a saved migration records what is new since it was opened', async (t) => {
  const { editor: vscode, root } = await editor(t);
  await vscode.open(FILE, CREATE);
  await vscode.save(FILE, CREATE + ADD);
  const [event, ...rest] = await vscode.recorded(1);
  assert.equal(rest.length, 0);
  assert.equal(event?.type, 'schema_operation');
  assert.equal(event?.source, 'vscode');
  assert.equal(event?.metadata.workspace, workspaceOf(root));
  assert.deepEqual(event?.data, {
    operation: 'add_column',
    kind: 'AlterTable',
    file: FILE,
    migration: '0001_users',
    dialect: 'postgres',
    tool: 'numbered',
    statement: 1,
    line: 2,
    endLine: 2,
    sql: 'ALTER TABLE users ADD COLUMN email text',
    objects: ['public.users'],
    operations: ['add_column'],
    destructive: false,
  });
});

test('a saved script of a known tool records the SQL that it sends', async (t) => {
  const { editor: vscode, root } = await editor(t);
  const rails = 'class A < ActiveRecord::Migration[7.1]\n  def change\n    create_table :users\n  end\nend\n';
  mkdirSync(join(root, 'db', 'migrate'), { recursive: true });
  writeFileSync(join(root, 'Gemfile'), "gem 'pg'\n");
  await vscode.open('db/migrate/20240101000000_users.rb', '');
  await vscode.save('db/migrate/20240101000000_users.rb', rails);
  await vscode.open('migrations/20240102000000_mail.js', '');
  await vscode.save(
    'migrations/20240102000000_mail.js',
    "exports.up = (knex) =>\n  knex.schema.alterTable('users', (table) => { table.string('mail'); });\n",
  );
  await vscode.open('lib/tasks.rb', '');
  await vscode.save('lib/tasks.rb', rails);
  const events = await vscode.recorded(2);
  assert.deepEqual(
    events.map(({ data }) => [data.tool, data.line, data.sql]),
    [
      ['rails', 3, 'CREATE TABLE "users" ("id" bigserial PRIMARY KEY)'],
      ['knex', 2, 'ALTER TABLE "users" ADD COLUMN "mail" varchar(255)'],
    ],
  );
});

test('white space, comments and an unchanged save record nothing; a changed statement is recorded again', async (t) => {
  const { editor: vscode } = await editor(t);
  await vscode.open(FILE, '');
  await vscode.save(FILE, CREATE);
  await vscode.save(FILE, `-- who they are\n${CREATE.replace(' (', '\n  (')}`);
  await vscode.save(FILE, CREATE);
  await vscode.save(FILE, CREATE.replace('bigint', 'uuid'));
  const events = await vscode.recorded(2);
  assert.deepEqual(
    events.map(({ data }) => data.sql),
    ['CREATE TABLE users (id bigint PRIMARY KEY)', 'CREATE TABLE users (id uuid PRIMARY KEY)'],
  );
});

test('broken SQL is an error with its line, and the statements around it are recorded', async (t) => {
  const { editor: vscode } = await editor(t);
  await vscode.open(FILE, '');
  await vscode.save(FILE, `${CREATE}ALTER TABLE users ADD COLUM;\nDROP TABLE old;\n`);
  const events = await vscode.recorded(3);
  assert.deepEqual(gist(events), ['create_table:1', 'error_occurrence:2', 'drop_table:3']);
  const { data } = events[1] ?? {};
  assert.match(String(data?.message), /syntax error/);
  assert.equal(data?.file, FILE);
  await vscode.save(FILE, `${CREATE}ALTER TABLE users ADD COLUMN email text;\nDROP TABLE old;\n`);
  assert.deepEqual(gist((await vscode.recorded(4)).slice(3)), ['add_column:2']);
});

test('text that is no SQL at all is recorded as an error and harms nothing', async (t) => {
  const { editor: vscode } = await editor(t);
  await vscode.open(FILE, '');
  await vscode.save(FILE, '\u0000 ??? (((( $$ never closed');
  assert.deepEqual(gist(await vscode.recorded(1)), ['error_occurrence:1']);
});

test('without an answer nothing is recorded, nor while recording is paused', async (t) => {
  const { editor: vscode } = await editor(t, { recording: 'undecided' });
  await vscode.open(FILE, '');
  await vscode.save(FILE, CREATE);
  await vscode.prefer({ recording: 'paused', trusted: true });
  await vscode.save(FILE, CREATE + ADD);
  await vscode.prefer({ recording: 'on', trusted: true });
  await vscode.save(FILE, `${CREATE + ADD}DROP TABLE old;\n`);
  assert.deepEqual(gist(await vscode.recorded(1)), ['drop_table:3']);
});

test('a tracked file is compared with its last commit, and its author goes under a pseudonym', async (t) => {
  const { editor: vscode, root, folder } = await editor(t);
  const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'ignore' });
  mkdirSync(join(root, 'migrations'));
  writeFileSync(join(root, FILE), CREATE);
  git('init');
  git('config', 'user.email', 'Ada@Example.org');
  git('config', 'user.name', 'Ada');
  git('add', '.');
  git('commit', '-m', 'first', '--no-gpg-sign');
  await vscode.open(FILE, CREATE + ADD);
  await vscode.save(FILE, `${CREATE + ADD}DROP TABLE old;\n`);
  const events = await vscode.recorded(2);
  assert.deepEqual(gist(events), ['add_column:2', 'drop_table:3']);
  const name = pseudonym(nodePlatform, folder.identityKey(), 'ada@example.org');
  assert.deepEqual(
    events.map(({ metadata }) => metadata.user),
    [name, name],
  );
  assert.doesNotMatch(JSON.stringify(events), /ada@example/i);
});

test('in a folder that is not trusted git is not asked', async (t) => {
  const { editor: vscode, root } = await editor(t, { trusted: false });
  execFileSync('git', ['-C', root, 'init'], { stdio: 'ignore' });
  execFileSync('git', ['-C', root, 'config', 'user.email', 'ada@example.org']);
  await vscode.open(FILE, CREATE);
  await vscode.save(FILE, CREATE + ADD);
  const [event] = await vscode.recorded(1);
  assert.equal(event?.metadata.user, undefined);
});

test('secrets in a migration do not reach the store', async (t) => {
  const { editor: vscode } = await editor(t);
  await vscode.open(FILE, '');
  await vscode.save(FILE, "CREATE ROLE app PASSWORD 'hunter2';\nINSERT INTO users VALUES (1, 'ada');\n");
  const stored = JSON.stringify(await vscode.recorded(2));
  assert.doesNotMatch(stored, /hunter2|'ada'/);
});

test('what was recorded is known again after a restart', async (t) => {
  const { editor: first, ...again } = await editor(t);
  await first.open(FILE, '');
  await first.save(FILE, CREATE);
  await first.recorded(1);
  await first.close();
  const second = await Editor.start(t, again);
  await second.open(FILE, CREATE);
  await second.save(FILE, CREATE);
  await second.save(FILE, CREATE + ADD);
  assert.deepEqual(gist(await second.recorded(2)), ['create_table:1', 'add_column:2']);
});

test('a save that is followed by the end of the editor is not lost', async (t) => {
  const { editor: first, ...again } = await editor(t);
  await first.open(FILE, '');
  await first.save(FILE, CREATE);
  await first.close();
  const second = await Editor.start(t, again);
  assert.deepEqual(gist(await second.recorded(1)), ['create_table:1']);
});

test('files that are no migrations, or the way back, are not recorded', async (t) => {
  const { editor: vscode } = await editor(t);
  for (const path of [
    'queries/report.sql',
    'migrations/0001_users.down.sql',
    'tests/migrations/0001_x.sql',
  ]) {
    await vscode.open(path, '');
    await vscode.save(path, CREATE);
  }
  await vscode.open(FILE, '');
  await vscode.save(FILE, CREATE);
  const events = await vscode.recorded(1);
  assert.deepEqual(
    events.map(({ data }) => data.file),
    [FILE],
  );
});
