import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import {
  blockNetwork,
  denyPermissions,
  type GrantingSession,
  type GuardedContents,
  guardContents,
  isAppPage,
  isTrustedSender,
  mayOpenOutside,
  WEB_PREFERENCES,
} from '../../desktop/main/web-security.ts';

test('the renderer is sandboxed, isolated and has no Node', () => {
  const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = WEB_PREFERENCES;
  assert.deepEqual(
    { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag },
    { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false },
  );
});

const OUTSIDE: [url: string, allowed: boolean][] = [
  ['https://www.postgresql.org/docs/18/sql-altertable.html#NOTES', true],
  ['https://www.postgresql.org:443/docs/', true],
  ['http://www.postgresql.org/docs/', false],
  ['https://www.postgresql.org:8443/', false],
  ['https://user:secret@www.postgresql.org/', false],
  ['https://postgresql.org.evil.example/', false],
  ['https://evil.example/?https://www.postgresql.org/', false],
  ['https://evil.example\\@www.postgresql.org/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
  ['data:text/html,hello', false],
  ['smb://www.postgresql.org/share', false],
  ['ms-settings:privacy', false],
  ['aibos-app://app/', false],
  ['www.postgresql.org', false],
  ['', false],
];
for (const [url, allowed] of OUTSIDE) {
  test(`${allowed ? 'opens' : 'does not open'} ${url || 'nothing'} in the browser`, () =>
    assert.equal(mayOpenOutside(url), allowed));
}

const APP_PAGES: [url: string, own: boolean][] = [
  ['aibos-app://app/', true],
  ['aibos-app://app/#/models', true],
  ['aibos-app://app/index.html?x#y', true],
  ['aibos-app://app/app.js', false],
  ['aibos-app://app/index.html/', false],
  ['aibos-app://other/', false],
  ['aibos-app://app.evil.example/', false],
  ['aibos-app://app@evil.example/', false],
  ['https://app/', false],
  ['about:blank', false],
  ['', false],
];
for (const [url, own] of APP_PAGES) {
  test(`${url || 'no address'} is ${own ? '' : 'not '}the page of the app`, () => {
    assert.equal(isAppPage(url), own);
    assert.equal(isTrustedSender({ url, parent: null }), own, 'only that page may send messages');
  });
}

test('a frame inside the page, and a frame that is gone, may send no messages', () => {
  const top = { url: 'aibos-app://app/', parent: null };
  assert.equal(isTrustedSender({ url: 'aibos-app://app/', parent: top }), false);
  assert.equal(isTrustedSender(null), false);
});

const OWN = 'aibos-app://app/#/events';
const PERMISSIONS: [permission: string, url: string, granted: boolean][] = [
  ['clipboard-sanitized-write', OWN, true],
  ['clipboard-sanitized-write', 'https://evil.example/', false],
  ['clipboard-sanitized-write', '', false],
  ['clipboard-read', OWN, false],
  ['deprecated-sync-clipboard-read', OWN, false],
  ['media', OWN, false],
  ['geolocation', OWN, false],
  ['notifications', OWN, false],
  ['openExternal', OWN, false],
  ['fileSystem', OWN, false],
  ['hid', OWN, false],
  ['unknown', OWN, false],
];
for (const [permission, url, granted] of PERMISSIONS) {
  test(`${permission} is ${granted ? 'granted' : 'denied'} to ${url || 'nobody'}, asked for or checked`, () => {
    const answers: unknown[] = [];
    const lines: string[] = [];
    const origin = URL.parse(url) ? url.replace(/(?<=[^/]\/)[^/].*$/, '') : '';
    const session: GrantingSession = {
      setPermissionRequestHandler: (handler) =>
        handler({}, permission, (answer) => answers.push(answer), { requestingUrl: url }),
      setPermissionCheckHandler: (handler) => answers.push(handler({}, permission, origin)),
      setDevicePermissionHandler: (handler) => assert.equal(handler(), false),
      setDisplayMediaRequestHandler: (handler) => handler({}, (streams) => assert.equal(streams, null)),
    };
    denyPermissions(session, (line) => lines.push(line));
    assert.deepEqual(answers, [granted, granted]);
    assert.deepEqual(lines, granted ? [] : [`denied to the page: ${permission}`]);
  });
}

class FakeContents extends EventEmitter {
  openWindow: (details: { url: string }) => { action: string } = () => assert.fail('no handler');

  setWindowOpenHandler(handler: typeof this.openWindow) {
    this.openWindow = handler;
  }

  /** Whether the event was prevented. */
  prevents(event: string, url: string): boolean {
    let prevented = false;
    this.emit(event, { url, preventDefault: () => (prevented = true) });
    return prevented;
  }
}

function guarded() {
  const opened: string[] = [];
  const lines: string[] = [];
  const contents = new FakeContents();
  guardContents(
    contents as unknown as GuardedContents,
    (url) => opened.push(url),
    (line) => lines.push(line),
  );
  return { contents, opened, lines };
}

test('no window opens; a link to a known host goes to the browser, any other goes nowhere', () => {
  const { contents, opened, lines } = guarded();
  const urls = [
    'https://www.postgresql.org/docs/',
    'https://evil.example/',
    'file:///etc/passwd',
    'about:blank',
  ];
  for (const url of urls) assert.deepEqual(contents.openWindow({ url }), { action: 'deny' });
  assert.deepEqual(opened, ['https://www.postgresql.org/docs/']);
  assert.equal(lines.length, 3);
});

test('navigation is refused everywhere but to the page itself, redirects and <webview> always', () => {
  const { contents, opened } = guarded();
  for (const event of ['will-navigate', 'will-frame-navigate']) {
    assert.equal(contents.prevents(event, 'aibos-app://app/'), false, 'a reload');
    assert.equal(contents.prevents(event, 'https://www.postgresql.org/'), true);
    assert.equal(contents.prevents(event, 'file:///etc/passwd'), true);
  }
  assert.equal(contents.prevents('will-redirect', 'aibos-app://app/'), true);
  assert.equal(contents.prevents('will-attach-webview', ''), true);
  assert.deepEqual(opened, [], 'navigation opens no browser');
});

const LOADED: [url: string, allowed: boolean][] = [
  ['aibos-app://app/app.js', true],
  ['data:image/png;base64,AA==', true],
  ['blob:aibos-app://app/1', true],
  ['devtools://devtools/bundled/inspector.html', true],
  ['https://www.postgresql.org/', false],
  ['http://127.0.0.1:4717/', false],
  ['ws://localhost/', false],
  ['file:///etc/passwd', false],
  ['chrome-extension://x/', false],
  ['nonsense', false],
];
for (const [url, allowed] of LOADED) {
  test(`the renderer ${allowed ? 'loads' : 'does not load'} ${url}`, () => {
    const answers: boolean[] = [];
    const onBeforeRequest = (
      listener: (details: { url: string }, callback: (answer: { cancel: boolean }) => void) => void,
    ) => listener({ url }, ({ cancel }) => answers.push(!cancel));
    blockNetwork({ webRequest: { onBeforeRequest } }, () => undefined);
    assert.deepEqual(answers, [allowed]);
  });
}
