import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeError, quotedNames } from '../../../core/shadow/place-error.ts';
import { Lines } from '../../../core/sql/text.ts';

const BEFORE = '-- é🎉\n\n';

/** What an error without or with a place is put on, as the text that is underlined and where it begins. */
const CASES: [
  statement: string,
  message: string,
  at: number | undefined,
  underlined: string,
  place: string,
][] = [
  ['DROP TABLE "Old", users', 'table "users" does not exist', undefined, 'users', '3:19'],
  ['DROP TABLE "Old", users', 'table "Old" does not exist', undefined, '"Old"', '3:12'],
  ['ALTER TABLE a\n ADD x int', 'column "y" is elsewhere', undefined, 'ALTER TABLE a', '3:1'],
  ['SELECT a,\n  b FROM t', 'column "b" does not exist', 12, 'b', '4:3'],
  ['SELECT a FROM', 'syntax error at end of input', 13, '', '3:14'],
  ['DROP TABLE users', 'no such table: main.users', undefined, 'users', '3:12'],
  ['SELECT 1', 'out of memory', 900, '', '3:1'],
];

for (const [text, message, at, underlined, place] of CASES) {
  test(`${message} in ${JSON.stringify(text)}`, () => {
    const file = BEFORE + text;
    const start = BEFORE.length;
    const error = { message, ...(at === undefined ? {} : { position: start + at }) };
    const { error: placed, errorEnd } = placeError(error, { text, start }, new Lines(file), 'postgres');
    assert.equal(`${placed.line}:${placed.column}`, place);
    assert.equal(file.slice(placed.position, errorEnd), underlined);
  });
}

test('the names that messages quote', () => {
  assert.deepEqual(
    [
      'column "x" of relation "t" does not exist',
      'function public.gone(integer) does not exist',
      'column u.nmae does not exist',
      'duplicate column name: b',
      'table users already exists',
      'division by zero',
    ].map(quotedNames),
    [['x', 't'], ['gone'], ['nmae'], ['b'], ['users'], []],
  );
});
