/** Runs in the sandbox before the page: gives it `window.aibos` (see `core/contract/bridge.ts`), and nothing else. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { makeBridge } from './bridge.ts';
import { type DropParts, listenForDrops } from './drop.ts';

contextBridge.exposeInMainWorld('aibos', makeBridge(ipcRenderer));
listenForDrops({
  target: globalThis as unknown as DropParts['target'],
  send: (channel, path) => ipcRenderer.send(channel, path),
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
});
