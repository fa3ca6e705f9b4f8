/** Which statements of a saved file are new or changed since the version that was recorded last. Pure. */
import type { Dialect } from '../../../core/contract/event.ts';
import type { ParsedSql, Statement, SyntaxProblem } from '../../../core/sql/statement.ts';
import { tokenize } from '../../../core/sql/tokens.ts';

/** A statement of a saved file, under a fingerprint that white space, comments and line ends do not change. */
export interface SavedStatement {
  statement: Statement;
  fingerprint: string;
  /** Why it could not be read. */
  problem?: SyntaxProblem;
}

/** Digits of SHA-256 that are kept: 64 bits, so two statements of one file do not collide. */
const DIGITS = 16;

/** The statements of a parsed file, each with its fingerprint and its problem. */
export function savedStatements(parsed: ParsedSql, sha256: (text: string) => string): SavedStatement[] {
  const problems = parsed.problems.values();
  return parsed.statements.map((statement) => {
    const problem = isUnread(statement) ? problems.next().value : undefined;
    const fingerprint = sha256(essence(statement.text, parsed.dialect)).slice(0, DIGITS);
    return { statement, fingerprint, ...(problem ? { problem } : {}) };
  });
}

/** Parts that PostgreSQL's parser refused come back as statements of this kind, in the order of their problems. */
function isUnread({ kind }: Statement): boolean {
  return kind === 'Unknown';
}

/** A file that is not read at all, as one statement with a problem, so that it is said and not skipped. */
export function unreadFile(
  text: string,
  message: string,
  sha256: (text: string) => string,
): SavedStatement[] {
  const statement: Statement = {
    index: 0,
    kind: 'Unknown',
    text: '',
    start: 0,
    end: text.length,
    line: 1,
    endLine: 1,
    operations: [],
  };
  const problem = { message, position: 0, line: 1, column: 1 };
  return [{ statement, problem, fingerprint: sha256(text).slice(0, DIGITS) }];
}

/**
 * Statements that the earlier version does not have. A statement that stands there twice must have stood there twice;
 * one that only moved is not new.
 */
export function newOrChanged(
  before: readonly string[],
  now: readonly SavedStatement[],
): readonly SavedStatement[] {
  const left = new Map<string, number>();
  for (const fingerprint of before) left.set(fingerprint, (left.get(fingerprint) ?? 0) + 1);
  return now.filter(({ fingerprint }) => {
    const count = left.get(fingerprint) ?? 0;
    left.set(fingerprint, count - 1);
    return count <= 0;
  });
}

/** The text as far as it means something: tokens one blank apart, in lower case where case means nothing. */
function essence(text: string, dialect: Dialect): string {
  const fold = dialect !== 'mysql' && dialect !== 'clickhouse';
  return tokenize(text, dialect)
    .filter(({ kind }) => kind !== 'space' && kind !== 'comment')
    .map(({ kind, start, end }) => {
      const token = text.slice(start, end).replaceAll('\r\n', '\n');
      return fold && kind === 'word' ? token.toLowerCase() : token;
    })
    .join(' ');
}
