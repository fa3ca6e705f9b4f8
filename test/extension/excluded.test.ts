/** Paths and the patterns that leave them out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isExcluded } from '../../extension/server/recording/excluded.ts';

for (const [path, pattern, excluded] of [
  ['vendor/db/1.sql', 'vendor', true],
  ['vendor/db/1.sql', 'vendor/**', true],
  ['vendored/1.sql', 'vendor', false],
  ['app/seeds/1.sql', '**/seeds', true],
  ['seeds/1.sql', '**/seeds', true],
  ['db/old/1.sql', 'db/old/*.sql', true],
  ['db/old/a/1.sql', 'db/old/*.sql', false],
  ['db/1.sql', '*.sql', false],
  ['a/b.sql', '{a,c}/**', true],
  ['b/b.sql', '{a,c}/**', false],
  ['a/b.sql', './a/', true],
  ['a/b.sql', '', false],
  ['a(1)/b.sql', 'a(1)', true],
] as const)
  test(`${pattern} and ${path}`, () => assert.equal(isExcluded(path, [pattern]), excluded));
