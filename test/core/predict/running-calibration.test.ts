/** Forecasts of failure, corrected by how earlier ones turned out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brier } from '../../../core/learn/metrics.ts';
import { mean, seededRandom } from '../../../core/numbers.ts';
import { RunningCalibration } from '../../../core/predict/running-calibration.ts';

const USUAL = 0.03;

test('with nothing seen a forecast is believed', () => {
  const calibration = new RunningCalibration(USUAL);
  for (const p of [0.01, USUAL, 0.3, 0.9])
    assert.ok(Math.abs(calibration.probability(p) - p) < 1e-9, String(p));
});

test('a higher forecast never means less', () => {
  const calibration = new RunningCalibration(USUAL);
  // The worst that can happen: everything that was expected to fail went well, and the other way round.
  for (let i = 0; i < 200; i++) calibration.observe(i % 2 === 0 ? 0.9 : 0.01, i % 2 === 1);
  const said = [0.005, 0.03, 0.2, 0.6, 0.95].map((p) => calibration.probability(p));
  assert.ok(said.every((p) => p > 0 && p < 1));
  const wholly = new RunningCalibration(USUAL);
  for (let i = 0; i < 40; i++) wholly.observe(i % 4 === 0 ? 0.9 : 0.03, i % 4 === 0);
  const rising = [0.005, 0.03, 0.2, 0.6, 0.95].map((p) => wholly.probability(p));
  assert.deepEqual(
    rising,
    rising.toSorted((a, b) => a - b),
  );
});

/** Forecasts, what is true of them, and the loss of each kind of answer over time, using only what was before. */
const places: [string, (forecast: number) => number][] = [
  ['fails far more than is said', (p) => Math.min(0.95, p * 5)],
  ['fails far less than is said', (p) => p / 5],
  ['goes by the forecast', (p) => p],
  ['fails as often whatever is said', () => 0.15],
];
for (const [what, truth] of places)
  test(`where it ${what}, what is said comes to mean what it says`, () => {
    const random = seededRandom(21);
    const calibration = new RunningCalibration(USUAL);
    const said: { raw: number; own: number; failed: boolean }[] = [];
    for (let i = 0; i < 2_000; i++) {
      const raw = [0.005, 0.03, 0.1, 0.2][Math.floor(random() * 4)] as number;
      const failed = random() < truth(raw);
      said.push({ raw, own: calibration.probability(raw), failed });
      calibration.observe(raw, failed);
    }
    const late = said.slice(500);
    const failed = late.map((one) => one.failed);
    const loss = (pick: (one: (typeof said)[number]) => number) => brier(late.map(pick), failed);
    assert.ok(loss(({ own }) => own) <= loss(({ raw }) => raw) + 0.002);
    const rate = mean(failed.map(Number));
    assert.ok(
      Math.abs(mean(late.map(({ own }) => own)) - rate) < 0.03,
      `${mean(late.map(({ own }) => own))} ${rate}`,
    );
  });
