import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, seededRandom } from '../../../core/numbers.ts';
import type { Kind } from '../../../core/predict/features.ts';
import { corrected, learnOwnOutcomes, type Outcome, rescaled } from '../../../core/predict/own-outcomes.ts';

const KINDS: Kind[] = ['index', 'rewrite', 'update', 'metadata'];

/** A machine that takes `slower` times as long as the prior says, updates twice that, with noise. */
function runs(count: number, slower: number, seed: number): (Outcome & { kind: Kind })[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const kind = KINDS[i % KINDS.length] ?? 'index';
    const p50 = 10 ** (random() * 4);
    const noise = 10 ** ((random() + random() - 1) * 0.3);
    const actualMs = p50 * slower * (kind === 'update' ? 2 : 1) * noise;
    return { kind, predictedMs: { p10: p50 / 2, p50, p90: p50 * 2 }, actualMs, failed: false };
  });
}

function errorOf(held: Outcome[], own: ReturnType<typeof learnOwnOutcomes>) {
  const ranges = held.map(({ kind, predictedMs, actualMs = 1 }) => {
    const { p10 = 1, p50 = 1, p90 = 1 } = predictedMs ?? {};
    const range = rescaled(own, kind, { p10: Math.log10(p10), p50: Math.log10(p50), p90: Math.log10(p90) });
    const actual = Math.log10(actualMs);
    return { miss: Math.abs(range.p50 - actual), inside: actual >= range.p10 && actual <= range.p90 };
  });
  return {
    error: median(ranges.map(({ miss }) => miss)),
    coverage: ranges.filter(({ inside }) => inside).length / ranges.length,
  };
}

test('20 outcomes on a machine that is three times slower: a smaller error on outcomes not seen, and a truer interval', () => {
  const held = runs(200, 3, 2);
  const before = errorOf(held, undefined);
  const after = errorOf(held, learnOwnOutcomes(runs(20, 3, 1)));
  assert.ok(after.error < before.error * 0.4, `${before.error} before, ${after.error} after`);
  assert.ok(
    before.coverage < 0.4 && after.coverage > 0.7,
    `${before.coverage} before, ${after.coverage} after`,
  );
});

test('a single odd outcome hardly moves it; failed runs never do', () => {
  const [one] = runs(1, 30, 3);
  assert.ok(one);
  assert.ok((learnOwnOutcomes([one])?.duration.shift ?? 9) < 0.5);
  assert.equal(learnOwnOutcomes([{ ...one, failed: true }]), undefined);
});

test('feedback that a danger was wrong lowers it, on cases not seen, and no other', () => {
  const wrong: Outcome[] = Array.from({ length: 12 }, (_, i) => ({
    kind: 'scan',
    dangers: [{ kind: 'check', p: 0.7 + (i % 3) * 0.1 }],
    failed: i % 6 === 0,
  }));
  const own = learnOwnOutcomes(wrong);
  const brier = (p: (said: number) => number) =>
    [0.75, 0.85, 0.95].reduce((sum, said) => sum + (5 * p(said) ** 2 + (1 - p(said)) ** 2) / 6, 0);
  assert.ok(brier((said) => corrected(own, 'check', said)) < brier((said) => said) * 0.6);
  assert.ok(corrected(own, 'check', 0.9) < 0.5);
  assert.equal(corrected(own, 'nulls', 0.9), 0.9);
  assert.equal(corrected(own, 'check', 0.1), 0.1, 'what was thought unlikely was not asked');
});

test('a danger thought unlikely that keeps coming true rises', () => {
  const own = learnOwnOutcomes(
    Array.from({ length: 10 }, () => ({
      kind: 'foreign-key',
      dangers: [{ kind: 'orphans', p: 0.2 }],
      failed: true,
    })),
  );
  assert.ok(corrected(own, 'orphans', 0.2) > 0.6);
});

test('same outcomes, same version; another one, another version', () => {
  const version = (count: number) => learnOwnOutcomes(runs(count, 2, 4))?.version;
  assert.equal(version(10), version(10));
  assert.notEqual(version(10), version(11));
  assert.equal(learnOwnOutcomes([]), undefined);
});
