/** The door for messages of a renderer: who sent it is checked first, then what it says. */
import { checkPageMessage, PAGE_CHANNEL } from '../preload/page-message.ts';
import type { PageLink } from './page-link.ts';
import { isTrustedSender, type SenderFrame } from './web-security.ts';

/** What Electron tells about the sender of a message. */
export interface SenderEvent {
  readonly sender: unknown;
  readonly senderFrame: SenderFrame | null;
}

/** The part of Electron's `ipcMain` that is used. */
export interface MainIpc {
  on(channel: string, listener: (event: SenderEvent, message: unknown) => void): unknown;
}

/** Hands messages to the link that are of the contract and come from the app's page in `contents`, and no others. */
export function receivePageMessages(
  ipc: MainIpc,
  contents: unknown,
  link: Pick<PageLink, 'receive'>,
  log: (line: string) => void,
): void {
  ipc.on(PAGE_CHANNEL, ({ sender, senderFrame }, message) => {
    if (sender !== contents || !isTrustedSender(senderFrame)) {
      log(`message refused from ${senderFrame?.url.slice(0, 200) ?? 'a frame that is gone'}`);
      return;
    }
    try {
      link.receive(checkPageMessage(message));
    } catch (error) {
      log(`message refused: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}
