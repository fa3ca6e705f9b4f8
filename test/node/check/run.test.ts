/** Collecting and checking files: order, encodings, placeholders, the cache, input that is broken or huge. */
import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CheckedFile, findingsOf } from '../../../core/check/result.ts';
import { type CollectOptions, collect } from '../../../core/node/check/collect.ts';
import { checkCollected } from '../../../core/node/check/run.ts';
import { temporaryFolder } from '../../support/temp.ts';
import { writeTree } from '../../support/tree.ts';

function scene(t: TestContext, tree: Record<string, string> = {}) {
  const folder = temporaryFolder(t);
  writeTree(folder, tree);
  const check = async (paths: string[], options: CollectOptions = {}, cache = false) => {
    const files = await collect(
      paths.map((path) => join(folder, path)),
      options,
    );
    const { result } = await checkCollected(files, { dataDir: join(folder, 'data'), shadow: false, cache });
    return result.files;
  };
  return { folder, check };
}

function rules(files: readonly CheckedFile[]): string[] {
  return files.flatMap(findingsOf).map(({ rule }) => rule);
}

test('a folder is judged in its tool’s order, each file on what those before it leave', async (t) => {
  const { check } = scene(t, {
    'm/10_c.sql': 'CREATE INDEX a_x ON a (x);',
    'm/9_b.sql': 'ALTER TABLE a ADD COLUMN x int;',
    'm/1_a.sql': 'CREATE TABLE a (id int PRIMARY KEY);',
  });
  const files = await check(['m']);
  assert.deepEqual(
    files.map(({ path }) => path.split('/').at(-1)),
    ['1_a.sql', '9_b.sql', '10_c.sql'],
  );
  assert.deepEqual(files[2]?.statements[0]?.locks, [{ relation: 'public.a', mode: 'SHARE' }]);
});

test('a single file is judged on its history up to it, and run as its neighbours’ tool runs it', async (t) => {
  const { check } = scene(t, {
    'm/001_a.sql': '-- +goose Up\nCREATE TABLE a (id int PRIMARY KEY, x int);\n-- +goose Down\nDROP TABLE a;',
    'm/002_b.sql': '-- +goose Up\nCREATE INDEX CONCURRENTLY a_x ON a (x);',
    'm/003_c.sql': '-- +goose Up\nDROP TABLE a;',
  });
  const files = await check(['m/002_b.sql']);
  assert.deepEqual(rules(files), ['not-in-transaction']);
});

test('what a tool is told to run outside of a transaction is', async (t) => {
  const { check } = scene(t, {
    'd/migrations/2024-01-01-000000_a/up.sql': 'CREATE TABLE a (x int);',
    'd/migrations/2024-01-02-000000_b/up.sql': 'CREATE INDEX CONCURRENTLY i ON a (x);',
    'd/migrations/2024-01-02-000000_b/metadata.toml': 'run_in_transaction = false\n',
    'd/migrations/2024-01-03-000000_c/up.sql': 'CREATE INDEX CONCURRENTLY j ON a (x);',
    'f/V1__a.sql': 'CREATE TABLE a (x int);',
    'f/V2__b.sql': 'CREATE INDEX CONCURRENTLY i ON a (x);',
    'f/V3__c.sql': 'ALTER TABLE a ADD COLUMN y int;\nCREATE INDEX CONCURRENTLY j ON a (y);',
  });
  const diesel = await check(['d/migrations']);
  assert.deepEqual(
    diesel.map((file) => rules([file])),
    [[], [], ['not-in-transaction']],
  );
  const flyway = await check(['f']);
  assert.deepEqual(
    flyway.map((file) => rules([file])),
    [[], [], ['not-in-transaction']],
  );
});

test('encodings: a mark, UTF-16, Latin-1, binary; the rest is still judged', async (t) => {
  const { folder, check } = scene(t);
  mkdirSync(join(folder, 'm'));
  const sql = 'CREATE TABLE "größe" (id int);';
  const write = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, 'm', name), bytes);
  write('1_mark.sql', Buffer.from(`\uFEFF${sql}`));
  write('2_utf16.sql', Buffer.from(`\uFEFF${sql.replace('größe', 'a')}`, 'utf16le'));
  write('3_utf16_no_mark.sql', Buffer.from(sql.replace('größe', 'b'), 'utf16le'));
  write('4_latin1.sql', Buffer.from(`SELECT 1;\n${sql.replace('größe', 'grün')}`, 'latin1'));
  write('5_binary.sql', Buffer.from([0, 1, 2, 3, 255, 0, 0, 7]));
  write('6_last.sql', Buffer.from('CREATE INDEX i ON "grün" (id);\nCREATE INDEX j ON b (id);'));
  const files = await check(['m']);
  assert.deepEqual(
    files.map(({ statements }) => statements.map(({ kind }) => kind).join()),
    ['Create', 'Create', 'Create', 'Select,Create', '', 'Index,Index'],
  );
  assert.deepEqual(rules(files), [
    'encoding',
    'file-unreadable',
    'index-not-concurrent',
    'index-not-concurrent',
  ]);
  assert.match(files[3]?.findings?.[0]?.message ?? '', /^Line 2 is not valid UTF-8/);
});

test('placeholders of a tool are no syntax errors, and equal ones are equal', async (t) => {
  const { check } = scene(t, {
    'm/1.sql': 'CREATE TABLE {{ index .Options "Schema" }}.a (id int);',
    'm/2.sql':
      'CREATE INDEX i ON {{ index .Options "Schema" }}.a (id);\nALTER TABLE \u0024{schema}.b ADD COLUMN x int;',
  });
  assert.deepEqual(rules(await check(['m'])), ['index-not-concurrent']);
});

test('what psql understands is passed over: its commands, data behind COPY', async (t) => {
  const { check } = scene(t, {
    'm/1.sql':
      "\\restrict abc\nSET x = 1;\nCREATE TABLE a (id int, t text);\nCOPY a (id, t) FROM stdin;\n1\tit's; x\n2\t(\n\\.\n\nCREATE TABLE b (id int);\n\\unrestrict abc\n",
  });
  const [file] = await check(['m']);
  assert.deepEqual(
    file?.statements.map(({ kind, line }) => `${kind}:${line}`),
    ['VariableSet:2', 'Create:3', 'Copy:4', 'Create:9'],
  );
  assert.deepEqual(rules(file ? [file] : []), []);
});

test('the cache gives the same answer, and none that is old after an edit, a deletion or another order', async (t) => {
  const { folder, check } = scene(t, {
    'm/1_a.sql': 'CREATE TABLE a (x int);',
    'm/2_b.sql': 'SELECT 1;',
    'm/3_c.sql': 'CREATE INDEX i ON a (x);',
  });
  const path = (name: string) => join(folder, 'm', name);
  const both = async () => {
    const kept = await check(['m'], {}, true);
    assert.deepEqual(kept, await check(['m'], {}, true), 'warm is as cold');
    assert.deepEqual(kept, await check(['m'], {}, false), 'and as without a cache');
    return kept.map((file) => rules([file]));
  };
  assert.deepEqual(await both(), [[], [], ['index-not-concurrent']]);
  writeFileSync(path('2_b.sql'), 'DROP TABLE a;\nSELECT 1;');
  assert.deepEqual((await both())[1], ['drop-table']);
  rmSync(path('2_b.sql'));
  assert.deepEqual(await both(), [[], ['index-not-concurrent']]);
  renameSync(path('1_a.sql'), path('4_a.sql'));
  assert.equal((await both()).length, 2);
  renameSync(path('4_a.sql'), path('1_a.sql'));
  writeFileSync(path('1_a.sql'), 'CREATE TABLE b (x int);');
  await both();
  await check(['m'], { transaction: 'file' }, true);
  await both();
});

test('broken text: each problem at its place, the rest judged', async (t) => {
  const { check } = scene(t, {
    'm/1.sql':
      'CREATE TABLE a (id int);\nALTER TABLE a ADD COLUM x int;\nCREATE TABLE b (id int);\nSELECT (1;\n',
    'm/2.sql': "CREATE INDEX i ON b (id);\nINSERT INTO b VALUES ('never ends);\n",
    'm/3.sql': `SELECT ${'('.repeat(100_000)}1;\nSELECT ${'1 + '.repeat(30_000)}1;\nCREATE INDEX j ON a (id);`,
    'm/4.sql': '',
    'm/5.sql': ';;;\n-- nothing\n',
    'm/6.sql': 'CREATE TABLE "\u{1F600}" (x int);\nSELECT \'\u{1F600}\' FORM x;',
  });
  const files = await check(['m']);
  const places = files.map((file) =>
    findingsOf(file).map(({ rule, line, column }) => `${rule} ${line}:${column}`),
  );
  assert.deepEqual(places[0], ['syntax-error 2:27', 'syntax-error 4:10']);
  assert.deepEqual(places[1], ['index-not-concurrent 1:14', 'syntax-error 2:23']);
  assert.deepEqual(
    places[2]?.map((text) => text.split(' ')[0]),
    ['syntax-error', 'syntax-error', 'index-not-concurrent'],
  );
  assert.deepEqual(places.slice(3, 5), [[], []]);
  assert.deepEqual(places[5], ['syntax-error 2:18']);
});

test('rows by the megabyte are not read one by one, and what follows them is judged', async (t) => {
  const { folder, check } = scene(t, { 'm/1.sql': 'CREATE TABLE a (id int, t text);' });
  const row = "(1, 'text with a ''quote'' and a ; in it')";
  const many = `INSERT INTO a (id, t) VALUES ${row};\n`.repeat(60_000);
  const one = `INSERT INTO a (id, t) VALUES\n${`${row},\n`.repeat(60_000)}${row};\n`;
  writeFileSync(join(folder, 'm', '2.sql'), `${many}CREATE INDEX i ON a (id);\nSELECT 1 FORM x;\n`);
  writeFileSync(join(folder, 'm', '3.sql'), `${one}CREATE INDEX j ON a (id);\n`);
  const [, second, third] = await check(['m']);
  assert.equal(second?.statements.length, 60_002);
  assert.deepEqual(second && findingsOf(second).map(({ rule, line }) => `${rule}:${line}`), [
    'index-not-concurrent:60001',
    'syntax-error:60002',
  ]);
  assert.deepEqual(
    third?.statements.map(({ kind, line, endLine }) => `${kind} ${line}-${endLine}`),
    ['Insert 1-60002', 'Index 60003-60003'],
  );
  assert.deepEqual(third?.statements[0]?.locks, [{ relation: 'public.a', mode: 'ROW EXCLUSIVE' }]);
});

test('a file of a hundred thousand lines', async (t) => {
  const table = (i: number) =>
    `CREATE TABLE t${i} (\n  id int PRIMARY KEY,\n  a text\n);\nCREATE INDEX t${i}_a ON t${i} (a);\n`;
  const text = Array.from({ length: 20_000 }, (_, i) => table(i)).join('');
  const { check } = scene(t, { 'm/1.sql': text, 'm/2.sql': 'CREATE INDEX i ON t19999 (a);' });
  const [first, second] = await check(['m']);
  assert.equal(first?.statements.length, 40_000);
  assert.equal(first?.statements.at(-1)?.line, 100_000);
  assert.deepEqual(
    [rules(first ? [first] : []), rules(second ? [second] : [])],
    [[], ['index-not-concurrent']],
  );
});
