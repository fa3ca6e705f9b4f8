import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestEventScore, eventScore } from './event-score.ts';
import { bestThreshold, normalised, pointsOf, worthAt } from './nab-score.ts';
import type { LabelledSeries } from './series.ts';

const series: LabelledSeries = {
  name: 'a.csv',
  category: 'a',
  times: Array.from({ length: 1000 }, (_, i) => i),
  values: Array.from({ length: 1000 }, () => 0),
  windows: [
    [300, 399],
    [700, 799],
  ],
};
const alarmsAt = (...places: number[]): number[] => series.values.map((_, i) => (places.includes(i) ? 1 : 0));

function nab(scores: number[]): number {
  const points = pointsOf(series, scores);
  return normalised(worthAt(points, 0.5));
}

test('the benchmark’s score: 0 for silence, 100 for every window at its start, as in its sweeper.py', () => {
  const cases: [number[], number][] = [
    [[], 0],
    [[300, 700], 100],
    // Halfway: (2·sigmoid(0.51·5) − 1) / (2·sigmoid(5) − 1) of two windows.
    [[349, 700], 96.6687],
    [[300], 50],
    // Far from any window a false alarm costs 0.11 of 4 quarters.
    [[200, 300, 700], 97.25],
    // The probation of 150 values does not count.
    [[100, 300, 700], 100],
    // Right behind a window it costs little: 0.11·(2·sigmoid(−5/99) − 1).
    [[300, 400, 700], 99.9306],
  ];
  for (const [places, expected] of cases)
    assert.ok(Math.abs(nab(alarmsAt(...places)) - expected) < 0.01, `${places}: ${nab(alarmsAt(...places))}`);
});

test('the best threshold is the one that the benchmark would choose', () => {
  const scores = alarmsAt(300, 700);
  scores[200] = 0.4;
  for (let i = 0; i < 150; i++) scores[i] = 2;
  assert.equal(bestThreshold(pointsOf(series, scores)), 1);
  assert.equal(bestThreshold(pointsOf(series, alarmsAt(200, 500, 900))), Number.POSITIVE_INFINITY);
});

test('event F1: alarms in a row are one, overlap counts', () => {
  const scores = alarmsAt(298, 299, 300, 500, 501, 710, 720);
  const { precision, recall, f1 } = eventScore([series], [scores], 0.5);
  assert.equal(precision, 3 / 4);
  assert.equal(recall, 1);
  assert.ok(Math.abs(f1 - 6 / 7) < 1e-12);
  assert.equal(eventScore([series], [alarmsAt()], 0.5).f1, 0);
  assert.equal(
    bestEventScore([series], [scores.map((score, i) => (i === 500 || i === 501 ? 0.1 : score))]).f1,
    1,
  );
});
