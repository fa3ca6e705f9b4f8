/** What can be folded: statements, blocks of comments, bodies in dollar quotes. Pure. */
import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver/node';
import { guessDialect } from '../../../core/migrations/formats.ts';
import { Lines } from '../../../core/sql/text.ts';
import { tokenize } from '../../../core/sql/tokens.ts';
import { outline } from './outline.ts';
import { isSql, type OpenText } from './standing.ts';

export function foldingsOf(open: OpenText | undefined): FoldingRange[] {
  if (!open || !isSql(open)) return [];
  const { text } = open;
  const dialect = guessDialect(text);
  const lines = new Lines(text);
  const lineOf = (offset: number) => lines.at(offset).line - 1;
  const found: FoldingRange[] = [];
  const add = (startLine: number, endLine: number, kind?: FoldingRangeKind) => {
    if (endLine > startLine) found.push({ startLine, endLine, ...(kind ? { kind } : {}) });
  };
  for (const { start, end } of outline(text, dialect)) add(lineOf(start), lineOf(end));
  let block: [number, number] | undefined;
  for (const { kind, start, end } of tokenize(text, dialect)) {
    if (kind === 'dollar') add(lineOf(start), lineOf(end) - 1);
    if (kind === 'space') continue;
    const from = lineOf(start);
    const alone =
      kind === 'comment' && /^\s*$/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
    if (alone && block && from === block[1] + 1) block = [block[0], lineOf(end)];
    else {
      if (block) add(...block, FoldingRangeKind.Comment);
      block = alone ? [from, lineOf(end)] : undefined;
    }
  }
  if (block) add(...block, FoldingRangeKind.Comment);
  return found.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}
