import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PREDICTION_COMMANDS } from '../../extension/protocol.ts';
import { editorIn, FACES, hoverAt, lensesOf, lensTitles, marked, STATISTICS } from './language-editor.ts';

const FIRST = { 'migrations/0001_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n' };
const LAST = 'migrations/0002_orders.sql';
const UNIQUE = 'CREATE TABLE orders (id int);\nALTER TABLE users ADD CONSTRAINT one UNIQUE (email);\n';

test('a lens above what others notice, one for the whole, and answers behind each', async (t) => {
  const vscode = await editorIn(t, { ...FIRST, ...STATISTICS }, { statisticsFile: 'stats.json' });
  await vscode.open(LAST, UNIQUE);
  const lenses = await lensesOf(vscode, LAST);
  assert.deepEqual(
    lenses.map(({ range, command }) => [range.start.line, command?.command]),
    [
      [0, PREDICTION_COMMANDS.show],
      [0, PREDICTION_COMMANDS.run],
      [0, PREDICTION_COMMANDS.right],
      [0, PREDICTION_COMMANDS.wrong],
      [0, PREDICTION_COMMANDS.whatHappened],
      [1, PREDICTION_COMMANDS.show],
      [1, PREDICTION_COMMANDS.right],
      [1, PREDICTION_COMMANDS.wrong],
      [1, PREDICTION_COMMANDS.whatHappened],
    ],
  );
  assert.match(
    lenses[0]?.command?.title ?? '',
    /^over 99 % may fail · blocks users · ~[\d.]+ m?s · 1 warning$/,
  );
  assert.match(
    lenses[0]?.command?.tooltip ?? '',
    /^2 statements · .* · blocks reads and writes on users · ~[\d.]+ m?s \(.+–.+\) · 1 warning/,
  );
  assert.match(
    lenses[5]?.command?.title ?? '',
    /^ACCESS EXCLUSIVE on users · ~[\d.]+ ms · over \d+ % may fail: duplicates in email$/,
  );
  assert.deepEqual(lenses[6]?.command?.arguments, [
    {
      uri: vscode.uri(LAST),
      line: 2,
      subject: '0002_orders',
      statement: 1,
      table: 'public.users',
      tool: 'numbered',
    },
  ]);
});

test('where no statistics tell the size, nothing is predicted: it is said why, and what happened can be said', async (t) => {
  const vscode = await editorIn(t, FIRST);
  await vscode.open(LAST, UNIQUE);
  assert.deepEqual((await lensTitles(vscode, LAST)).slice(-2), [
    '1 ACCESS EXCLUSIVE on users · may fail: duplicates in email · no prediction yet',
    '1 what happened?',
  ]);
  const hover = await hoverAt(vscode, LAST, { line: 1, character: 2 });
  assert.match(hover, /\*\*No prediction yet:\*\* nobody knows the size of users\..*aibos stats export/);
  assert.match(hover, /The models that learn here know 0 of \d+ outcomes\./);
  assert.ok(!hover.includes('feedback.right'), 'nothing was predicted that could be right');
  assert.match(hover, /command:aibos\.feedback\.whatHappened\?/);
});

test('what a statement may fail by is said in as few words as it takes', async (t) => {
  const vscode = await editorIn(t, FIRST);
  const why = async (sql: string) => {
    await vscode.type(LAST, `CREATE TABLE orders (id int, "userId" bigint);\n${sql}\n`);
    const titles = await lensTitles(vscode, LAST);
    return titles.flatMap((title) => /may fail: (.+?) · /.exec(title)?.[1] ?? []);
  };
  await vscode.open(LAST, '');
  assert.deepEqual(await why('ALTER TABLE users ADD FOREIGN KEY (id) REFERENCES orders (id);'), [
    'id not in orders',
  ]);
  assert.deepEqual(await why('ALTER TABLE users ALTER email SET NOT NULL;'), ['NULLs in email']);
  assert.deepEqual(await why('ALTER TABLE users ALTER email TYPE int USING email::int;'), [
    'a value of email cannot be turned from text into integer',
  ]);
});

test('in the line of the summary a statement is told, and answered by its hover', async (t) => {
  const vscode = await editorIn(t, { ...FIRST, ...STATISTICS }, { statisticsFile: 'stats.json' });
  await vscode.open(LAST, 'ALTER TABLE users ADD CONSTRAINT one UNIQUE (email);\nSELECT 1;\n');
  const titles = await lensTitles(vscode, LAST);
  assert.equal(titles.length, 6);
  assert.match(titles[5] ?? '', /^0 ACCESS EXCLUSIVE on users · ~/);
});

test('the one statement of a file says everything about the file, in one line', async (t) => {
  const vscode = await editorIn(t, { ...FIRST, ...STATISTICS }, { statisticsFile: 'stats.json' });
  await vscode.open(LAST, '-- why\n\nALTER TABLE users ADD CONSTRAINT one UNIQUE (email);\n');
  const titles = await lensTitles(vscode, LAST);
  assert.match(titles[0] ?? '', /^2 ACCESS EXCLUSIVE on users · ~/);
  assert.deepEqual(titles.slice(1), [
    '2 $(play)\u00a0run',
    '2 $(thumbsup)\u00a0right',
    '2 $(thumbsdown)\u00a0wrong',
    '2 what happened?',
  ]);
});

test('lenses follow the text as it is typed, and the migrations before as they are saved', async (t) => {
  const vscode = await editorIn(t, FIRST);
  const path = 'migrations/0001_users.sql';
  await vscode.open(LAST, UNIQUE);
  await vscode.type(LAST, 'SELECT 1;\n');
  assert.equal((await lensTitles(vscode, LAST)).length, 3, 'nothing that could be right or wrong');
  await vscode.type(LAST, 'ALTER TABLE later ADD COLUMN a int UNIQUE;\n');
  assert.match((await lensTitles(vscode, LAST)).join(), /ACCESS EXCLUSIVE on later/);
  await vscode.open(path, FIRST[path]);
  await vscode.save(path, 'CREATE SCHEMA app; SET search_path = app; CREATE TABLE later (id int);\n');
  const named = await vscode.until(
    async () => (await lensTitles(vscode, LAST)).join(),
    (all) => all.includes('app.later'),
  );
  assert.match(named, /ACCESS EXCLUSIVE on app\.later/);
});

test('nothing where it is switched off or no migration; harmless statements only when asked for', async (t) => {
  const vscode = await editorIn(t, FIRST);
  await vscode.open('queries/report.sql', 'DROP TABLE users;\n');
  assert.deepEqual(await lensTitles(vscode, 'queries/report.sql'), []);
  await vscode.open(LAST, 'CREATE TABLE orders (id int);\n');
  assert.equal((await lensTitles(vscode, LAST)).length, 3);
  await vscode.prefer({ recording: 'paused', trusted: true, faces: { ...FACES, harmlessLens: true } });
  assert.equal((await lensTitles(vscode, LAST)).at(-1), '0 nothing waits');
  await vscode.prefer({
    recording: 'paused',
    trusted: true,
    faces: { ...FACES, codeLens: false, hover: false },
  });
  assert.deepEqual(await lensTitles(vscode, LAST), []);
  assert.equal(await hoverAt(vscode, LAST, { line: 0, character: 2 }), '');
});

test('a hover gives reasons, locks and what they block, sizes, and what it rests on', async (t) => {
  const vscode = await editorIn(t, { ...FIRST, ...STATISTICS }, { statisticsFile: 'stats.json' });
  const { text, position } = marked('AL|TER TABLE users ADD CONSTRAINT one UNIQUE (email);\n');
  await vscode.open(LAST, text);
  const hover = await hoverAt(vscode, LAST, position);
  assert.match(hover, /~[\d.]+ ms \(\d+–\d+ ms\) · over 99 % may fail: duplicates in email/);
  assert.match(hover, /duplicates in email: about half|duplicates in email: about \d+ %/);
  assert.ok(!hover.includes('fails if'), 'what a reason says with a figure is not said again');
  assert.match(
    hover,
    /`ACCESS EXCLUSIVE` on `public\.users` \(120k rows, 32 MB\): others can neither read nor write/,
  );
  assert.match(hover, /Rests on\*\*\n\n- what the statement does/);
  assert.match(hover, /command:aibos\.feedback\.right\?/);
  const hints: { label: string; position: unknown }[] = await vscode.connection.sendRequest(
    'textDocument/inlayHint',
    {
      textDocument: { uri: vscode.uri(LAST) },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    },
  );
  assert.deepEqual(
    hints.map(({ label, position: at }) => [label, at]),
    [['120k rows, 32 MB', { line: 0, character: 17 }]],
  );
});
