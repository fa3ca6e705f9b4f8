/** The bridge between the page and the main process, free of Electron: two channels, messages checked, frozen. */
import type { HostMessage, PreloadBridge } from '../../core/contract/bridge.ts';
import { checkPageMessage, HOST_CHANNEL, PAGE_CHANNEL } from './page-message.ts';

type Deliver = (event: unknown, message: HostMessage) => void;

/** The part of Electron's `ipcRenderer` that is used. The page never gets hold of it. */
export interface RendererIpc {
  send(channel: string, message: unknown): void;
  on(channel: string, listener: Deliver): unknown;
  removeListener(channel: string, listener: Deliver): unknown;
}

/** `post` throws a TypeError for what is no message of the contract, for example a method outside of the table. */
export function makeBridge(ipc: RendererIpc): PreloadBridge {
  return Object.freeze({
    post(message) {
      ipc.send(PAGE_CHANNEL, checkPageMessage(message));
    },
    listen(listener) {
      if (typeof listener !== 'function') throw new TypeError('A listener is a function.');
      const deliver: Deliver = (_event, message) => listener(message);
      ipc.on(HOST_CHANNEL, deliver);
      return () => {
        ipc.removeListener(HOST_CHANNEL, deliver);
      };
    },
  } satisfies PreloadBridge);
}
