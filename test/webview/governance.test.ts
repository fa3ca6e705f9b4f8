import assert from 'node:assert/strict';
import { test } from 'node:test';
import { METHOD_NAMES, methods } from '../../core/contract/methods.ts';
import type { Check } from '../../webview/governance/checks.ts';
import { foundBy } from '../../webview/governance/grouped.ts';
import { SUBJECTS } from '../../webview/governance/subjects.ts';

test('whatever leaves an entry in the audit trail can be chosen by what it is about', () => {
  const audited = METHOD_NAMES.filter((name) => methods[name].audited).map((name) => name.split('.')[0]);
  assert.deepEqual(Object.keys(SUBJECTS).sort(), [...new Set(audited)].sort());
});

const APPROVE = 'keep a copy, or approve it: -- aibos:approve destructive-change by NAME.';

const check = (subject: string, findings: object[]): Check => ({
  id: subject,
  type: 'compliance_check',
  source: 'test',
  timestamp: '2026-11-01T00:00:00.000Z',
  sequence: 1,
  metadata: {},
  data: { rule: 'manifest', result: 'warn', subject, findings },
});
const finding = (rule: string, message: string, more = {}) => ({ rule, result: 'warn', message, ...more });

const CHECKS = [
  check('0002_drop_users', [
    finding('destructive-change', `drop table on users loses data; ${APPROVE}`, { line: 3 }),
    finding('destructive-change', `drop table on teams loses data; ${APPROVE}`),
    finding('naming', 'Index names begin with idx_.', { result: 'fail' }),
  ]),
  check('0001_logs', [finding('primary-key', 'logs has no primary key; add one')]),
  check('0000_fine', []),
];

test('what a rule found in a migration stands together, and what to do about it is said once', () => {
  assert.deepEqual(
    foundBy(CHECKS, {}).map(({ check: { data }, rules }) => [data.subject, rules]),
    [
      [
        '0002_drop_users',
        [
          {
            rule: 'destructive-change',
            result: 'warn',
            found: [
              { text: 'drop table on users loses data', line: 3 },
              { text: 'drop table on teams loses data' },
            ],
            advice: APPROVE,
          },
          { rule: 'naming', result: 'fail', found: [{ text: 'Index names begin with idx_.' }] },
        ],
      ],
      [
        '0001_logs',
        [
          {
            rule: 'primary-key',
            result: 'warn',
            found: [{ text: 'logs has no primary key' }],
            advice: 'add one',
          },
        ],
      ],
    ],
  );
});

test('advice that differs stays where it was said', () => {
  const [found] = foundBy([check('m', [finding('r', 'a; do this'), finding('r', 'b; do that')])], {});
  assert.deepEqual(found?.rules, [
    { rule: 'r', result: 'warn', found: [{ text: 'a; do this' }, { text: 'b; do that' }] },
  ]);
});

const names = (wanted: Parameters<typeof foundBy>[1]) =>
  foundBy(CHECKS, wanted).map(({ check: { data }, rules }) => [data.subject, rules.map(({ rule }) => rule)]);

test('findings are narrowed by rule, by result and by words in the migration, the rule or the text', () => {
  assert.deepEqual(names({ rule: 'primary-key' }), [['0001_logs', ['primary-key']]]);
  assert.deepEqual(names({ result: 'fail' }), [['0002_drop_users', ['naming']]]);
  assert.deepEqual(names({ text: ' TEAMS ' }), [['0002_drop_users', ['destructive-change']]]);
  assert.deepEqual(names({ text: 'drop_users' }), [['0002_drop_users', ['destructive-change', 'naming']]]);
  assert.deepEqual(names({ text: 'nothing of it' }), []);
});
