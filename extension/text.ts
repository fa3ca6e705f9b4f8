/**
 * The texts that people read, so that they can be translated. Editor, server and language thread each have their own copy
 * of the table that the editor brought along; without one a text says what stands in the source.
 */
type Argument = string | number | boolean;

let table: Readonly<Record<string, string>> = {};

/** The text in the reader's language, with `{0}`, `{1}` replaced. Its first argument must be a literal: it is extracted. */
export function t(message: string, ...args: Argument[]): string {
  return (table[message] ?? message).replace(/\{(\d+)\}/g, (whole, index) =>
    String(args[Number(index)] ?? whole),
  );
}

/** Has texts translated from now on. @param translations each text of `bundle.l10n.json`, to what it is in a language */
export function translateWith(translations: Readonly<Record<string, string>> | undefined): void {
  table = translations ?? {};
}

/** What {@link translateWith} was given: for another thread. */
export function translations(): Readonly<Record<string, string>> {
  return table;
}
