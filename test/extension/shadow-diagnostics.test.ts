import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Preferences } from '../../extension/protocol.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { writeTree } from '../support/tree.ts';
import { Editor } from './language-server.ts';

const FIRST = 'migrations/0001_users.sql';
const LAST = 'migrations/0002_orders.sql';
const USERS = 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\n';

async function editor(t: TestContext, preferences: Partial<Preferences> = {}) {
  const root = realpathSync(temporaryFolder(t, 'aibos-project-'));
  writeTree(root, { [FIRST]: USERS });
  const folder = temporaryDataFolder(t);
  return Editor.start(t, {
    root,
    folder,
    preferences: { recording: 'paused', shadow: true, ...preferences },
  });
}

/** `line:column-column code message`, from 0 as editors count. */
const gist = (vscode: Editor, path: string) =>
  vscode.diagnostics
    .get(vscode.uri(path))
    ?.map(
      ({ range, code, message }) =>
        `${range.start.line}:${range.start.character}-${range.end.character} ${code} ${message}`,
    );

/** Waits until the server says this of a file. */
const says = (vscode: Editor, path: string, wanted: string[]) =>
  vscode.until(
    () => gist(vscode, path),
    (now) => JSON.stringify(now) === JSON.stringify(wanted),
  );

test('what fails is underlined while it is typed, unsaved, on top of the migrations before it', async (t) => {
  const vscode = await editor(t);
  await vscode.open(LAST, '');
  await vscode.type(LAST, "-- é🎉\nSELECT '🎉', emial FROM users;\nALTER TABLE users ADD COLUM\n");
  await says(vscode, LAST, [
    '1:13-18 42703 column "emial" does not exist\nHint: Perhaps you meant to reference the column "users.email".',
    '2:26-27 42601 syntax error at end of input',
  ]);
  const [first] = vscode.diagnostics.get(vscode.uri(LAST)) ?? [];
  assert.equal(first?.severity, DiagnosticSeverity.Error);
  assert.equal(first?.source, 'AI-BOS shadow');
  assert.match(first?.codeDescription?.href ?? '', /postgresql\.org\/docs\/.*errcodes/);

  await vscode.type(LAST, 'ALTER TABLE users ADD COLUMN name text;\n');
  await says(vscode, LAST, []);
  await vscode.type(LAST, 'ALTER TABLE orders ADD COLUMN name text;\n');
  await says(vscode, LAST, ['0:12-18 42P01 relation "orders" does not exist']);

  await vscode.open(FIRST, USERS);
  await vscode.save(FIRST, `${USERS}CREATE TABLE orders (id int);\n`);
  await says(vscode, LAST, []);
});

test('an extension that the shadow does not have is information, not an error', async (t) => {
  const vscode = await editor(t);
  await vscode.open(LAST, 'CREATE EXTENSION plv8;\nALTER TABLE users DROP COLUMN nothing;\n');
  await vscode.until(
    () => vscode.diagnostics.get(vscode.uri(LAST))?.map(({ severity, message }) => [severity, message]),
    (now) =>
      JSON.stringify(now) ===
      JSON.stringify([
        [DiagnosticSeverity.Information, 'Not judged: the extension plv8 is not available in the shadow.'],
        [DiagnosticSeverity.Error, 'column "nothing" of relation "users" does not exist'],
      ]),
  );
});

test('nothing is judged where it is switched off, not trusted, or no migration; it goes when switched off', async (t) => {
  const wrong = 'DROP TABLE nobody;\n';
  const vscode = await editor(t);
  await vscode.open('queries/report.sql', wrong);
  await vscode.open(LAST, wrong);
  await says(vscode, LAST, ['0:11-17 42P01 table "nobody" does not exist']);
  await vscode.prefer({ recording: 'paused', trusted: true, shadow: false });
  await says(vscode, LAST, []);
  await vscode.type(LAST, `${wrong}DROP TABLE other;\n`);
  const untrusted = await editor(t, { trusted: false });
  await untrusted.open(LAST, wrong);
  const off = await editor(t, { shadow: false });
  await off.open(LAST, wrong);
  await vscode.prefer({ recording: 'paused', trusted: true, shadow: true });
  await says(vscode, LAST, [
    '0:11-17 42P01 table "nobody" does not exist',
    '1:11-16 42P01 table "other" does not exist',
  ]);
  await delay(500);
  assert.deepEqual([...untrusted.diagnostics, ...off.diagnostics], []);
  assert.equal(vscode.diagnostics.get(vscode.uri('queries/report.sql')), undefined);
});
