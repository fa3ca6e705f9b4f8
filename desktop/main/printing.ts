/**
 * Pages become PDFs in a window that nobody sees: the engine has no printer, Electron has. One page at a time, so that
 * many reports that are due at once open one window; each window is gone when its page is printed, failed or took too
 * long. Knows no Electron: `document-windows.ts` opens the windows.
 */
import type { FromHost, ToHost } from '../engine/messages.ts';
import type { Delay } from './engine-supervisor.ts';
import type { ShownDocuments } from './shown-documents.ts';

/** A window in the sandbox that runs nothing and is never shown. */
export interface HiddenWindow {
  load(address: string): Promise<void>;
  /** The page that was loaded, as a PDF. */
  print(): Promise<Uint8Array>;
  /** Calls the listener where the process that draws the page ends by itself. */
  onGone(listener: (why: string) => void): void;
  destroy(): void;
}

export interface PrinterOptions {
  documents: ShownDocuments;
  open(): HiddenWindow;
  after: Delay;
}

/** A report is printed in about a second; a page that takes this long is not coming. */
export const PRINT_PATIENCE_MS = 60_000;

export class Printer {
  readonly #options: PrinterOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PrinterOptions) {
    this.#options = options;
  }

  /** Rejects with the reason where the page was not printed; the next one is printed all the same. */
  print(html: string): Promise<Uint8Array> {
    const printed = this.#last.then(() => this.#printAlone(html));
    this.#last = printed.catch(() => undefined);
    return printed;
  }

  async #printAlone(html: string): Promise<Uint8Array> {
    const { documents, open, after } = this.#options;
    const address = documents.add(html);
    const window = open();
    const failed = Promise.withResolvers<never>();
    window.onGone((why) => failed.reject(new Error(`the page is gone: ${why}`)));
    const takeBack = after(PRINT_PATIENCE_MS, () => failed.reject(new Error('it takes too long')));
    try {
      return await Promise.race([window.load(address).then(() => window.print()), failed.promise]);
    } finally {
      takeBack();
      window.destroy();
      documents.remove(address);
    }
  }
}

/** Answers the engine's wish for a PDF, in base64 because that is how it goes on to the page. */
export async function answerPrint(
  printer: Pick<Printer, 'print'>,
  { print, html }: Extract<FromHost, { kind: 'print' }>,
): Promise<Extract<ToHost, { kind: 'printed' }>> {
  try {
    return { kind: 'printed', print, pdf: Buffer.from(await printer.print(html)).toString('base64') };
  } catch (error) {
    return { kind: 'printed', print, why: error instanceof Error ? error.message : String(error) };
  }
}
