import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shadowLacks } from '../../../core/shadow/explain.ts';

test('what only the application, libSQL or a template knows is the shadow’s lack and no mistake', () => {
  const lacks: [message: string, text: string, why: RegExp][] = [
    ['no such function: normalize', "UPDATE t SET a = normalize(a, 'nfc')", /no function normalize/],
    ['near "TO": syntax error', 'ALTER TABLE `t` ALTER COLUMN "a" TO "a" text NOT NULL', /libSQL/],
    ['near "{": syntax error', 'CREATE TABLE {{ .Name }} (id int)', /\{\{ \.Name \}\} stands for/],
  ];
  for (const [message, text, why] of lacks) assert.match(shadowLacks({ message }, text) ?? '', why, message);
  const absent = { sqlState: '0A000', message: 'extension "plv8" is not available' };
  assert.equal(
    shadowLacks(absent, 'CREATE EXTENSION plv8'),
    'the extension plv8 is not available in the shadow',
  );
});

test('mistakes stay mistakes', () => {
  const mistakes: [message: string, text: string, sqlState?: string][] = [
    ['no such table: users', 'ALTER TABLE users ADD COLUMN a text'],
    ['near "TO": syntax error', 'ALTER TABLE t RENAME a TO TO b'],
    ['near "COLUM": syntax error', 'ALTER TABLE t ADD COLUM a text'],
    ['function normalise(text) does not exist', 'SELECT normalise(a) FROM t', '42883'],
  ];
  for (const [message, text, sqlState] of mistakes)
    assert.equal(shadowLacks({ message, ...(sqlState ? { sqlState } : {}) }, text), undefined, message);
});
