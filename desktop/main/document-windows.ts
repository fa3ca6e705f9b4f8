/** Windows for documents that the app did not make: a saved report to read, a page to print. Nothing runs in them. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { BrowserWindow } from 'electron';
import type { HiddenWindow } from './printing.ts';
import { DOCUMENT_PREFERENCES, type ShownDocuments } from './shown-documents.ts';
import { WEB_PREFERENCES } from './web-security.ts';

const PREFERENCES = { ...WEB_PREFERENCES, ...DOCUMENT_PREFERENCES };

/** Shows a saved report. Rejects where it cannot be read. */
export async function showReport(path: string, documents: ShownDocuments): Promise<void> {
  const address = documents.add(await readFile(path, 'utf8'));
  const window = new BrowserWindow({
    width: 1000,
    height: 800,
    title: basename(path),
    webPreferences: PREFERENCES,
  });
  // What a report calls itself could pass for the app; its file's name cannot.
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('closed', () => documents.remove(address));
  await window.loadURL(address);
}

/** For one page that is printed. Size and margins of the paper are the document's own. */
export function hiddenWindow(): HiddenWindow {
  const window = new BrowserWindow({ show: false, webPreferences: PREFERENCES });
  const { webContents: contents } = window;
  return {
    load: (address) => window.loadURL(address),
    print: () => contents.printToPDF({ printBackground: true, preferCSSPageSize: true }),
    onGone: (listener) => void contents.once('render-process-gone', (_event, { reason }) => listener(reason)),
    destroy: () => window.destroy(),
  };
}
