import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type MenuOptions, menuTemplate } from '../../desktop/main/menu.ts';

/** The pages as their navigation has them, from their source: it draws, so it does not run here. */
const PAGES = [
  ...readFileSync(new URL('../../webview/app/pages.ts', import.meta.url), 'utf8').matchAll(
    /^ {4}id: '(\w+)',\n {4}title: '(\w+)'/gm,
  ),
]
  .map(([, id = '', title = '']) => [title, id] as const)
  .filter(([, id]) => id !== 'settings');

type MenuItem = ReturnType<typeof menuTemplate>[number];

const calls: string[] = [];
const OPTIONS: MenuOptions = {
  platform: 'linux',
  theme: 'system',
  development: false,
  notifications: true,
  automaticUpdates: false,
  hasUpdateFeed: false,
  importRepository: () => calls.push('import'),
  cancelImport: () => calls.push('cancel'),
  openReport: () => calls.push('report'),
  setNotifications: (on) => calls.push(`notifications ${on}`),
  checkForUpdates: () => calls.push('check'),
  setAutomaticUpdates: (on) => calls.push(`updates ${on}`),
  setTheme: (theme) => calls.push(`theme ${theme}`),
  goTo: (route) => calls.push(`go ${route}`),
  goBack: () => calls.push('back'),
  goForward: () => calls.push('forward'),
  openLogFolder: () => calls.push('logs'),
  openDataFolder: () => calls.push('data'),
};

/** `View > Theme > Dark*`: labels or roles of all items, a star where checked. */
function paths(items: MenuItem[], above = ''): string[] {
  return items.flatMap((item) => {
    const name = above + (item.label ?? item.role ?? item.type) + (item.checked ? '*' : '');
    return Array.isArray(item.submenu) ? paths(item.submenu, `${name} > `) : [name];
  });
}

function find(path: string, options: Partial<MenuOptions> = {}): MenuItem {
  let items = menuTemplate({ ...OPTIONS, ...options });
  let found: MenuItem | undefined;
  for (const label of path.split(' > ')) {
    found = items.find((item) => item.label === label);
    assert.ok(found, `${label} of ${path}`);
    items = Array.isArray(found.submenu) ? found.submenu : [];
  }
  return found as MenuItem;
}

const click = (path: string, checked = true) =>
  (find(path).click as (item: { checked: boolean }) => void)({ checked });

test('the menu of an installed app on Linux and Windows', () => {
  assert.deepEqual(paths(menuTemplate(OPTIONS)), [
    '&File > Import Repository…',
    '&File > Cancel Import',
    '&File > Open Report…',
    '&File > separator',
    '&File > Announce New Alerts*',
    '&File > Settings…',
    '&File > separator',
    '&File > quit',
    'editMenu',
    '&View > Theme > Follow the System*',
    '&View > Theme > Light',
    '&View > Theme > Dark',
    '&View > separator',
    '&View > resetZoom',
    '&View > zoomIn',
    '&View > zoomOut',
    '&View > separator',
    '&View > reload',
    '&View > togglefullscreen',
    '&Go > Back',
    '&Go > Forward',
    '&Go > separator',
    ...PAGES.map(([title]) => `&Go > ${title}`),
    'windowMenu',
    '&Help > Open Log Folder',
    '&Help > Open Data Folder',
    '&Help > separator',
    '&Help > Check for Updates Now',
    '&Help > Check for Updates Every Day',
    '&Help > separator',
    '&Help > about',
  ]);
});

test('macOS has its application menu first, and About in there', () => {
  const items = paths(menuTemplate({ ...OPTIONS, platform: 'darwin' }));
  assert.equal(items[0], 'appMenu');
  assert.ok(items.includes('File > close'));
  assert.ok(!items.some((item) => /about|quit/.test(item)));
});

test('developer tools are in a checkout only', () => {
  assert.ok(paths(menuTemplate({ ...OPTIONS, development: true })).includes('&View > toggleDevTools'));
});

test('nothing can be asked of a server for updates until a place for them is set', () => {
  for (const hasUpdateFeed of [false, true])
    for (const path of ['&Help > Check for Updates Now', '&Help > Check for Updates Every Day'])
      assert.equal(find(path, { hasUpdateFeed }).enabled, hasUpdateFeed);
});

test('the theme in use is checked, and items do what they say', () => {
  assert.equal(find('&View > Theme > Dark', { theme: 'dark' }).checked, true);
  assert.equal(find('&View > Theme > Follow the System', { theme: 'dark' }).checked, false);
  click('&View > Theme > Light');
  click('&View > Theme > Follow the System');
  click('&Help > Open Log Folder');
  click('&Help > Open Data Folder');
  click('&File > Import Repository…');
  click('&File > Open Report…');
  click('&File > Announce New Alerts', false);
  click('&Help > Check for Updates Every Day', true);
  assert.deepEqual(calls, [
    'theme light',
    'theme system',
    'logs',
    'data',
    'import',
    'report',
    'notifications false',
    'updates true',
  ]);
});

test('every page is one key away, in the order of the navigation, and so are settings and the way back', () => {
  assert.equal(PAGES.length, 9);
  calls.length = 0;
  for (const [i, [title, id]] of PAGES.entries()) {
    const item = find(`&Go > ${title}`);
    assert.equal(item.accelerator, `CmdOrCtrl+${i + 1}`);
    click(`&Go > ${title}`);
    assert.equal(calls.at(-1), `go #/${id}`);
  }
  click('&File > Settings…');
  click('&Go > Back');
  click('&Go > Forward');
  assert.deepEqual(calls.slice(-3), ['go #/settings', 'back', 'forward']);
  assert.equal(find('Go > Back', { platform: 'darwin' }).accelerator, 'Cmd+[');
});
