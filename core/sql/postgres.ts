/** Reads PostgreSQL with PostgreSQL's own parser (libpg_query in WebAssembly). Call {@link loadPostgresParser} once. */
import { hasSqlDetails, loadModule, parseSync } from 'libpg-query';
import { kindOf, postgresOperations } from './operations.ts';
import type { ParsedSql, Statement, SyntaxProblem } from './statement.ts';
import { byteOffsets, codePointOffset, Lines } from './text.ts';
import { tokenize } from './tokens.ts';

/** Loads the parser; later calls return at once. */
export const loadPostgresParser: () => Promise<void> = loadModule;

/**
 * The statements of a text. Never throws: where the text as a whole does not parse, it is split at its semicolons and
 * each part is read by itself, so that one broken statement hides none of the others.
 */
export function parsePostgres(text: string): ParsedSql {
  const lines = new Lines(text);
  const whole = parsePart(text, 0, lines);
  if (!('problem' in whole)) return { dialect: 'postgres', statements: whole.statements, problems: [] };
  const statements: Statement[] = [];
  const problems: SyntaxProblem[] = [];
  for (const { start, end } of splitAtSemicolons(text)) {
    const part = parsePart(text.slice(start, end), start, lines);
    if ('problem' in part) {
      problems.push(part.problem);
      statements.push(unknown(text, start, end, lines));
    } else {
      statements.push(...part.statements);
    }
  }
  statements.forEach((statement, index) => {
    statement.index = index;
  });
  return { dialect: 'postgres', statements, problems };
}

function parsePart(
  text: string,
  offset: number,
  lines: Lines,
): { statements: Statement[] } | { problem: SyntaxProblem } {
  try {
    const { stmts = [] } = parseSync(text);
    const toUnits = byteOffsets(text);
    const statements = stmts.flatMap(({ stmt, stmt_location = 0, stmt_len }) => {
      if (!stmt) return [];
      const from = toUnits(stmt_location);
      const to = stmt_len ? toUnits(stmt_location + stmt_len) : text.length;
      const place = trimmed(text, from, to, offset, lines);
      return [{ ...place, index: 0, kind: kindOf(stmt), operations: postgresOperations(stmt), tree: stmt }];
    });
    statements.forEach((statement, index) => {
      statement.index = index;
    });
    return { statements };
  } catch (error) {
    const details = hasSqlDetails(error) ? error.sqlDetails : undefined;
    const position = offset + codePointOffset(text, Math.max(0, details?.cursorPosition ?? 0));
    const message = error instanceof Error ? error.message : String(error);
    return { problem: { message, position, ...lines.at(position) } };
  }
}

/** Text and place of a statement without the white space, comments and semicolon around it. */
function trimmed(text: string, from: number, to: number, offset: number, lines: Lines) {
  const meaningful = tokenize(text.slice(from, to), 'postgres').filter(
    (token) => token.kind !== 'space' && token.kind !== 'comment',
  );
  let last = meaningful.length - 1;
  while (last > 0 && text.charAt(from + (meaningful[last]?.start ?? 0)) === ';') last--;
  const start = from + (meaningful[0]?.start ?? 0);
  const end = from + (meaningful[last]?.end ?? to - from);
  return {
    text: text.slice(start, end),
    start: offset + start,
    end: offset + end,
    line: lines.at(offset + start).line,
    endLine: lines.at(offset + Math.max(start, end - 1)).line,
  };
}

/** A part that holds code, as a statement of which only the place is known. */
function unknown(text: string, start: number, end: number, lines: Lines): Statement {
  const place = trimmed(text, start, end, 0, lines);
  return {
    ...place,
    index: 0,
    kind: 'Unknown',
    operations: [{ name: 'unknown', objects: [], destructive: false }],
  };
}

/** Stretches between semicolons that hold more than white space and comments. */
function splitAtSemicolons(text: string): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let start = 0;
  let hasCode = false;
  for (const token of tokenize(text, 'postgres')) {
    const isEnd = token.kind === 'punctuation' && text.charAt(token.start) === ';';
    if (isEnd) {
      if (hasCode) parts.push({ start, end: token.end });
      start = token.end;
      hasCode = false;
    } else if (token.kind !== 'space' && token.kind !== 'comment') {
      hasCode = true;
    }
  }
  if (hasCode) parts.push({ start, end: text.length });
  return parts;
}
