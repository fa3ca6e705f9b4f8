import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CodeAction } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { actionsOn, editorIn, FACES, rulesSaid } from './language-editor.ts';
import type { Editor } from './language-server.ts';

const FIRST = { 'migrations/0001_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n' };
const LAST = 'migrations/0002_orders.sql';

/** The text after an action. */
function applied(vscode: Editor, text: string, action: CodeAction | undefined): string {
  const edits = action?.edit?.changes?.[vscode.uri(LAST)] ?? [];
  return TextDocument.applyEdits(TextDocument.create('', 'sql', 0, text), edits);
}

const diagnostics = (vscode: Editor) => vscode.diagnostics.get(vscode.uri(LAST)) ?? [];

test('findings carry their rule and its page; a fix rewrites the statement, an ignore wants a reason', async (t) => {
  const vscode = await editorIn(t, FIRST);
  const text = '-- twice\n  CREATE INDEX by_email ON users (email);\nSELECT 1;\n';
  await vscode.open(LAST, text);
  assert.deepEqual(await rulesSaid(vscode, LAST), ['1 index-not-concurrent']);
  const [said] = diagnostics(vscode);
  assert.equal(said?.source, 'AI-BOS');
  assert.match(said?.codeDescription?.href ?? '', /^https:/);
  const actions = await actionsOn(vscode, LAST, diagnostics(vscode));
  assert.deepEqual(
    actions.map(({ title, isPreferred = false }) => [title.replace(/, in \d steps/, ''), isPreferred]),
    [
      ['Rewrite in the safe form', true],
      ['Ignore index-not-concurrent in this statement, and say why', false],
      ['Ignore index-not-concurrent in this line, and say why', false],
      ['Ignore index-not-concurrent in this file, and say why', false],
      ['Explain index-not-concurrent', false],
    ],
  );
  assert.match(applied(vscode, text, actions[0]), /CREATE INDEX CONCURRENTLY by_email ON users/);
  assert.match(applied(vscode, text, actions[0]), /;\nSELECT 1;\n$/);

  const ignored = applied(vscode, text, actions[1]);
  assert.equal(ignored.split('\n')[1], '  -- aibos-ignore index-not-concurrent: ');
  assert.deepEqual(actions[1]?.command?.arguments, [{ uri: vscode.uri(LAST), line: 1, character: 40 }]);
  await vscode.type(LAST, ignored);
  await vscode.until(
    () => diagnostics(vscode).map(({ code }) => code),
    (codes) => codes.includes('ignore-without-reason') && codes.includes('index-not-concurrent'),
  );
  await vscode.type(LAST, ignored.replace('concurrent: ', 'concurrent: forty rows'));
  await vscode.until(
    () => diagnostics(vscode).length,
    (count) => count === 0,
  );
});

test('rewriting everything touches only what runs as it stands, and only when asked for by name', async (t) => {
  const vscode = await editorIn(t, FIRST);
  const text = 'ALTER TABLE users DROP COLUMN email;\n';
  await vscode.open(LAST, text);
  assert.deepEqual(await rulesSaid(vscode, LAST), ['0 drop-column']);
  assert.deepEqual(await actionsOn(vscode, LAST, diagnostics(vscode), ['source.fixAll']), []);
  const kinds = (await actionsOn(vscode, LAST, diagnostics(vscode))).map(({ kind }) => kind);
  assert.deepEqual([...new Set(kinds)], ['quickfix']);
});

test('a mistake that the shadow says in the engine’s words is said once', async (t) => {
  const vscode = await editorIn(t, FIRST, { shadow: true });
  await vscode.open(LAST, 'ALTER TABLE users ADD COLUM\n');
  await vscode.until(
    () => diagnostics(vscode).map(({ source, code }) => `${source} ${code}`),
    (all) => all.length === 1 && all[0] === 'AI-BOS shadow 42601',
  );
  await vscode.type(LAST, 'DROP TABLE nobody;\n');
  const said = await vscode.until(
    () => diagnostics(vscode).map(({ source, code }) => `${source} ${code}`),
    (all) => all.some((one) => one.startsWith('AI-BOS shadow 42P01')),
  );
  assert.ok(!said.some((one) => one.includes('fails-in-shadow')), said.join());
});

test('diagnostics go when they are switched off', async (t) => {
  const vscode = await editorIn(t, FIRST);
  await vscode.open(LAST, 'DROP TABLE users;\n');
  assert.deepEqual(await rulesSaid(vscode, LAST), ['0 drop-table']);
  await vscode.prefer({ recording: 'paused', trusted: true, faces: { ...FACES, diagnostics: false } });
  await vscode.until(
    () => diagnostics(vscode).length,
    (count) => count === 0,
  );
  await vscode.type(LAST, 'DROP TABLE users CASCADE;\n');
  await delay(300);
  assert.deepEqual(diagnostics(vscode), []);
});
