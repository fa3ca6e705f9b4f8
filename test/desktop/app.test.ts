/**
 * The app as it is built, main process, preload, engine host and pages, without Electron: on `support/fake-electron.ts`,
 * with its window in Chromium. One app for the whole file, so the steps stand in one test, in order.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PreloadBridge } from '../../core/contract/bridge.ts';
import type { MethodName, Params, Result } from '../../core/contract/methods.ts';
import { Session } from '../../core/node/engine/session.ts';
import { backgroundColor } from '../../desktop/main/theme.ts';
import { WEB_PREFERENCES } from '../../desktop/main/web-security.ts';
import { chromium, needs } from '../support/requirements.ts';
import { temporaryDataFolder, temporaryFolder } from '../support/temp.ts';
import { showInChromium } from './support/app-in-chromium.ts';
import { bundles, choose, MAIN_BUNDLE, startApp } from './support/built-app.ts';
import { scheduleDue } from './support/due-report.ts';
import { app, type BrowserWindow, fake, ipcMain, nativeTheme } from './support/fake-electron.ts';
import { migration, record } from './support/migrations.ts';

/** The file appears a moment after the click. */
async function appears(path: string): Promise<void> {
  for (let waited = 0; !existsSync(path) || readFileSync(path).length === 0; waited += 20) {
    assert.ok(waited < 5_000, path);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 50) {
    assert.ok(waited < 60_000, 'it takes too long');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Never shown, in the sandbox, without scripts and preload, and gone. */
function assertHidden(window: BrowserWindow | undefined): void {
  assert.ok(window);
  const { javascript, sandbox, preload } = window.options.webPreferences as Record<string, unknown>;
  assert.deepEqual([javascript, sandbox, preload], [false, true, undefined]);
  assert.deepEqual(window.calls, ['destroy']);
}

/** A sender as Electron tells of the app's own page. */
const trusted = ({ webContents: sender }: BrowserWindow) => ({
  sender,
  senderFrame: { url: 'aibos-app://app/', parent: null },
});

test('the built app, from start to end', needs(chromium(), bundles()), async (t: TestContext) => {
  const folder = temporaryDataFolder(t);
  await record(folder, [migration(1, 'succeeded'), migration(2, 'succeeded'), migration(3, 'failed')]);
  const scheduled = temporaryFolder(t);
  scheduleDue(folder, scheduled);
  const window = await startApp(folder);
  const { page, errors, strays } = await showInChromium(window, { colorScheme: 'light' });
  const asked = async <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> => {
    const session = await Session.open(folder);
    try {
      return await session.client().call(method, params);
    } finally {
      await session.close('asked');
    }
  };
  const failed = page.locator('.tile', { hasText: 'Failed' }).locator('.tile-value');

  await t.test('what must be settled before Electron is ready is settled', () => {
    assert.deepEqual(fake.schemes, [{ scheme: 'aibos-app', privileges: { standard: true, secure: true } }]);
    assert.ok(app.calls.includes('sandbox'));
    assert.equal(app.paths.userData, folder.in('desktop'), 'one instance for each data folder');
    assert.equal(app.paths.logs, folder.in('logs'));
  });

  await t.test(
    'the window is sandboxed, loads the app’s own page, and shows itself when there is something to see',
    async () => {
      const { preload, devTools, ...preferences } = window.options.webPreferences as Record<string, unknown>;
      assert.deepEqual(preferences, WEB_PREFERENCES);
      assert.equal(preload, fileURLToPath(new URL('preload.cjs', MAIN_BUNDLE)));
      assert.equal(devTools, true, 'in a checkout');
      assert.equal(window.url, 'aibos-app://app/');
      assert.equal(window.options.show, false);
      assert.equal(window.options.backgroundColor, backgroundColor(false));
      await page.locator('main').waitFor();
      assert.deepEqual(window.calls, ['show'], 'once the page has its colours');
    },
  );

  await t.test('permissions, requests, windows and navigation are under control', () => {
    const ask = fake.handlers['permission request'] as (...given: unknown[]) => void;
    ask({}, 'media', (granted: boolean) => assert.equal(granted, false), { requestingUrl: window.url });
    const check = fake.handlers['permission check'] as (...given: unknown[]) => boolean;
    assert.equal(check({}, 'geolocation', 'aibos-app://app'), false);
    const request = fake.handlers.request as (...given: unknown[]) => void;
    request({ url: 'https://example.com/' }, ({ cancel }: { cancel: boolean }) => assert.equal(cancel, true));
    assert.deepEqual(window.webContents.openWindow?.({ url: 'https://example.com/' }), { action: 'deny' });
    assert.ok(window.webContents.listenerCount('will-navigate') > 0);
    assert.deepEqual(fake.opened, []);
  });

  await t.test('the page shows what the engine has, and asks for nothing else', async () => {
    await failed.getByText('1', { exact: true }).waitFor();
    await page.getByText('1 of 3 migrations failed').first().waitFor();
    assert.deepEqual(errors, []);
    assert.deepEqual(strays, []);
    assert.equal(fake.hosts.length, 1);
  });

  await t.test('the page has the bridge, frozen, and the methods of the table', async () => {
    const said = await page.evaluate(() => {
      const bridge = (globalThis as unknown as { aibos: PreloadBridge }).aibos;
      const refusal = (message: unknown) => {
        try {
          bridge.post(message as never);
          return 'taken';
        } catch (error) {
          return String(error);
        }
      };
      return {
        names: Object.keys(bridge).sort(),
        frozen: Object.isFrozen(bridge),
        stray: refusal({ kind: 'request', id: 1, method: 'shell.openPath', params: {} }),
        host: refusal({ kind: 'close', reason: 'page' }),
        node: [
          typeof (globalThis as { process?: unknown }).process,
          typeof (globalThis as { require?: unknown }).require,
        ],
      };
    });
    assert.deepEqual(said, {
      names: ['listen', 'post'],
      frozen: true,
      stray: 'TypeError: There is no method shell.openPath.',
      host: 'TypeError: The desktop app takes no message of the kind close.',
      node: ['undefined', 'undefined'],
    });
  });

  await t.test('what another process records appears by itself', async () => {
    await record(folder, [migration(4, 'failed')]);
    await failed.getByText('2', { exact: true }).waitFor({ timeout: 10_000 });
  });

  await t.test('the engine is killed: another takes its place, and the page goes on', async () => {
    process.kill(fake.hosts[0] ?? 0, 'SIGKILL');
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.getByText('0004_change').first().waitFor();
    assert.equal(fake.hosts.length, 2);
    await record(folder, [migration(5, 'failed')]);
    await page.getByText('0005_change').first().waitFor({ timeout: 10_000 });
    await page.getByRole('link', { name: 'Overview' }).click();
    await failed.getByText('3', { exact: true }).waitFor({ timeout: 20_000 });
  });

  await t.test('an engine that stays away is shown, and that it is back', async () => {
    const gone = page.getByText('The engine does not answer.');
    const killing = setInterval(() => {
      try {
        process.kill(fake.hosts.at(-1) ?? 0, 'SIGKILL');
      } catch {
        // The next one is not started yet.
      }
    }, 50);
    await gone.waitFor({ timeout: 10_000 });
    clearInterval(killing);
    await gone.waitFor({ state: 'hidden', timeout: 20_000 });
    await failed.getByText('3', { exact: true }).waitFor();
    assert.deepEqual(errors, []);
  });

  await t.test('a report is saved where the reader says', async () => {
    fake.saveTo = join(temporaryFolder(t), 'report.md');
    await page.evaluate(() =>
      (globalThis as unknown as { aibos: PreloadBridge }).aibos.post({
        kind: 'save',
        name: 'report.md',
        mediaType: 'text/markdown',
        text: '# Report',
      }),
    );
    await appears(fake.saveTo);
    assert.match(readFileSync(fake.saveTo, 'utf8'), /^# /);
  });

  await t.test('a report that was due is there as a PDF, printed by the app, not by a browser', async () => {
    await until(() => readdirSync(scheduled).length > 0);
    const [name = ''] = readdirSync(scheduled);
    assert.match(name, /^aibos-health-.*\.pdf$/);
    assert.match(readFileSync(join(scheduled, name), 'utf8'), /^%PDF of aibos-app:\/\/document\//);
    assertHidden(fake.hidden[0]);
  });

  await t.test('“Export as PDF” of the page is printed by the app too', async () => {
    fake.saveTo = join(temporaryFolder(t), 'report.pdf');
    await page.getByRole('link', { name: 'Reports' }).click();
    await page.getByRole('radio', { name: 'PDF' }).check();
    await page.getByRole('button', { name: 'Export' }).click();
    await appears(fake.saveTo);
    assert.match(readFileSync(fake.saveTo, 'utf8'), /^%PDF of aibos-app:\/\/document\//);
    assertHidden(fake.hidden[1]);
    await page.getByRole('link', { name: 'Overview' }).click();
  });

  await t.test('the window has the colour of the page before the page is there, in each theme', async () => {
    for (const [label, dark] of [
      ['Dark', true],
      ['Light', false],
    ] as const) {
      choose('View', 'Theme', label);
      await page.locator(`:root[data-theme="${label.toLowerCase()}"]`).waitFor();
      assert.equal(nativeTheme.themeSource, label.toLowerCase());
      nativeTheme.shouldUseDarkColors = dark;
      nativeTheme.emit('updated');
      assert.equal(window.calls.at(-1), `background ${backgroundColor(dark)}`);
      const color = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const channels = backgroundColor(dark).match(/[\da-f]{2}/g) ?? [];
      assert.equal(color, `rgb(${channels.map((channel) => Number.parseInt(channel, 16)).join(', ')})`);
    }
  });

  await t.test('the menu leads to every page, and a right click offers to copy what is chosen', async () => {
    choose('Go', 'Governance');
    await page.waitForURL((url) => url.hash === '#/governance');
    choose('File', 'Settings…');
    await page.waitForURL((url) => url.hash === '#/settings');
    choose('Go', 'Overview');
    await page.waitForURL((url) => url.hash === '#/overview');
    const editFlags = { canCut: false, canCopy: true, canPaste: false, canSelectAll: true };
    window.webContents.emit('context-menu', {}, { isEditable: false, selectionText: 'orders', editFlags });
    window.webContents.emit('context-menu', {}, { isEditable: false, selectionText: '', editFlags });
    assert.deepEqual(
      fake.popups.map((items) => items.map(({ role }) => role)),
      [['copy']],
    );
  });

  await t.test('the menu opens the log, and the log says what happened', () => {
    choose('Help', 'Open Log Folder');
    assert.deepEqual(fake.opened, [folder.in('logs')]);
    const log = readFileSync(folder.in('logs', 'desktop.log'), 'utf8');
    assert.match(log, /AI-BOS Telemetry \d+\.\d+\.\d+ starts on /);
    assert.match(log, /the engine is ready\n[\s\S]*the engine is gone: it ended with code/);
    assert.match(log, /window refused: https:\/\/example\.com\//);
  });

  await t.test('starting the app again brings the window forward, and a link leads somewhere', async () => {
    const { items } = await asked('events.list', { type: ['migration_execution'], limit: 1 });
    const id = items[0]?.id ?? '';
    app.emit('second-instance', {}, ['electron', `aibos://event/${id}`], folder.path);
    assert.deepEqual(window.calls.slice(-3), ['restore', 'show', 'focus']);
    await page.waitForURL((url) => url.hash === `#/events?event=${id}`);
    app.emit('open-url', { preventDefault: () => undefined }, 'aibos://page/models');
    await page.waitForURL((url) => url.hash === '#/models');
    app.emit('second-instance', {}, ['electron', 'aibos://nonsense/x'], folder.path);
    assert.match(page.url(), /#\/models$/);
  });

  await t.test('a folder that is dropped is imported after a click, with progress', async () => {
    const repository = join(temporaryFolder(t), 'migrations');
    mkdirSync(repository);
    for (const n of [1, 2, 3])
      writeFileSync(join(repository, `2026010${n}120000_t${n}.sql`), `CREATE TABLE t${n} (id int);`);
    const drop = () => ipcMain.emit('aibos:drop', trusted(window), repository);
    fake.answer = 1;
    drop();
    await until(() => fake.questions.length === 1);
    assert.match(fake.questions[0] ?? '', /^Import the migrations of this folder\? .*migrations$/);
    assert.ok(!window.calls.some((call) => call.startsWith('progress')), 'the reader said no');
    fake.answer = 0;
    drop();
    const told = () => fake.notifications.find(({ options }) => options.title === 'Imported');
    await until(() => told() !== undefined);
    const body = told()?.options.body ?? '';
    assert.match(body, /^3 migrations, none of them failed/);
    assert.equal((await asked('stats.get', {})).migrations.total, 8);
    const shares = window.calls.filter((call) => call.startsWith('progress'));
    assert.ok(shares.length >= 3);
    assert.equal(shares.at(-1), 'progress -1.00');
  });

  await t.test('a new alert is announced by the system, and a click shows its evidence', async () => {
    const announced = () => fake.notifications.find(({ options }) => / failed$/.test(options.title));
    await until(() => announced() !== undefined);
    announced()?.emit('click');
    await page.waitForURL((url) => /^#\/(?:events\?event=|anomalies\/)/.test(url.hash));
  });

  await t.test('the tray counts open alerts, and leads to them', async () => {
    const [tray] = fake.trays;
    assert.ok(tray);
    await until(() => /open alert/.test(tray.tip));
    assert.deepEqual(
      tray.menu.map(({ label }) => label),
      [tray.tip, undefined, 'Show Alerts', 'Show Window', undefined, 'Quit'],
    );
    tray.menu.find(({ label }) => label === 'Show Alerts')?.click?.();
    await page.waitForURL((url) => url.hash === '#/overview');
    assert.equal(window.calls.at(-1), 'focus');
  });

  await t.test('a saved report opens in a window where nothing runs', async () => {
    const path = join(temporaryFolder(t), 'may.aibos-report');
    writeFileSync(path, '<!doctype html><h1>May</h1>');
    app.emit('second-instance', {}, ['electron', '--flag', path], '/');
    await until(() => fake.windows.length === 2 && fake.windows[1]?.shown !== undefined);
    const report = fake.windows[1] ?? assert.fail('no window');
    const { javascript, sandbox, preload } = report.options.webPreferences as Record<string, unknown>;
    assert.deepEqual([javascript, sandbox, preload], [false, true, undefined]);
    assert.match(report.shown ?? '', /<h1>May/);
  });

  await t.test(
    'the policy of the pages holds: no inline code, no eval, no connection, no frame',
    async () => {
      const violations = await page.evaluate(async () => {
        const seen: string[] = [];
        addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
          seen.push(effectiveDirective),
        );
        const script = document.createElement('script');
        script.textContent = 'globalThis.injected = true';
        const frame = document.createElement('iframe');
        frame.src = 'https://example.com/';
        document.body.append(script, frame);
        const image = new Image();
        image.src = 'https://example.com/pixel.png';
        await fetch('https://example.com/').catch(() => undefined);
        // Later, because code that a debugger evaluates is exempt from the policy.
        setTimeout(() => Function('globalThis.injected = true')());
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { seen: seen.sort(), injected: 'injected' in globalThis };
      });
      assert.deepEqual(violations, {
        seen: ['connect-src', 'frame-src', 'img-src', 'script-src', 'script-src-elem'],
        injected: false,
      });
      assert.deepEqual(strays, []);
    },
  );

  await t.test('the app ends when its engine has closed, and keeps window, theme and place', async () => {
    window.close();
    await app.ended.promise;
    const preferences = JSON.parse(readFileSync(folder.in('desktop', 'preferences.json'), 'utf8'));
    assert.deepEqual(preferences.window, { x: 11, y: 12, width: 1000, height: 700, maximized: true });
    assert.equal(preferences.theme, 'light');
    assert.match(preferences.route, /^#\/overview/);
    assert.match(readFileSync(folder.in('logs', 'desktop.log'), 'utf8'), / ended\n$/);
    const session = await Session.open(folder);
    assert.equal(session.isOwner, true, 'the lock is free');
    const { items } = await session.client().call('events.list', { type: ['migration_execution'] });
    await session.close('test finished');
    assert.equal(items.length, 8);
    assert.deepEqual(fake.errors, []);
  });
});
