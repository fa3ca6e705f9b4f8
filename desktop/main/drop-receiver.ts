/** The door for what is dropped on the window: the sender is checked, and the reader is asked by whoever takes it. */
import { DROP_CHANNEL } from '../preload/page-message.ts';
import { type Asked, askedByPath } from './asked.ts';
import type { MainIpc } from './page-receiver.ts';
import { isTrustedSender } from './web-security.ts';

const LONGEST_PATH = 4_096;

/** Hands over a folder or a report whose path came from the preload of the app's page in `contents`. */
export function receiveDrops(
  ipc: MainIpc,
  contents: unknown,
  take: (asked: Asked) => void,
  log: (line: string) => void,
): void {
  ipc.on(DROP_CHANNEL, ({ sender, senderFrame }, path) => {
    const isPath = typeof path === 'string' && path !== '' && path.length <= LONGEST_PATH;
    if (sender !== contents || !isTrustedSender(senderFrame) || !isPath) {
      log('a drop was refused');
      return;
    }
    const asked = askedByPath(path);
    if (asked) take(asked);
    else log('what was dropped is neither a folder nor a report');
  });
}
