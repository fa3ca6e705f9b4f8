/** Runs in the sandbox before the page: gives it `window.aibos` (see `core/contract/bridge.ts`), and nothing else. */
import { contextBridge, ipcRenderer } from 'electron';
import { makeBridge } from './bridge.ts';

contextBridge.exposeInMainWorld('aibos', makeBridge(ipcRenderer));
