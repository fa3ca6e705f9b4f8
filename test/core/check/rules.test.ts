/** Every rule finds its bad examples, finds nothing in its good ones, and says the fix that it promises. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { FileToCheck } from '../../../core/check/analysed.ts';
import { checkFiles } from '../../../core/check/check.ts';
import { findingsOf } from '../../../core/check/result.ts';
import type { Rule, RuleExample } from '../../../core/check/rule.ts';
import { RULES } from '../../../core/check/rules/all.ts';
import { UNKNOWN_RUNNER } from '../../../core/check/runner.ts';
import { formats } from '../../../core/migrations/formats.ts';
import { loadParsers } from '../../../core/sql/parse.ts';

before(loadParsers);

function file(
  path: string,
  source: string,
  { format, dialect = 'postgres' }: RuleExample,
  applied: boolean,
): FileToCheck {
  const tool = format && formats[format];
  return {
    path,
    source,
    text: tool ? tool.up(source) : source,
    dialect,
    applied,
    runner: tool ? { title: tool.title, wrapping: tool.wrapping(source) } : UNKNOWN_RUNNER,
  };
}

function check(rule: Rule, example: RuleExample, sources: string[]) {
  const files = [
    ...(example.setup === undefined ? [] : [file('setup.sql', example.setup, example, true)]),
    ...sources.map((source, i) => file(`${i}.sql`, source, example, false)),
  ];
  const severities = rule.off ? { [rule.id]: rule.severity } : {};
  return checkFiles(files, { severities }).files.flatMap(findingsOf);
}

for (const rule of RULES) {
  test(`${rule.id}: examples`, () => {
    for (const example of rule.examples) {
      const found = check(rule, example, [example.bad]);
      assert.ok(
        found.some((finding) => finding.rule === rule.id),
        `not found: ${example.bad}`,
      );
      assert.deepEqual(check(rule, example, example.good), [], `found in: ${example.good.join('\n')}`);
      if (example.fix !== undefined)
        assert.equal(found.find((finding) => finding.rule === rule.id)?.fix, example.fix);
    }
  });
}

test('rules are described, and their names are unique', () => {
  assert.equal(new Set(RULES.map(({ id }) => id)).size, RULES.length);
  for (const { id, title, why, whatToDo, links } of RULES) {
    assert.match(id, /^[a-z]+(?:-[a-z]+)*$/);
    assert.ok(title.length > 10 && why.length > 35 && whatToDo.length > 10, id);
    for (const link of links) assert.equal(new URL(link).protocol, 'https:');
  }
});
