/** Where in a file an engine's error points, also where the engine itself names no place. */
import type { DatabaseError, Dialect } from '../contract/event.ts';
import type { Lines } from '../sql/text.ts';
import { type Token, tokenize } from '../sql/tokens.ts';

export interface PlacedError {
  error: DatabaseError;
  /** UTF-16 offset behind what it points at. */
  errorEnd: number;
}

/** A statement's text and the UTF-16 offset at which it begins in the file. */
interface Span {
  text: string;
  start: number;
}

/**
 * The error with position, line and column: the engine's own position, else the first name in the statement that its
 * message quotes, else the statement's beginning up to the end of its first line.
 */
export function placeError(
  error: DatabaseError,
  statement: Span,
  lines: Lines,
  dialect: Dialect,
): PlacedError {
  const tokens = tokenize(statement.text, dialect);
  const { text, start } = statement;
  const at = error.position === undefined ? undefined : error.position - start;
  const token =
    at === undefined
      ? named(error.message, text, tokens)
      : tokens.find((one) => one.start <= at && at < one.end);
  const position = at === undefined || at < 0 || at > text.length ? start + (token?.start ?? 0) : start + at;
  const firstLine = text.search(/[\r\n]/);
  const end =
    token && token.kind !== 'space'
      ? start + token.end
      : at === undefined
        ? start + (firstLine === -1 ? text.length : firstLine)
        : position;
  return { error: { ...error, position, ...lines.at(position) }, errorEnd: Math.max(end, position) };
}

/** The token that a message quotes: `"users"` of PostgreSQL, `no such table: users` and `near "x"` of SQLite. */
function named(message: string, text: string, tokens: readonly Token[]): Token | undefined {
  for (const name of quotedNames(message)) {
    const found = tokens.find(
      ({ kind, start, end }) =>
        (kind === 'word' || kind === 'quoted' || kind === 'punctuation' || kind === 'number') &&
        unquoted(text.slice(start, end)).toLowerCase() === name.toLowerCase(),
    );
    if (found) return found;
  }
  return undefined;
}

/** The names that a message speaks of, the last part of each, in order. */
export function quotedNames(message: string): string[] {
  const names = [...message.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
  const bare = /(?:no such [\w ]+|column name|duplicate [\w ]+|ambiguous [\w ]+): (\S+)/i.exec(message)?.[1];
  const present = /^(?:table|index|view|trigger) (\S+) already exists/.exec(message)?.[1];
  const column = /^column ([\w.]+) does not exist/.exec(message)?.[1];
  const callable = /^(?:function|procedure|routine) ([\w."]+)\(/.exec(message)?.[1];
  return [...names, bare, present, column, callable].flatMap((name) => {
    const last = name?.replaceAll('"', '').split('.').at(-1);
    return last ? [last] : [];
  });
}

function unquoted(text: string): string {
  return text.replace(/^["`[]|["`\]]$/g, '');
}
