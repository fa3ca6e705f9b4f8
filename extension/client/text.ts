/**
 * The texts that people read, so that they can be translated. Pure modules use it too: without an editor it says what
 * stands in the source.
 */
type Argument = string | number | boolean;
type Translate = (message: string, ...args: Argument[]) => string;

let translate: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (whole, index) => String(args[Number(index)] ?? whole));

/** The text in the reader's language, with `{0}`, `{1}` replaced. Its first argument must be a literal: it is extracted. */
export function t(message: string, ...args: Argument[]): string {
  return translate(message, ...args);
}

/** Has texts translated by the editor from now on. */
export function translateWith(translator: Translate): void {
  translate = translator;
}
