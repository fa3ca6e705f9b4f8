/** Files that hold the way up and the way down: keeps one part in place and blanks the rest, so positions still fit. */
import { tokenize } from '../sql/tokens.ts';

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

/** Blanks the commands of psql, which are no SQL: lines that begin with a backslash outside of literals. */
export function withoutMetaCommands(text: string): string {
  if (!/^\\/m.test(text)) return text;
  const literals = tokenize(text, 'postgres').filter(({ kind }) => kind === 'string' || kind === 'dollar');
  return text.replace(/^\\.*$/gm, (line, at: number) =>
    literals.some(({ start, end }) => start < at && at < end) ? line : line.replace(/[^\r]/g, ' '),
  );
}

/** Whether a file holds a statement that PostgreSQL runs only by itself. */
export function needsNoTransaction(text: string): boolean {
  if (!/\b(?:concurrently|vacuum|alter\s+system|create\s+database|drop\s+database)\b/i.test(text))
    return false;
  const words = tokenize(text, 'postgres')
    .filter(({ kind }) => kind === 'word')
    .map(({ start, end }) => text.slice(start, end).toUpperCase());
  return words.some((word, i) => {
    if (word === 'CONCURRENTLY') return words[i - 1] === 'INDEX' || words[i - 1] === 'TABLE';
    if (word === 'VACUUM') return true;
    return (
      (word === 'SYSTEM' && words[i - 1] === 'ALTER') ||
      (word === 'DATABASE' && ['CREATE', 'DROP'].includes(words[i - 1] ?? ''))
    );
  });
}
