/** Colour of the window before the page has painted, so that it opens without a flash: the pages' own background. */
export function backgroundColor(dark: boolean): string {
  return dark ? '#1b1d21' : '#ffffff';
}
