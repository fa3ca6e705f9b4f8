/** Text that cannot leave its place in a format. */

export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) =>
      ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? character,
  );
}

/** A cell of a Markdown table, or a line of a list. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\|<>`*_[\]]/g, '\\$&');
}

const NUMBER = /^[+-]?\d[\d.,]*(?:e[+-]?\d+)?(?:\s?(?:[a-z]{1,3}|%))?$/i;

/**
 * A cell of CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe before it: names come from
 * repositories that anyone may have written.
 */
export function escapeCsv(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
