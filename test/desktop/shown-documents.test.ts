import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCUMENT_PREFERENCES, ShownDocuments } from '../../desktop/main/shown-documents.ts';
import { isAppPage } from '../../desktop/main/web-security.ts';

test('a document is there under an address that cannot be guessed, until it is taken away', async () => {
  const documents = new ShownDocuments();
  const url = documents.add('<h1>May</h1>');
  assert.match(url, /^aibos-app:\/\/document\/[0-9a-f-]{36}$/);
  const shown = documents.answer({ url, method: 'GET' });
  assert.deepEqual([shown?.status, await shown?.text()], [200, '<h1>May</h1>']);
  documents.remove(url);
  assert.equal(documents.answer({ url, method: 'GET' })?.status, 404);
  assert.throws(() => documents.add('x'.repeat(65 * 1024 * 1024)), RangeError);
});

test('a document runs nothing and fetches nothing, and is not the app’s page', () => {
  const documents = new ShownDocuments();
  const url = documents.add('<script>alert(1)</script>');
  const policy = documents.answer({ url, method: 'GET' })?.headers.get('content-security-policy') ?? '';
  for (const part of [/default-src 'none'/, /form-action 'none'/, /sandbox$/]) assert.match(policy, part);
  assert.doesNotMatch(policy, /script-src|connect-src|https?:/);
  assert.equal(DOCUMENT_PREFERENCES.javascript, false);
  assert.equal(isAppPage(url), false, 'no message of it is taken');
});

for (const [url, method] of [
  ['aibos-app://app/', 'GET'],
  ['https://document/x', 'GET'],
])
  test(`${url} is not for documents`, () =>
    assert.equal(new ShownDocuments().answer({ url: url ?? '', method: method ?? '' }), undefined));
