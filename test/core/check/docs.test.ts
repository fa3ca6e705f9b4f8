/** The pages in docs/rules are those that the rules give. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ruleDocs, rulesText } from '../../../core/check/rule-docs.ts';
import { RULES } from '../../../core/check/rules/all.ts';

test('docs/rules is what npm run docs:rules writes', () => {
  const folder = fileURLToPath(new URL('../../../docs/rules/', import.meta.url));
  const docs = ruleDocs();
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(docs).sort());
  for (const [name, text] of Object.entries(docs))
    assert.equal(readFileSync(`${folder}${name}`, 'utf8'), text, `${name}: run npm run docs:rules`);
});

test('the list on a terminal names every rule once', () => {
  const lines = rulesText().split('\n');
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    RULES.map(({ id }) => id),
  );
});
