/** Colour of the window before the page has painted, so that it opens without a flash: `--ground` of the pages. */
export function backgroundColor(dark: boolean): string {
  return dark ? '#0e1014' : '#f7f8fa';
}
