import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLine, readTime } from '../../../core/detect/lines.ts';

const NOON = Date.UTC(2026, 10, 23, 12);

test('times in the forms that telemetry has', () => {
  const cases: [string, number | 'count' | undefined][] = [
    ['2026-11-23 12:00:00', NOON],
    ['2026-11-23T12:00:00Z', NOON],
    ['2026-11-23T12:00', NOON],
    ['2026/11/23 12:00:00', NOON],
    ['2026-11-23 12:00:00.250', NOON + 250],
    ['2026-11-23T14:00:00+02:00', NOON],
    ['2026-11-23T07:00:00-0500', NOON],
    ['2026-11-23', NOON - 12 * 3_600_000],
    [String(NOON / 1000), NOON],
    [String(NOON), NOON],
    [`${NOON}000`, NOON],
    [`${NOON}000000`, NOON],
    ['17', 'count'],
    ['0', 'count'],
    ['2026-02-30 00:00:00', undefined],
    ['2026-11-23 12:61:00', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(readTime(text), expected, text);
});

test('lines: headers, quotes, further columns, missing and bad values', () => {
  assert.deepEqual(readLine('timestamp,value', true), { kind: 'header' });
  assert.deepEqual(readLine('"TimeStamp","Value","Label"', true), { kind: 'header' });
  assert.deepEqual(readLine('  ', false), { kind: 'blank' });
  assert.deepEqual(readLine('2026-11-23 12:00:00,1.5', true), { kind: 'data', time: NOON, value: 1.5 });
  assert.deepEqual(readLine('"2026-11-23T12:00:00Z","-2e3",0\r', false), {
    kind: 'data',
    time: NOON,
    value: -2000,
  });
  assert.deepEqual(readLine('5,6', false), { kind: 'data', value: 6 });
  assert.deepEqual(readLine('7.25', false), { kind: 'data', value: 7.25 });
  assert.deepEqual(readLine(',8', false), { kind: 'data', value: 8 });
  for (const missing of ['', 'NaN', 'null', 'N/A']) {
    const line = readLine(`2026-11-23 12:00:00,${missing}`, true);
    assert.ok(
      line.kind === 'data' && Number.isNaN(line.value) && /no value/.test(line.problem ?? ''),
      missing,
    );
  }
  for (const bad of ['abc', '1e999', '-Infinity', '1 2']) {
    const line = readLine(`2026-11-23 12:00:00,${bad}`, false);
    assert.ok(
      line.kind === 'data' && Number.isNaN(line.value) && /finite number/.test(line.problem ?? ''),
      bad,
    );
  }
  const noTime = readLine('soon,4', false);
  assert.ok(noTime.kind === 'data' && noTime.value === 4 && /not a time/.test(noTime.problem ?? ''));
  assert.equal(readLine('timestamp,value', false).kind, 'data');
});
