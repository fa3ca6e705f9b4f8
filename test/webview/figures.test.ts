import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logTicks } from '../../webview/charts/log-ticks.ts';
import { filledSeries } from '../../webview/charts/series.ts';
import { feedbackInput } from '../../webview/event/feedback-input.ts';
import { labelOf, shownFields, textOf } from '../../webview/event/field-text.ts';
import { placeIn } from '../../webview/event/place.ts';
import { barSpans, metricValue, verdictOf } from '../../webview/models/metric-text.ts';
import { predictedAgainstActual } from '../../webview/models/scatter.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('a time axis has every step, also those in which nothing happened', () => {
  const step = (at: string) => ({ at, events: 1, migrations: 1, failures: 0 });
  const days = filledSeries(
    [step('2026-02-27T00:00:00.000Z'), step('2026-03-02T00:00:00.000Z')],
    'day',
    undefined,
  );
  assert.deepEqual(
    days.map(({ at, migrations }) => `${at.slice(0, 10)} ${migrations}`),
    ['2026-02-27 1', '2026-02-28 0', '2026-03-01 0', '2026-03-02 1'],
  );
  const months = filledSeries(
    [step('2025-11-01T00:00:00.000Z'), step('2026-02-01T00:00:00.000Z')],
    'month',
    undefined,
  );
  assert.equal(months.length, 4);
  assert.deepEqual(filledSeries([], 'hour', undefined), []);
  const quiet = [
    { ...step('2026-03-01T00:00:00.000Z'), migrations: 0 },
    step('2026-03-02T00:00:00.000Z'),
    { ...step('2026-03-04T00:00:00.000Z'), migrations: 0 },
  ];
  const lengthFrom = (from: string | undefined) => filledSeries(quiet, 'day', from).length;
  assert.equal(lengthFrom(undefined), 1, 'without a beginning as long as there were migrations');
  assert.equal(lengthFrom('2026-03-01T00:00:00.000Z'), 4, 'else the whole range');
  const weeks = filledSeries([step('2026-11-23T00:00:00.000Z')], 'week', '2026-11-04T12:00:00.000Z');
  assert.deepEqual(
    weeks.map(({ at }) => at.slice(0, 10)),
    ['2026-11-02', '2026-11-09', '2026-11-16', '2026-11-23'],
  );
});

test('a logarithmic axis is marked at round values', () => {
  assert.deepEqual(logTicks(0.8, 30), [1, 2, 5, 10, 20]);
  assert.deepEqual(logTicks(0.05, 900), [0.1, 1, 10, 100]);
  assert.deepEqual(logTicks(0, 10), []);
  assert.deepEqual(logTicks(5, 5), [5]);
});

test('an error is marked at the name that its message gives, else at its column', () => {
  const line = '  ADD COLUMN full_name text,';
  assert.deepEqual(placeIn(line, 3, 'column "full_name" does not exist'), { from: 13, to: 22 });
  assert.deepEqual(placeIn(line, 14, 'syntax error'), { from: 13, to: 22 });
  assert.equal(placeIn(line, 99, 'syntax error'), undefined);
  assert.equal(placeIn(line, undefined, 'gone'), undefined);
});

test('fields have names and words', () => {
  assert.equal(labelOf('durationMs'), 'Duration');
  assert.equal(labelOf('failedStatement'), 'Failed statement');
  assert.equal(plain(textOf('durationMs', 1_200)), '1.2 s');
  assert.equal(
    plain(textOf('durationMs', { p10: 1, p50: 2, p90: 4 })),
    '2 ms (8 of 10 between 1 ms and 4 ms)',
  );
  assert.equal(plain(textOf('confidence', 0.989)), '98.9 %');
  assert.equal(textOf('indexesOnExisting', { blocking: 1, concurrent: 0 }), 'blocking: 1, concurrent: 0');
  assert.equal(textOf('changes', { kind: 'table_added', object: 'public.a' }), 'table added: public.a');
  assert.equal(textOf('destructive', false), 'no');
  assert.equal(textOf('deep', { a: { b: 1 } }), '{"a":{"b":1}}');
  assert.deepEqual(shownFields({ sql: 'SELECT 1', empty: [], none: null, line: 3 }), [['line', 3]]);
});

test('the feedback form says what is missing, and what it holds as the API takes it', () => {
  const form = { right: '' as const, outcome: '', durationMs: '', rating: undefined, text: '' };
  assert.match(String(feedbackInput('id', form)), /what really happened/);
  assert.match(String(feedbackInput('id', { ...form, durationMs: 'soon' })), /number/);
  assert.deepEqual(
    feedbackInput('id', { ...form, outcome: 'failed', durationMs: '12', rating: 2, text: ' slow ' }),
    {
      eventId: 'id',
      actualOutcome: { outcome: 'failed', durationMs: 12 },
      userRating: 2,
      feedback: 'slow',
    },
  );
  assert.deepEqual(feedbackInput('id', { ...form, right: 'wrong' }), {
    eventId: 'id',
    actualOutcome: 'wrong',
    accuracy: 0,
  });
});

test('a figure is better or worse than its baseline as its kind says', () => {
  const metric = { name: 'Brier score', value: 0.1, baseline: 0.2, better: 'lower' } as const;
  assert.equal(verdictOf(metric), 'better');
  assert.equal(verdictOf({ ...metric, better: 'higher' }), 'worse');
  assert.equal(verdictOf(metric, false), 'unclear', 'a lead that may be chance');
  assert.equal(verdictOf({ ...metric, better: 'higher' }, false), 'worse');
  assert.equal(verdictOf({ ...metric, baseline: 0.1 }), 'same');
  assert.equal(verdictOf({ ...metric, better: 'near' }), undefined);
  assert.deepEqual(barSpans({ ...metric, value: 0.5, baseline: -0.5 }), { zero: 0.5, model: 1, baseline: 0 });
  assert.equal(
    plain(metricValue({ name: 'coverage of the 80 % interval', value: 0.801, better: 'near' }, 0.801)),
    '80.1 %',
  );
});

test('predictions are drawn against what happened, in whatever form both were recorded', () => {
  const one = { at: '', subject: 'a', version: '1', accuracy: 1 };
  const failures = predictedAgainstActual('error-prediction', [
    { ...one, predicted: 0.9, actual: 1 },
    { ...one, predicted: { failureProbability: 0.1 }, actual: 'succeeded' },
  ]);
  assert.ok(failures?.kind === 'scatter');
  assert.deepEqual(
    failures.groups.map(({ name, points }) => `${name} ${points.length}`),
    ['Succeeded 1', 'Failed 1'],
  );
  assert.equal(predictedAgainstActual('usage-pattern', []), undefined);
  assert.equal(predictedAgainstActual('error-prediction', []), undefined);
});
