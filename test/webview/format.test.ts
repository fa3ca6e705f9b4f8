import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence, words, workspaceName } from '../../webview/format/names.ts';
import { bytes, count, duration, figure, percent, plural, withUnit } from '../../webview/format/numbers.ts';
import {
  ago,
  bucketLabel,
  bucketLabels,
  bucketName,
  dateTime,
  elapsed,
  momentLabels,
} from '../../webview/format/time.ts';

/** With plain spaces, so that the expected texts can be read. */
function check(actual: string, expected: string): void {
  assert.equal(actual.replaceAll('\u00a0', ' '), expected);
}

test('durations take the unit that suits them, and never round up into the next one', () => {
  const cases: [number, string][] = [
    [0, '0 ms'],
    [0.012, '12 µs'],
    [0.7, '0.7 ms'],
    [0.123, '0.12 ms'],
    [9.94, '9.9 ms'],
    [9.96, '10 ms'],
    [88.5, '89 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [4_210, '4.2 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min'],
    [200_000, '3 min 20 s'],
    [3_599_600, '1 h'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ];
  for (const [ms, text] of cases) check(duration(ms), text);
});

test('a share is never rounded to nothing or to all', () => {
  const cases: [number, string][] = [
    [0, '0 %'],
    [0.00001, '< 0.01 %'],
    [0.000342, '0.03 %'],
    [0.031, '3.1 %'],
    [0.5, '50 %'],
    [0.998, '99.8 %'],
    [0.9996, '99.9 %'],
    [1, '100 %'],
  ];
  for (const [share, text] of cases) check(percent(share), text);
});

test('other figures keep three digits that matter', () => {
  check(figure(0.148), '0.148');
  check(figure(-0.0464), '-0.0464');
  check(figure(1_198.4), '1,198');
  check(figure(6), '6');
  check(figure(0), '0');
  check(figure(0.00000966), '≈ 0');
  check(figure(0.000834), '0.000834');
  check(figure(Number.NaN), 'unknown');
  check(withUnit(1.32, '×'), '1.32×');
  check(withUnit(1.49, 'ms'), '1.5 ms');
  check(withUnit(0.0192, 'probability'), '1.9 %');
  check(withUnit(3, 'of the last 8'), '3 of the last 8');
  check(bytes(12_543_313), '13 MB');
  check(bytes(640), '640 B');
  check(bytes(1_500), '1.5 kB');
  check(count(17_169), '17,169');
  check(plural(1, 'event'), '1 event');
  check(plural(0, 'event'), '0 events');
});

test('times are in UTC, whatever offset they were written with', () => {
  check(dateTime('2026-11-23T18:49:05.000Z'), '2026-11-23 18:49:05');
  check(dateTime('2026-11-23T20:49:05+02:00'), '2026-11-23 18:49:05');
  check(dateTime('no time'), 'no time ');
  check(bucketLabel('2026-11-23T14:00:00.000Z', 'hour'), '23 Nov 14:00');
  check(bucketLabel('2026-11-23T00:00:00.000Z', 'week'), '23 Nov');
  check(bucketLabel('2026-11-01T00:00:00.000Z', 'month'), 'Nov 2026');
  const weeks = ['2026-12-28T00:00:00.000Z', '2027-01-04T00:00:00.000Z'];
  check(bucketLabels(weeks, 'week').join(', '), '28 Dec 2026, 4 Jan 2027');
  check(bucketLabels(weeks.slice(0, 1), 'week').join(', '), '28 Dec');
  check(bucketLabels(weeks, 'month').join(', '), 'Dec 2026, Jan 2027');
  check(bucketName('2026-11-23T00:00:00.000Z', 'week'), 'week from 2026-11-23');
  check(bucketName('2026-11-01T00:00:00.000Z', 'month'), '2026-11');
  check(elapsed(42_900), '42 s');
});

test('points of an axis say as much of their time as tells them apart', () => {
  const from = (...rest: string[]) => momentLabels(['2026-11-23T14:05:09.000Z', ...rest]);
  assert.deepEqual(from('2026-11-23T14:06:00.000Z'), ['14:05:09', '14:06:00']);
  assert.deepEqual(from('2026-11-25T00:00:00.000Z'), ['23 Nov 14:05', '25 Nov 00:00']);
  assert.deepEqual(from('2026-12-25T00:00:00.000Z'), ['23 Nov', '25 Dec']);
  assert.deepEqual(from('2028-01-25T00:00:00.000Z'), ['Nov 2026', 'Jan 2028']);
  assert.deepEqual(momentLabels([]), []);
});

test('a figure stands with its unit, as people write it', () => {
  check(withUnit(171_409_000, 'bytes'), '171 MB');
  check(withUnit(1_805, 'bytes per second'), '1.8 kB/s');
  check(withUnit(0.05, 'share of the last 20'), '5 % of the last 20');
  check(withUnit(12, 'events per hour'), '12 events per hour');
});

test('ages are in the largest whole unit, long ago is a day', () => {
  const now = Date.parse('2026-11-23T18:00:00.000Z');
  const at = (ms: number) => new Date(now - ms).toISOString();
  check(ago(at(20_000), now), 'just now');
  check(ago(at(61_000), now), '1 minute ago');
  check(ago(at(7_300_000), now), '2 hours ago');
  check(ago(at(3 * 86_400_000), now), '3 days ago');
  check(ago(at(40 * 86_400_000), now), 'on 2026-10-14');
});

test('names are said as people say them', () => {
  check(workspaceName('langfuse~3fa2c1'), 'langfuse');
  check(workspaceName('no-hash'), 'no-hash');
  check(words('create_unique_index'), 'create unique index');
  check(words('learningRate'), 'learning rate');
  check(words('sqlState'), 'SQL state');
  check(sentence('not enough data: 3 of 20'), 'Not enough data: 3 of 20');
});
