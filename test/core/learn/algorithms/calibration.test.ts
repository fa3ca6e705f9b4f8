import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrated, fitIsotonic, fitPlatt } from '../../../../core/learn/algorithms/calibration.ts';
import { conformalMargin, conformalQuantile } from '../../../../core/learn/algorithms/conformal.ts';
import { seededRandom } from '../../../../core/numbers.ts';

/** Scores that say far too much: the true log odds are a third of the score’s. */
function overconfident(count: number, seed: number) {
  const random = seededRandom(seed);
  const scores = Array.from({ length: count }, () => (random() - 0.5) * 12);
  return { scores, positive: scores.map((score) => random() < 1 / (1 + Math.exp(-score / 3))) };
}

test('both scalings find the true probability', () => {
  const { scores, positive } = overconfident(4_000, 1);
  for (const scaling of [fitPlatt(scores, positive), fitIsotonic(scores, positive)])
    for (const score of [-4, -1, 0, 2, 5]) {
      const truth = 1 / (1 + Math.exp(-score / 3));
      const said = calibrated(scaling, score);
      assert.ok(Math.abs(said - truth) < 0.07, `${scaling.kind} says ${said} at ${score}, truth ${truth}`);
    }
});

test('isotonic never falls, and equal scores get one answer', () => {
  const { scores, probabilities } = fitIsotonic([1, 1, 2, 3, 4, 4], [true, false, false, true, true, false]);
  assert.ok(probabilities.every((p, i) => p >= (probabilities[i - 1] ?? 0)));
  assert.equal(new Set(scores).size, scores.length);
});

test('Platt: separated classes give no certainty', () => {
  const said = calibrated(fitPlatt([-1, -1, 1, 1], [false, false, true, true]), 1);
  assert.ok(said > 0.5 && said < 0.9, String(said));
});

test('conformal: a margin that gives the coverage asked for, outwards and inwards', () => {
  const random = seededRandom(2);
  const draw = () => random() * 2 - 1;
  for (const half of [0.1, 3]) {
    const intervals = Array.from({ length: 999 }, () => ({ low: -half, high: half }));
    const margin = conformalMargin(intervals, intervals.map(draw), 0.8);
    const inside = Array.from({ length: 2_000 }, draw).filter((value) => Math.abs(value) <= half + margin);
    assert.ok(Math.abs(inside.length / 2_000 - 0.8) < 0.04, `${half}: ${inside.length / 2_000}`);
  }
  assert.equal(conformalQuantile([3, 1, 2], 0.99), 3);
  assert.equal(conformalQuantile([], 0.8), 0);
});
