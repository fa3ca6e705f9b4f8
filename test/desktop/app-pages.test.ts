import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { APP_PAGE, CONTENT_SECURITY_POLICY, pageHandler } from '../../desktop/main/app-pages.ts';
import { temporaryFolder } from '../support/temp.ts';
import { writeTree } from '../support/tree.ts';

function pages(t: TestContext) {
  const folder = temporaryFolder(t);
  writeTree(folder, {
    'secret.txt': 'not for the page',
    'webview.html': 'beside the folder, with its name in front',
    'webview/index.html': '<!doctype html>',
    'webview/app.js': 'run()',
    'webview/app.css': 'body{}',
    'webview/icons/mark.svg': '<svg/>',
    'webview/a b.js': 'spaced()',
    'webview/notes.txt': 'a kind that is not served',
  });
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'webview', 'link.js'));
  const handle = pageHandler(join(folder, 'webview'));
  return (url: string, method = 'GET') => handle({ url, method });
}

const SERVED: [path: string, type: string, body: string][] = [
  ['', 'text/html; charset=utf-8', '<!doctype html>'],
  ['index.html', 'text/html; charset=utf-8', '<!doctype html>'],
  ['app.js', 'text/javascript; charset=utf-8', 'run()'],
  ['app.css?v=2#top', 'text/css; charset=utf-8', 'body{}'],
  ['icons/mark.svg', 'image/svg+xml', '<svg/>'],
  ['a%20b.js', 'text/javascript; charset=utf-8', 'spaced()'],
];
for (const [path, type, body] of SERVED) {
  test(`serves /${path} as ${type}`, async (t) => {
    const response = await pages(t)(APP_PAGE + path);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), type);
    assert.equal(response.headers.get('content-security-policy'), CONTENT_SECURITY_POLICY);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(await response.text(), body);
  });
}

const REFUSED = [
  'aibos-app://app/../secret.txt',
  'aibos-app://app/%2e%2e/secret.txt',
  'aibos-app://app/%2e%2e%2fsecret.txt',
  'aibos-app://app/..%2fsecret.txt',
  'aibos-app://app/..%5csecret.txt',
  'aibos-app://app/..\\secret.txt',
  'aibos-app://app/icons/../../secret.txt',
  'aibos-app://app/icons/..%2f..%2fsecret.txt',
  'aibos-app://app/icons/%252e%252e/%252e%252e/secret.txt',
  'aibos-app://app/../webview.html',
  'aibos-app://app//etc/passwd',
  'aibos-app://app/%2fetc%2fpasswd',
  'aibos-app://app/C:/Windows/win.ini',
  'aibos-app://app/file:///etc/passwd',
  'aibos-app://app/app.js%00.html',
  'aibos-app://app/index.html/',
  'aibos-app://app/%',
  'aibos-app://app/%ff',
  'aibos-app://app/icons',
  'aibos-app://app/icons/',
  'aibos-app://app/link.js',
  'aibos-app://app/notes.txt',
  'aibos-app://app/APP.JS',
  'aibos-app://app/__proto__',
  'aibos-app://app/constructor',
  'aibos-app://other/index.html',
  'aibos-app://app.evil.example/index.html',
  'aibos-app://app:81/index.html',
  'aibos-app://user@app/index.html',
  'aibos-app:index.html',
  'aibos-app:///index.html',
  'https://app/index.html',
  'file:///index.html',
  'not an address',
];
for (const url of REFUSED) {
  test(`refuses ${url}`, async (t) => {
    const response = await pages(t)(url);
    assert.equal(response.status, 404);
    assert.equal(await response.text(), 'Not found');
    assert.equal(response.headers.get('content-security-policy'), CONTENT_SECURITY_POLICY);
  });
}

test('answers GET and HEAD only', async (t) => {
  const get = pages(t);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    assert.equal((await get(APP_PAGE, method)).status, 405, method);
  }
  const head = await get(APP_PAGE, 'HEAD');
  assert.equal(head.status, 200);
  assert.equal(await head.text(), '');
});

test('a folder that is not built is an error at once', (t) => {
  assert.throws(() => pageHandler(join(temporaryFolder(t), 'missing')), { code: 'ENOENT' });
});

test('the policy allows neither inline code nor eval nor any other host', () => {
  assert.match(CONTENT_SECURITY_POLICY, /^default-src 'none'; /);
  assert.doesNotMatch(CONTENT_SECURITY_POLICY, /unsafe|\*|https?:|blob:|ws:/);
});
