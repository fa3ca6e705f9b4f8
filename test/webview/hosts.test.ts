import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { HostMessage, PageMessage } from '../../core/contract/bridge.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { Result } from '../../core/contract/methods.ts';
import { openPage } from '../support/browser.ts';
import { startServer, type TestServer } from '../support/engine.ts';
import { chromium, needs } from '../support/requirements.ts';
import { recordHistory } from './data.ts';
import { suiteScope } from './pages.ts';

/** Answers the messages of a page as a host does, from the engine of the test. */
async function hostOf(
  page: Page,
  { client }: Pick<TestServer, 'client'>,
  start: Omit<Extract<HostMessage, { kind: 'start' }>, 'kind'>,
) {
  const posted: PageMessage[] = [];
  const ends = new Map<number, () => void>();
  const send = (message: HostMessage) =>
    page
      .evaluate(
        (said) => (globalThis as unknown as { hostSays(message: unknown): void }).hostSays(said),
        message,
      )
      .catch(() => {});
  await page.exposeFunction('pageSays', (message: PageMessage) => {
    posted.push(message);
    if (message.kind === 'ready') send({ kind: 'start', ...start });
    else if (message.kind === 'unsubscribe') ends.get(message.id)?.();
    else if (message.kind === 'subscribe') {
      const { id, filter } = message;
      ends.set(
        id,
        client.subscribe(filter ? { filter } : {}, (event) => send({ kind: 'events', id, events: [event] })),
      );
    } else if (message.kind === 'request') {
      const { id } = message;
      client.call(message.method, message.params as never).then(
        (result) => send({ kind: 'response', id, result }),
        (error: unknown) => {
          const problem = TelemetryError.is(error) ? error : new TelemetryError('internal', String(error));
          send({ kind: 'response', id, problem: problem.toProblem() });
        },
      );
    }
  });
  const close = () => {
    for (const end of ends.values()) end();
  };
  return { posted, send, close };
}

const REPORT: Result<'reports.make'> = {
  fileName: 'report.pdf',
  contentType: 'application/pdf',
  encoding: 'base64',
  content: 'JVBERi0=',
};

describe('hosts', needs(chromium()), () => {
  const scope = suiteScope();
  let server: TestServer;
  before(async () => {
    server = await startServer(scope);
    await recordHistory(server.client, 30);
  });

  test('in VS Code: messages instead of HTTP, the colours of the editor, its files, and a route that it keeps', async () => {
    const { page, errors } = await openPage({ viewport: { width: 900, height: 800 } });
    await page.addInitScript(() => {
      const says = globalThis as unknown as { pageSays(message: unknown): void };
      const state = sessionStorage.getItem('state');
      Object.assign(globalThis, {
        acquireVsCodeApi: () => ({
          postMessage: (message: unknown) => says.pageSays(message),
          getState: () => (state ? JSON.parse(state) : undefined),
          setState: (next: unknown) => sessionStorage.setItem('state', JSON.stringify(next)),
        }),
        hostSays: (message: unknown) => postMessage(message, '*'),
      });
      addEventListener('DOMContentLoaded', () => {
        document.body.classList.add('vscode-dark');
        document.documentElement.style.setProperty('--vscode-editor-background', 'rgb(10, 20, 30)');
      });
    });
    const host = await hostOf(page, server, { route: '#/events?type=schema_operation', opensFiles: true });
    await page.route('**/api/**', (route) => route.abort());
    await page.goto(server.base);
    await page.locator('.event-row').first().waitFor();
    assert.equal(
      await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor),
      'rgb(10, 20, 30)',
    );
    assert.equal(await page.getByRole('group', { name: 'Theme' }).count(), 0);
    await host.send({ kind: 'theme', theme: 'light' });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');

    await page.locator('.event-row').first().click();
    await page.getByRole('button', { name: /^migrations\// }).click();
    const opened = host.posted.find(({ kind }) => kind === 'open');
    assert.ok(opened?.kind === 'open');
    assert.match(opened.file, /^migrations\/.*\.sql$/);
    assert.equal(opened.line, 1);

    await server.client.call('events.record', {
      type: 'error_occurrence',
      source: 'test',
      data: { message: 'live one' },
    });
    await host.send({ kind: 'route', route: '#/events?type=error_occurrence' });
    await page.getByText('live one').waitFor();
    await page.reload();
    await page.getByText('live one').waitFor();

    await page.evaluate(() => document.body.classList.replace('vscode-dark', 'vscode-high-contrast-light'));
    await page.waitForFunction(() => document.documentElement.dataset.contrast === 'high');
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
    await host.send({ kind: 'connection', connected: false });
    await page.getByRole('alert').getByText('The engine does not answer.').waitFor();
    host.close();
    assert.deepEqual(errors, []);
  });

  test('in the desktop app: the preload bridge, its theme, and saving through the host', async () => {
    const { page, errors } = await openPage({ colorScheme: 'light', viewport: { width: 1200, height: 800 } });
    await page.addInitScript(() => {
      const says = globalThis as unknown as { pageSays(message: unknown): void };
      const listeners = new Set<(message: unknown) => void>();
      Object.assign(globalThis, {
        aibos: {
          post: (message: unknown) => says.pageSays(message),
          listen: (listener: (message: unknown) => void) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
        hostSays: (message: unknown) => {
          for (const listener of listeners) listener(message);
        },
      });
    });
    // The engine's own reports are tested with the engine: here a file is saved.
    const call: TestServer['client']['call'] = async (method, params) =>
      method === 'reports.make' ? (REPORT as never) : server.client.call(method, params);
    const host = await hostOf(page, { client: { ...server.client, call } }, { theme: 'dark' });
    await page.route('**/api/**', (route) => route.abort());
    await page.goto(`${server.base}/#/report`);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('button', { name: 'Export' }).and(page.locator(':enabled')).waitFor();
    const saved = host.posted.find(({ kind }) => kind === 'save');
    assert.deepEqual(saved, {
      kind: 'save',
      name: 'report.pdf',
      mediaType: 'application/pdf',
      text: 'JVBERi0=',
      encoding: 'base64',
    });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    await page.getByTitle('Light').click();
    assert.equal(await theme(), 'light');
    await page.reload();
    await page.getByTitle('Light').waitFor();
    assert.equal(
      await theme(),
      'light',
      'what was chosen in the page counts more than what the host starts with',
    );
    for (const chosen of ['dark', 'light', 'dark'] as const) {
      await host.send({ kind: 'theme', theme: chosen });
      assert.equal(await theme(), chosen, 'what is chosen in the menu later counts more');
      assert.ok(await page.getByRole('radio', { name: chosen === 'dark' ? 'Dark' : 'Light' }).isChecked());
    }
    await page.getByTitle('Light').click();
    await host.send({ kind: 'theme', theme: 'dark' });
    assert.equal(await theme(), 'dark', 'also when the menu says again what it said before');
    await page.reload();
    await page.getByTitle('Dark').waitFor();
    assert.equal(await theme(), 'dark', 'and the earlier choice is forgotten');
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByRole('article', { name: 'Usage pattern' }).waitFor();
    assert.deepEqual(
      host.posted.at(-1)?.kind === 'route' ||
        host.posted.some((message) => message.kind === 'route' && message.route === '#/models'),
      true,
    );
    host.close();
    assert.deepEqual(errors, []);
  });

  test('the page that hosts load holds nothing that a strict policy forbids', () => {
    const html = readFileSync(new URL('../../webview/static/index.html', import.meta.url), 'utf8');
    assert.doesNotMatch(html, /<style|style=|<script>|https?:/);
    assert.match(html, /src="\.\/app\.js"/);
  });
});
