import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTimestamp } from '../../../core/contract/timestamp.ts';

test('a timestamp is an RFC 3339 date and time that a clock here can show', () => {
  const good = [
    '2026-11-23T18:49:00.000Z',
    '2026-11-30T18:49:00.000Z',
    '2024-02-29T00:00:00.000Z',
    '2026-11-23t18:49:00z',
    '2026-11-23T18:49:00.123456789+02:00',
  ];
  for (const text of good) {
    assert.ok(isTimestamp(text), text);
    assert.doesNotThrow(() => new Date(text).toISOString());
  }
  const bad = [
    '2026-02-29T00:00:00.000Z',
    '2026-13-01T00:00:00.000Z',
    '2026-00-10T00:00:00.000Z',
    '2026-11-00T00:00:00.000Z',
    '2026-11-23T24:00:00.000Z',
    '2026-11-23T18:60:00.000Z',
    '2016-12-31T23:59:60Z',
    '2026-11-23T18:49:00Z[Europe/Paris]',
    '2026-11-23 18:49:00.000Z',
    '2026-11-23',
    '',
  ];
  for (const text of bad) assert.ok(!isTimestamp(text), text);
});
