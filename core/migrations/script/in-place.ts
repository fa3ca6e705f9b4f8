/** Puts statements that were taken out of a script back where they stood: one line for each of the script's lines. */
import { tokenize } from '../../sql/tokens.ts';
import type { Extracted } from './extract.ts';

/** A comment for us, of JavaScript or Ruby: to its end, or to the end of its line. */
const DIRECTIVE = /(?:^|\s)(?:#|\/\/|\/\*)\s*(aibos(?:-ignore|:approve)\b.*?)\s*(?:\*\/.*)?$/;

/**
 * SQL with as many lines as the script, each statement beginning on the line of its call. A statement of several lines
 * keeps them where there is room before the next one, else it is written on one line. Comments by which findings are
 * ignored or approved come along as comments of SQL.
 */
export function inPlace(text: string, { statements }: Extracted): string {
  const total = text.split('\n').length;
  const lines: string[] = new Array(total).fill('');
  const ordered = [...statements].sort((a, b) => a.line - b.line);
  let free = 0;
  for (const [i, { sql, line }] of ordered.entries()) {
    const at = Math.min(Math.max(line - 1, free), total - 1);
    const next = (ordered[i + 1]?.line ?? total + 1) - 1;
    const trimmed = sql.trim().replace(/;\s*$/, '');
    const parts = trimmed.split('\n');
    const fits = at + parts.length <= Math.max(next, at + 1) && at + parts.length <= total;
    const shown = fits ? parts : oneLine(trimmed).split('\n');
    shown.forEach((part, j) => {
      lines[at + j] =
        `${lines[at + j] ?? ''}${lines[at + j] ? ' ' : ''}${part}${j === shown.length - 1 ? ';' : ''}`;
    });
    free = at + shown.length - 1;
  }
  for (const [i, line] of text.split('\n').entries()) {
    const said = DIRECTIVE.exec(line)?.[1];
    const sql = lines[i] ?? '';
    if (said !== undefined && (sql === '' || sql.endsWith(';'))) lines[i] = `${sql} -- ${said}`;
  }
  return lines.join('\n');
}

/** Without comments and line breaks, but for those inside of literals. */
function oneLine(sql: string): string {
  return tokenize(sql, 'postgres')
    .filter(({ kind }) => kind !== 'comment')
    .map(({ kind, start, end }) => (kind === 'space' ? ' ' : sql.slice(start, end)))
    .join('');
}
