import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type BoostedTrees,
  loadBoostedTrees,
  questionShares,
  trainBoostedTrees,
} from '../../../../core/learn/algorithms/boosted-trees.ts';
import { auc } from '../../../../core/learn/metrics.ts';
import { seededRandom } from '../../../../core/numbers.ts';

/** y = step in a, plus b; c is noise. */
function cases(count: number, seed: number) {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, () => [random(), random(), random()]);
  const clean = rows.map(([a = 0, b = 0]) => (a > 0.5 ? 3 : 0) + b);
  return { rows, clean, random };
}

test('squared loss: learns a step and a slope on rows that it has not seen', () => {
  const { rows, clean } = cases(800, 1);
  const run = loadBoostedTrees(trainBoostedTrees(rows, clean, { loss: 'squared', bins: 200 }));
  const held = cases(200, 2);
  const error = held.rows.reduce((sum, row, i) => sum + (run(row) - (held.clean[i] ?? 0)) ** 2, 0) / 200;
  assert.ok(error < 0.06, `mean squared error ${error}`);
});

test('log loss: probabilities, and which features it leaned on', () => {
  const { rows, clean, random } = cases(1_500, 3);
  const positive = clean.map((value) => random() < 1 / (1 + Math.exp(-(value - 2) * 2)));
  const model = trainBoostedTrees(rows, positive.map(Number), { loss: 'log', rounds: 60, depth: 3 });
  const run = loadBoostedTrees(model);
  const held = cases(800, 4);
  const actual = held.clean.map((value) => held.random() < 1 / (1 + Math.exp(-(value - 2) * 2)));
  const said = held.rows.map((row) => run(row));
  assert.ok(auc(said, actual) > 0.85, `AUC ${auc(said, actual)}`);
  const mean = said.reduce((sum, p) => sum + p, 0) / said.length;
  assert.ok(Math.abs(mean - actual.filter(Boolean).length / actual.length) < 0.05);
  assert.ok((questionShares(model, 3)[2] ?? 1) < 0.4);
});

test('labels that mean nothing show no skill', () => {
  const { rows, random } = cases(800, 5);
  const shuffled = rows.map(() => Number(random() < 0.5));
  const run = loadBoostedTrees(trainBoostedTrees(rows, shuffled, { loss: 'log' }));
  const held = cases(800, 6);
  const actual = held.rows.map(() => held.random() < 0.5);
  const skill = auc(
    held.rows.map((row) => run(row)),
    actual,
  );
  assert.ok(skill > 0.43 && skill < 0.57, `AUC ${skill}`);
});

test('quantile loss: so many lie below', () => {
  const { rows, clean, random } = cases(3_000, 7);
  const noisy = clean.map((value) => value + random() * (1 + value));
  for (const q of [0.1, 0.5, 0.9]) {
    const run = loadBoostedTrees(trainBoostedTrees(rows, noisy, { loss: { quantile: q }, rounds: 80 }));
    const held = cases(2_000, 8);
    const below = held.rows.filter((row, i) => {
      const value = held.clean[i] ?? 0;
      return value + held.random() * (1 + value) <= run(row);
    });
    assert.ok(Math.abs(below.length / 2_000 - q) < 0.05, `${q}: ${below.length / 2_000}`);
  }
});

test('a missing value goes the way that fits, not that of zero', () => {
  const random = seededRandom(9);
  const rows = Array.from({ length: 600 }, () => [random() < 0.3 ? Number.NaN : random() - 0.5]);
  const targets = rows.map(([a = 0]) => (Number.isNaN(a) ? 10 : a > 0 ? 1 : 0));
  const run = loadBoostedTrees(trainBoostedTrees(rows, targets, { loss: 'squared', rounds: 100 }));
  assert.ok(run([Number.NaN]) > 9);
  assert.ok(run([0]) < 1.2 && run([0.4]) < 1.2 && run([-0.4]) < 0.5);
});

test('monotone features never turn round', () => {
  const { rows, clean, random } = cases(500, 10);
  const noisy = clean.map((value) => value + random() * 4);
  const run = loadBoostedTrees(
    trainBoostedTrees(rows, noisy, { loss: 'squared', monotone: [0, 1, 0], depth: 5, minLeaf: 2 }),
  );
  for (const [a = 0, , c = 0] of rows.slice(0, 30)) {
    let last = -Infinity;
    for (let b = 0; b <= 1; b += 0.02) {
      const value = run([a, b, c]);
      assert.ok(value >= last - 1e-4, `falls at ${b}`);
      last = value;
    }
  }
});

test('same rows and seed, same artifact, which survives JSON', () => {
  const { rows, clean } = cases(300, 11);
  const make = (seed: number) =>
    JSON.stringify(trainBoostedTrees(rows, clean, { loss: 'squared', rounds: 20, seed }));
  assert.equal(make(1), make(1));
  assert.notEqual(make(1), make(2));
  const run = loadBoostedTrees(JSON.parse(make(1)) as BoostedTrees);
  const direct = loadBoostedTrees(trainBoostedTrees(rows, clean, { loss: 'squared', rounds: 20, seed: 1 }));
  assert.deepEqual(rows.map(run), rows.map(direct));
  assert.throws(() => trainBoostedTrees([[1]], [Number.NaN], { loss: 'squared' }), RangeError);
});
