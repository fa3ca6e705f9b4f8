/** Everything that a person reads in the editor can be translated, and is where a translation is there. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { MODEL_NAMES } from '../../core/contract/model.ts';
import { modelName } from '../../extension/client/feedback/answer.ts';
import { t, translateWith } from '../../extension/text.ts';
import { textBundle, untranslated } from '../../scripts/generate-l10n.ts';
import { ask, editorIn, hoverAt, lensTitles } from './language-editor.ts';

const ROOT = new URL('../../', import.meta.url);
/** Words that no reader of the editor meets, or that are the same in every language. */
const NOT_FOR_READERS = [
  // Kept in events, which are data and the same for everybody.
  /^extension\/server\/recording\//,
  /models\/model-commands\.ts:\d+ asked for in the editor$/,
  /server\/(?:main|engine-link)\.ts:\d+ editor (?:closed|lost)$/,
  // Commands of tools, a type of SQL, a page that translates itself, kinds for `when` clauses, a name to leave out.
  /^extension\/client\/(?:run-command|page-html)\.ts/,
  /keywords\.ts:\d+ double precision$/,
  /views\/alerts-view\.ts:\d+ alert anomaly$/,
  /models\/models-view\.ts:\d+ model earlier$/,
  /server\/doctor\.ts:\d+ desktop app$/,
];

test('no text in words stands outside of t()', () => {
  const files = globSync('extension/{client,server}/**/*.ts', { cwd: ROOT }).sort();
  const found = files.flatMap((file) => untranslated(readFileSync(new URL(file, ROOT), 'utf8'), file));
  const wrong = found.filter((text) => !NOT_FOR_READERS.some((known) => known.test(text)));
  assert.deepEqual(wrong, []);
  for (const known of NOT_FOR_READERS)
    assert.ok(
      found.some((text) => known.test(text)),
      `${known} excuses nothing any more`,
    );
});

test('a new text outside of t() is found; SQL, errors and the log are none', () => {
  const source = [
    "const a = 'nobody can translate this';",
    'const b = `nor this one`;',
    "const c = t('this is translated');",
    "throw new Error('the program is wrong');",
    "log.warn('said to the log');",
    "const d = 'CREATE TABLE';",
  ].join('\n');
  assert.deepEqual(untranslated(source, 'x.ts'), ['x.ts:1 nobody can translate this', 'x.ts:2 nor this one']);
});

test('a text is said in the language that the editor brought along', () => {
  assert.equal(t('{0} open alerts', 3), '3 open alerts');
  translateWith({ '{0} open alerts': 'offene Warnungen: {0}' });
  assert.equal(t('{0} open alerts', 3), 'offene Warnungen: 3');
  translateWith(undefined);
  assert.equal(t('{0} open alerts', 3), '3 open alerts');
});

test('models are called the same everywhere', () => {
  for (const [id, name] of Object.entries(MODEL_NAMES)) {
    assert.equal(modelName(id as keyof typeof MODEL_NAMES), name);
    assert.ok(name in JSON.parse(textBundle()), name);
  }
});

test('the server and its thread speak it too: lens, hover, outline', async (t) => {
  const translations = {
    'blocks nobody': 'hält niemanden auf',
    'Rests on': 'Beruht auf',
    table: 'Tabelle',
  };
  const vscode = await editorIn(t, {}, {}, translations);
  const path = 'migrations/0001_users.sql';
  await vscode.open(path, 'CREATE TABLE users (id int);\nSELECT 1;\n');
  assert.match((await lensTitles(vscode, path)).join(), /hält niemanden auf/);
  assert.match(await hoverAt(vscode, path, { line: 0, character: 2 }), /Beruht auf/);
  const symbols = await ask<{ detail?: string }[]>(vscode, 'documentSymbol', path, {});
  assert.equal(symbols[0]?.detail, 'Tabelle');
});
