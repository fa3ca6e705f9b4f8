/** Where in a file a finding points, so that an editor or a terminal can underline it. */
import type { Dialect } from '../contract/event.ts';
import type { Statement } from '../sql/statement.ts';
import type { Lines } from '../sql/text.ts';
import { tokenize } from '../sql/tokens.ts';

export interface Span {
  line: number;
  column: number;
  endColumn: number;
}

/** A statement is only looked through this far for the word that a finding is about. */
const MOST_CHARACTERS = 20_000;

/** The first place of a name or word in a statement; its first line where it is not found. */
export function spanOf(statement: Statement, mark: string | undefined, lines: Lines, dialect: Dialect): Span {
  const text = statement.text.slice(0, MOST_CHARACTERS);
  if (mark !== undefined) {
    const wanted = mark.toLowerCase();
    const found = tokenize(text, dialect).find(({ kind, start, end }) => {
      if (kind === 'space' || kind === 'comment') return false;
      const part = text.slice(start, end).toLowerCase();
      return part === wanted || unquoted(part) === wanted;
    });
    if (found) return between(statement.start + found.start, found.end - found.start, lines);
  }
  const [firstLine = ''] = text.split('\n', 1);
  return between(statement.start, Math.max(1, firstLine.trimEnd().length), lines);
}

/** The word at an offset of a text. */
export function wordAt(text: string, offset: number, lines: Lines): Span {
  const at = Math.min(offset, Math.max(0, text.length - 1));
  const word = /^[\p{L}\p{N}_$]+/u.exec(text.slice(at, at + 200))?.[0].length ?? 1;
  return between(at, word, lines);
}

function between(start: number, length: number, lines: Lines): Span {
  const { line, column } = lines.at(start);
  return { line, column, endColumn: column + length };
}

function unquoted(part: string): string {
  return /^["`].*["`]$/s.test(part) ? part.slice(1, -1) : part;
}
