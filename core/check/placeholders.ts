/**
 * Placeholders that a tool fills in before it runs a file: `{{ … }}` of Go templates and Jinja, `${name}` of Flyway and
 * others. They are no SQL; each becomes a name of the same length, so that places stay, and equal ones stay equal.
 */

const PLACEHOLDER = /\{\{[^{}\n]*\}\}|\$\{[\w.:-]+\}/g;

/** The text with names in the place of placeholders; the text itself where there are none. */
export function withoutPlaceholders(text: string): string {
  if (!text.includes('{')) return text;
  return text.replace(PLACEHOLDER, (found) => {
    const letters = found
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[_0-9]+|_+$/g, '');
    return `p_${letters}`.slice(0, found.length).padEnd(found.length, '_');
  });
}
