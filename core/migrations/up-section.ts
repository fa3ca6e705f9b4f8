/** Files that hold the way up and the way down: keeps one part in place and blanks the rest, so positions still fit. */

/** Keeps the lines behind one that matches `begin`, up to one that matches `end`. Without a `begin` all is blank. */
export function blankExcept(text: string, begin: RegExp, end: RegExp): string {
  let inside = false;
  return text
    .split('\n')
    .map((line) => {
      if (begin.test(line)) inside = true;
      else if (end.test(line)) inside = false;
      else if (inside) return line;
      return line.replace(/[^\r]/g, ' ');
    })
    .join('\n');
}
