/** Ignore comments: what each covers, what is said about those that cover nothing. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { checkFiles } from '../../../core/check/check.ts';
import { findingsOf } from '../../../core/check/result.ts';
import { loadParsers } from '../../../core/sql/parse.ts';

before(loadParsers);

const SETUP = 'CREATE TABLE t (id bigint PRIMARY KEY, a text, b text);';

/** `rule:line` of each finding. */
function found(text: string): string[] {
  const files = [
    { path: 'setup.sql', text: SETUP, dialect: 'postgres', applied: true },
    { path: 'a.sql', text, dialect: 'postgres', applied: false },
  ] as const;
  return checkFiles(files)
    .files.flatMap(findingsOf)
    .map(({ rule, line }) => `${rule}:${line}`);
}

const CASES: [name: string, sql: string, expected: string[]][] = [
  ['none', 'ALTER TABLE t DROP COLUMN a;', ['drop-column:1']],
  ['before the statement', '-- aibos-ignore drop-column: unused\nALTER TABLE t DROP COLUMN a;', []],
  [
    'blank lines between',
    '-- aibos-ignore drop-column: unused\n\n-- another\nALTER TABLE t DROP COLUMN a;',
    [],
  ],
  ['behind the statement', 'ALTER TABLE t DROP COLUMN a; -- aibos-ignore drop-column: unused', []],
  ['inside of the statement', 'ALTER TABLE t\n  -- aibos-ignore drop-column: unused\n  DROP COLUMN a;', []],
  ['as a block', '/* aibos-ignore drop-column: unused */ ALTER TABLE t DROP COLUMN a;', []],
  [
    'only that statement',
    '-- aibos-ignore drop-column: unused\nALTER TABLE t DROP COLUMN a;\nALTER TABLE t DROP COLUMN b;',
    ['drop-column:3'],
  ],
  [
    'only that line',
    'ALTER TABLE t\n  DROP COLUMN a, -- aibos-ignore-line drop-column: unused\n  DROP COLUMN b;',
    ['drop-column:3'],
  ],
  [
    'the line that follows',
    'ALTER TABLE t\n  -- aibos-ignore-line drop-column: unused\n  DROP COLUMN a;',
    [],
  ],
  [
    'the whole file, wherever it stands',
    'ALTER TABLE t DROP COLUMN a;\nALTER TABLE t DROP COLUMN b;\n-- aibos-ignore-file drop-column: clean-up',
    [],
  ],
  [
    'several rules',
    '-- aibos-ignore drop-column, index-not-concurrent: both\nALTER TABLE t DROP COLUMN a;',
    ['ignore-unused:1'],
  ],
  [
    'without a reason',
    '-- aibos-ignore drop-column\nALTER TABLE t DROP COLUMN a;',
    ['ignore-without-reason:1', 'drop-column:2'],
  ],
  [
    'an empty reason',
    '-- aibos-ignore drop-column:  \nALTER TABLE t DROP COLUMN a;',
    ['ignore-without-reason:1', 'drop-column:2'],
  ],
  ['unused', '-- aibos-ignore drop-column: unused\nSELECT 1;', ['ignore-unused:1']],
  [
    'a rule that there is not',
    '-- aibos-ignore drop-colunm: typo\nALTER TABLE t DROP COLUMN a;',
    ['ignore-unused:1', 'drop-column:2'],
  ],
  [
    'no rule at all ignores nothing',
    '-- aibos-ignore-file\nALTER TABLE t DROP COLUMN a;',
    ['ignore-unused:1', 'drop-column:2'],
  ],
  ['a syntax error', '-- aibos-ignore syntax-error: for another server\nSELECT FROM WHERE;', []],
  [
    'in a string it is no comment',
    "SELECT '-- aibos-ignore drop-column: x';\nALTER TABLE t DROP COLUMN a;",
    ['drop-column:2'],
  ],
];

for (const [name, sql, expected] of CASES)
  test(`ignore comment: ${name}`, () => {
    assert.deepEqual(found(sql), expected);
  });

test('an ignore comment above the part that goes up counts', () => {
  const source = '-- aibos-ignore-file drop-column: clean-up\n-- +goose Up\nALTER TABLE t DROP COLUMN a;';
  const text = source.replace(/^.*\n.*\n/, (lines) => lines.replace(/[^\n]/g, ' '));
  const files = [
    { path: 'setup.sql', text: SETUP, dialect: 'postgres', applied: true },
    { path: 'a.sql', text, source, dialect: 'postgres', applied: false },
  ] as const;
  assert.deepEqual(checkFiles(files).files.flatMap(findingsOf), []);
});
