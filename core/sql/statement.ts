/** What every dialect's reader gives back: statements with their places, and what it could not read. */
import type { Dialect } from '../contract/event.ts';
import type { Operation } from './operations.ts';

export interface Statement {
  /** From 0, in file order. */
  index: number;
  /** Kind of the parse tree's root without its suffix (`AlterTable`, `CreateStmt` is `Create`), or `Unknown`. */
  kind: string;
  /** The text from the first word to the last, without the semicolon. */
  text: string;
  /** UTF-16 offsets of `text` in the file. */
  start: number;
  end: number;
  /** From 1. */
  line: number;
  endLine: number;
  operations: Operation[];
  /** The statement as the dialect's parser gives it, so that nothing is parsed twice; for PostgreSQL libpg_query's node. */
  tree?: unknown;
}

/** Text that is no SQL of this dialect. */
export interface SyntaxProblem {
  message: string;
  /** UTF-16 offset in the file. */
  position: number;
  line: number;
  column: number;
}

export interface ParsedSql {
  dialect: Dialect;
  statements: Statement[];
  problems: SyntaxProblem[];
}
