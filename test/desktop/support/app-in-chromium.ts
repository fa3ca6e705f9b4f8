/**
 * Shows the app's window in Chromium: the pages come from the app's own protocol handler with its headers, its preload
 * bundle runs before them, and messages go through the app's own `ipcMain` listeners. Values cross as they do in
 * Electron, by structured clone.
 */
import { readFileSync } from 'node:fs';
import type { BrowserContextOptions, Frame } from 'playwright-core';
import { type OpenedPage, openPage } from '../../support/browser.ts';
import { type BrowserWindow, fake, ipcMain } from './fake-electron.ts';

const APP = 'aibos-app://app';
/** Stands for it in Chromium, which knows no such scheme; answered here, never looked up. */
export const SHOWN_AT = 'https://app.test';

export interface ShownPage extends OpenedPage {
  /** Addresses outside of the app that the page asked for. */
  strays: string[];
}

/** Opens the page that the window loaded. */
export async function showInChromium(
  window: BrowserWindow,
  options: BrowserContextOptions = {},
): Promise<ShownPage> {
  const opened = await openPage({ viewport: { width: 1280, height: 860 }, ...options });
  const { page } = opened;
  const { webContents: contents } = window;
  const strays: string[] = [];
  await page.route('**', async (route) => {
    const { url, method } = { url: route.request().url(), method: route.request().method() };
    const handler = fake.protocols.get('aibos-app');
    if (!handler || !url.startsWith(`${SHOWN_AT}/`)) {
      strays.push(url);
      return route.abort();
    }
    const response = await handler({ url: APP + url.slice(SHOWN_AT.length), method });
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  });
  await page.exposeBinding('electronSend', ({ frame }, channel: string, message: unknown) => {
    const senderFrame = { url: frame.url().replace(SHOWN_AT, APP), parent: parentOf(frame) };
    ipcMain.emit(channel, { sender: contents, senderFrame }, message);
  });
  const { preload } = window.options.webPreferences as { preload: string };
  await page.addInitScript({ content: sandbox(readFileSync(preload, 'utf8')) });
  contents.deliver = (channel, message) => {
    page
      .evaluate(([to, what]) => (globalThis as unknown as Deliverable).electronDeliver(to, what), [
        channel,
        message,
      ] as const)
      .catch(() => undefined);
  };
  await page.goto((window.url ?? '').replace(APP, SHOWN_AT));
  return { ...opened, strays };
}

interface Deliverable {
  electronDeliver(channel: string, message: unknown): void;
}

function parentOf(frame: Frame): unknown {
  return frame.parentFrame();
}

/** A CommonJS preload as in Electron's sandbox: `require` knows `electron` and nothing else. */
function sandbox(preload: string): string {
  return `(() => {
    const listeners = new Map();
    const send = globalThis.electronSend;
    delete globalThis.electronSend;
    globalThis.electronDeliver = (channel, message) => {
      for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, message);
    };
    const electron = {
      ipcRenderer: {
        send: (channel, message) => void send(channel, structuredClone(message)),
        on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
        removeListener: (channel, listener) =>
          listeners.set(channel, (listeners.get(channel) ?? []).filter((other) => other !== listener)),
      },
      webUtils: { getPathForFile: () => '' },
      contextBridge: {
        exposeInMainWorld: (name, api) =>
          Object.defineProperty(globalThis, name, { value: Object.freeze({ ...api }), enumerable: true }),
      },
    };
    const module = { exports: {} };
    const require = (name) => {
      if (name !== 'electron') throw new Error('module not found: ' + name);
      return electron;
    };
    (function (module, exports, require) {${preload}\n})(module, module.exports, require);
  })();`;
}
