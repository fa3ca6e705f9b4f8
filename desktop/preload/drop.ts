/**
 * Files that are dropped on the page. The path goes from here to the main process; the page gets neither it nor a way to
 * ask for one. A file that a script made has no path.
 */
import { DROP_CHANNEL } from './page-message.ts';

/** The parts of the DOM and of Electron that are used. */
export interface DropParts {
  target: {
    addEventListener(type: 'dragover' | 'drop', listener: (event: DropEvent) => void, capture: true): void;
  };
  send(channel: string, path: string): void;
  pathOf(file: unknown): string;
}

export interface DropEvent {
  readonly isTrusted: boolean;
  readonly dataTransfer: { readonly files: ArrayLike<unknown> } | null;
  preventDefault(): void;
}

/** Only the first of several is taken. */
export function listenForDrops({ target, send, pathOf }: DropParts): void {
  target.addEventListener('dragover', (event) => event.preventDefault(), true);
  target.addEventListener(
    'drop',
    (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (!event.isTrusted || file === undefined) return;
      const path = pathOf(file);
      if (path !== '') send(DROP_CHANNEL, path);
    },
    true,
  );
}
