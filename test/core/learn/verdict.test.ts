import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verdict } from '../../../core/learn/verdict.ts';

const lost = (value: number, baseline: number, better: 'higher' | 'lower') =>
  verdict({ beatsBaseline: false, headline: { name: 'x', value, baseline, better }, tested: 12 }, undefined);

test('being ahead by what may be chance is told apart from being behind', () => {
  const chance = 'it is ahead of its baseline, but on 12 migrations that may be chance, so it is not used';
  const behind = 'it does not beat its baseline, so it is not used';
  assert.equal(lost(0.83, 0.53, 'higher').reason, chance);
  assert.equal(lost(0.53, 0.83, 'higher').reason, behind);
  assert.equal(lost(0.53, 0.83, 'lower').reason, chance);
  assert.equal(lost(0.83, 0.83, 'lower').reason, behind);
  assert.equal(lost(0.83, 0.53, 'higher').promoted, false);
});
