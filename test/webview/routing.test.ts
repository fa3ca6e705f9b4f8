import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeIn, pastedCode } from '../../webview/hosts/session.ts';
import { formatRoute, parseRoute } from '../../webview/routing/route.ts';
import { rangeStart } from '../../webview/state/timeframe.ts';

test('a route survives the address', () => {
  const query = { type: 'migration_execution', text: 'a & b = "ü"', event: '018f', workspace: 'shop~3fa2c1' };
  const route = parseRoute(formatRoute(['events'], query));
  assert.deepEqual(route, { path: ['events'], query });
  assert.deepEqual(parseRoute(formatRoute(['models', 'a/b'])), { path: ['models', 'a/b'], query: {} });
});

test('what is empty stays out of the address', () => {
  assert.equal(formatRoute(['events'], { text: '', status: undefined }), '#/events');
  assert.equal(formatRoute([]), '#/');
});

test('anything is read as some route', () => {
  for (const text of ['', '#', '#/', '#/?', 'nonsense', '#/%E0%A4%A', '#/events?%', '#/a#b', '#code=x']) {
    assert.ok(Array.isArray(parseRoute(text).path), text);
  }
  assert.deepEqual(parseRoute('#/events?text=').query, {});
});

test('the sign-in code is found in an address, and a token is taken as it is', () => {
  assert.equal(codeIn('#code=ab_C-1'), 'ab_C-1');
  assert.equal(codeIn('#/events?text=code'), undefined);
  assert.equal(pastedCode(' http://127.0.0.1:4717/#code=abc \n'), 'abc');
  assert.equal(pastedCode(' token-123 '), 'token-123');
});

test('a range begins on the hour, so that the same question is asked again', () => {
  const now = Date.parse('2026-11-23T18:49:30.000Z');
  assert.equal(rangeStart('24h', now), '2026-11-22T18:00:00.000Z');
  assert.equal(rangeStart('7d', now), '2026-11-16T18:00:00.000Z');
  assert.equal(rangeStart('all', now), undefined);
});
