/** Where in a line of SQL an error is. */

export interface Place {
  from: number;
  to: number;
}

/**
 * The part of a line to mark: the name that the message puts in quotes, else the word at the column. Columns count in
 * the file, while recorded SQL begins at its first word and has values taken out, so a name is the surer sign.
 */
export function placeIn(line: string, column: number | undefined, message = ''): Place | undefined {
  const names = [...message.matchAll(/["“]([^"”]+)["”]/g)].flatMap(([, name]) => name ?? []);
  for (const name of names) {
    const from = line.indexOf(name);
    if (from !== -1) return { from, to: from + name.length };
  }
  if (column === undefined || column < 1) return undefined;
  const word = /^(?:"[^"]*"|[\w$]+|\S)/u.exec(line.slice(column - 1))?.[0];
  return word === undefined ? undefined : { from: column - 1, to: column - 1 + word.length };
}
