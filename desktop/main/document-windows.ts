/** Windows for documents that the app did not make: a saved report to read, a page to print. Nothing runs in them. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { BrowserWindow } from 'electron';
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

/** The PDF of a page in base64, printed in a window that is never shown. */
export async function printPage(html: string, documents: ShownDocuments): Promise<string> {
  const address = documents.add(html);
  const window = new BrowserWindow({ show: false, webPreferences: PREFERENCES });
  try {
    await window.loadURL(address);
    const pdf = await window.webContents.printToPDF({ printBackground: true, pageSize: 'A4' });
    return Buffer.from(pdf).toString('base64');
  } finally {
    window.destroy();
    documents.remove(address);
  }
}
