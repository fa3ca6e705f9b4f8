/** What the dialog offers when the reader saves a report. */
import type { SaveDialogOptions } from 'electron';

const KINDS = new Map([
  ['text/html', { name: 'Web page', extension: 'html' }],
  ['text/markdown', { name: 'Markdown', extension: 'md' }],
  ['text/csv', { name: 'Table', extension: 'csv' }],
  ['application/pdf', { name: 'PDF', extension: 'pdf' }],
  ['application/json', { name: 'JSON', extension: 'json' }],
  ['application/vnd.aibos.report+html', { name: 'AI-BOS report', extension: 'aibos-report' }],
]);

const LONGEST_NAME = 120;

/** The page proposes a name; where the file goes is the reader's choice, so no part of a path is taken from it. */
export function saveDialogOptions(name: string, mediaType: string): SaveDialogOptions {
  const kind = KINDS.get(mediaType.split(';')[0]?.trim() ?? '');
  const any = { name: 'All files', extensions: ['*'] };
  return {
    defaultPath: fileName(name),
    filters: kind ? [{ name: kind.name, extensions: [kind.extension] }, any] : [any],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  };
}

/** The last part of a name, without characters that some file system refuses or that begin a hidden file. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
  const clean = last.replaceAll(/[\u0000-\u001f<>:"|?*\u007f]/g, '-').replace(/^[.\s]+/, '');
  return clean.slice(0, LONGEST_NAME).trim() || 'report';
}
