import type { PageFile } from './host.ts';

/** Saves a file as a browser does: a link to its content, clicked. */
export function saveByLink({ name, mediaType, text }: PageFile): void {
  const url = URL.createObjectURL(new Blob([text], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
