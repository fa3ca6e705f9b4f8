import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../support/temp.ts';
import { killRounds } from './kill.ts';
import { countsText } from './ledger.ts';

const SEED = 1;
const ROUNDS = 24;

test('kill -9 under load: every acknowledged event is there once, nothing that was never sent', async (t) => {
  const counts = await killRounds(temporaryFolder(t), SEED, ROUNDS);
  t.diagnostic(countsText(counts));
  assert.equal(counts.rounds, ROUNDS);
  assert.ok(counts.acknowledged > 0 && counts.found >= counts.acknowledged);
});
