import type { PageFile } from './host.ts';

/** Saves a file as a browser does: a link to its content, clicked. */
export function saveByLink({ name, mediaType, text, encoding }: PageFile): void {
  const content = encoding === 'base64' ? Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)) : text;
  const url = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
