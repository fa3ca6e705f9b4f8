/** The app in Electron itself. Needs its binary, a display, and on Linux a user that is not root: root has no sandbox. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ElectronApplication, _electron as playwright } from 'playwright-core';
import type { PreloadBridge } from '../../core/contract/bridge.ts';
import { hasDisplay } from '../../core/node/cli/dashboard.ts';
import { DATA_FOLDER_VARIABLE, type DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import { electron, needs, type Requirement } from '../support/requirements.ts';
import { cleanup, temporaryDataFolder } from '../support/temp.ts';
import { bundles, MAIN_BUNDLE } from './support/built-app.ts';
import { migration, record } from './support/migrations.ts';

const MAIN = fileURLToPath(MAIN_BUNDLE);

const display: Requirement<true> = hasDisplay() ? { found: true } : { missing: 'no display; use xvfb-run' };
const sandbox: Requirement<true> =
  process.platform === 'linux' && process.getuid?.() === 0
    ? { missing: 'Chromium’s sandbox does not run as root' }
    : { found: true };

/** The part of Electron that these tests ask in the main process. */
interface Electron {
  app: {
    getAppMetrics(): { pid: number; type: string; name?: string; sandboxed?: boolean }[];
    once(event: 'second-instance', listener: () => void): void;
  };
  BrowserWindow: { getAllWindows(): { isVisible(): boolean; close(): void }[] };
  session: { defaultSession: { fetch(url: string): Promise<{ status: number; headers: Headers }> } };
}

function environment(folder: DataFolder): Record<string, string> {
  const all = { ...process.env, [DATA_FOLDER_VARIABLE]: folder.path };
  return Object.fromEntries(
    Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

async function launch(t: TestContext, folder: DataFolder): Promise<ElectronApplication> {
  const { found = '' } = electron();
  const app = await playwright.launch({ executablePath: found, args: [MAIN], env: environment(folder) });
  cleanup(t, () => app.close().catch(() => undefined));
  return app;
}

/** Process id of the engine; undefined while there is none. */
function enginePid(app: ElectronApplication): Promise<number | undefined> {
  return app.evaluate((parts) => {
    const metrics = (parts as unknown as Electron).app.getAppMetrics();
    return metrics.find(({ name }) => name === 'AI-BOS Telemetry Engine')?.pid;
  });
}

test('the app in Electron', needs(electron(), bundles(), display, sandbox), async (t: TestContext) => {
  const folder = temporaryDataFolder(t);
  await record(folder, [migration(1, 'succeeded'), migration(2, 'succeeded'), migration(3, 'failed')]);
  const app = await launch(t, folder);
  const page = await app.firstWindow();
  const failed = page.locator('.tile', { hasText: 'Failed' }).locator('.tile-value');

  await t.test('one window opens on the app’s own page and shows what the engine has', async () => {
    await failed.getByText('1', { exact: true }).waitFor();
    assert.match(await page.title(), /AI-BOS Telemetry/);
    assert.match(page.url(), /^aibos-app:\/\/app\//);
    const visible = await app.evaluate((parts) =>
      (parts as unknown as Electron).BrowserWindow.getAllWindows().map((window) => window.isVisible()),
    );
    assert.deepEqual(visible, [true]);
  });

  await t.test('the renderer is in the sandbox, without Node', async () => {
    const sandboxed = await app.evaluate((parts) =>
      (parts as unknown as Electron).app
        .getAppMetrics()
        .filter(({ type }) => type === 'Tab')
        .map((metric) => metric.sandboxed),
    );
    // The system says so on macOS and Windows only.
    assert.ok(sandboxed.every((answer) => answer !== false));
    const seen = await page.evaluate(() => ({
      node: ['process', 'require', 'module', 'Buffer'].filter((name) => name in globalThis),
      bridge: Object.keys((globalThis as unknown as { aibos: object }).aibos).sort(),
      secure: isSecureContext,
    }));
    assert.deepEqual(seen, { node: [], bridge: ['listen', 'post'], secure: true });
  });

  await t.test('the protocol serves the pages with their policy, and nothing beside them', async () => {
    const answers = await app.evaluate(async (parts) => {
      const { defaultSession } = (parts as unknown as Electron).session;
      const paths = ['', 'app.js', '../package.json', '..%2fpackage.json', 'app.js.map', 'missing.html'];
      const all = await Promise.all(paths.map((path) => defaultSession.fetch(`aibos-app://app/${path}`)));
      return all.map(({ status, headers }) => [status, headers.get('content-security-policy')?.slice(0, 18)]);
    });
    const policy = "default-src 'none'";
    assert.deepEqual(
      answers,
      [200, 200, 404, 404, 404, 404].map((status) => [status, policy]),
    );
  });

  await t.test('windows, navigation, permissions and connections are refused', async () => {
    const refused = await page.evaluate(async () => {
      const opened = window.open('https://example.com/');
      location.href = 'https://example.com/';
      await new Promise((resolve) => setTimeout(resolve, 300));
      const { state } = await navigator.permissions.query({ name: 'geolocation' });
      const fetched = await fetch('https://example.com/').then(
        () => 'fetched',
        () => 'refused',
      );
      return { opened: opened === null, state, fetched, at: location.protocol };
    });
    assert.deepEqual(refused, { opened: true, state: 'denied', fetched: 'refused', at: 'aibos-app:' });
    assert.equal(app.windows().length, 1);
  });

  await t.test('a report becomes a PDF in a window that is gone afterwards', async () => {
    const begins = await page.evaluate(
      () =>
        new Promise<string>((resolve) => {
          const { post, listen } = (globalThis as unknown as { aibos: PreloadBridge }).aibos;
          const end = listen((message) => {
            if (message.kind !== 'response' || message.id !== -1) return;
            end();
            const { problem, result } = message;
            resolve(problem?.detail ?? atob((result as { content: string }).content).slice(0, 5));
          });
          post({ kind: 'request', id: -1, method: 'reports.make', params: { format: 'pdf' } });
        }),
    );
    assert.equal(begins, '%PDF-');
    assert.equal(app.windows().length, 1);
  });

  await t.test('the engine is killed: another takes its place, and the page goes on', async () => {
    const first = await enginePid(app);
    assert.ok(first);
    process.kill(first, 'SIGKILL');
    let second: number | undefined;
    for (let waited = 0; second === undefined || second === first; waited += 100) {
      assert.ok(waited < 15_000, 'another engine');
      await new Promise((resolve) => setTimeout(resolve, 100));
      second = await enginePid(app);
    }
    await record(folder, [migration(4, 'failed')]);
    await failed.getByText('2', { exact: true }).waitFor({ timeout: 15_000 });
  });

  await t.test('a second instance ends at once, and the first is told', async () => {
    const told = app.evaluate(
      (parts) =>
        new Promise<boolean>((resolve) =>
          (parts as unknown as Electron).app.once('second-instance', () => resolve(true)),
        ),
    );
    const second = spawn(electron().found ?? '', [MAIN], { env: environment(folder), stdio: 'ignore' });
    cleanup(t, () => void second.kill('SIGKILL'));
    const [code] = await once(second, 'exit');
    assert.equal(code, 0);
    assert.equal(await told, true);
    assert.equal(app.windows().length, 1);
  });

  await t.test('closing the window ends the app, after its engine has closed', async () => {
    const ended = once(app.process(), 'exit');
    await app.evaluate((parts) => {
      for (const window of (parts as unknown as Electron).BrowserWindow.getAllWindows()) window.close();
    });
    await ended;
    assert.match(readFileSync(folder.in('logs', 'desktop.log'), 'utf8'), / ended\n$/);
    assert.ok(existsSync(folder.in('desktop', 'preferences.json')));
    const session = await Session.open(folder);
    assert.equal(session.isOwner, true);
    const { items } = await session.client().call('events.list', { type: ['migration_execution'] });
    await session.close('test finished');
    assert.equal(items.length, 4);
  });
});
