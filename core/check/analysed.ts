/** What goes into a check, and what analysis alone says of it. */
import type { Dialect } from '../contract/event.ts';
import type { StatementEffects } from '../effects/effects.ts';
import type { StatementFacts } from '../predict/facts.ts';
import type { StatementRun } from '../shadow/shadow.ts';
import type { Statement } from '../sql/statement.ts';
import type { Lines } from '../sql/text.ts';
import type { CheckFinding } from './result.ts';
import type { Runner } from './runner.ts';

/** A file to judge, or one that is already applied and only builds up the schema. */
export interface FileToCheck {
  path: string;
  /** What goes up; same length and lines as `source`. */
  text: string;
  /** The whole file, where `text` is only a part of it: ignore comments count anywhere in it. */
  source?: string;
  /** `text` is the SQL that a script sends: only its lines are those of `source`. */
  script?: true;
  dialect: Dialect;
  applied: boolean;
  runner?: Runner;
  /** What is wrong with the file as such. */
  problem?: { rule: 'file-unreadable' | 'encoding'; message: string };
  /** Parts of a script that are not known without running it; lines from 1. */
  unanalysed?: readonly { line: number; reason: string }[];
}

/** A statement as far as it can be judged without running it. */
export interface AnalysedStatement {
  statement: Statement;
  effects: StatementEffects;
  facts: StatementFacts;
  syntaxError: boolean;
  fails: boolean;
  findings: CheckFinding[];
}

/** How the statement that begins at an offset of its file went in the shadow; undefined where nobody knows. */
export type RunOf = (start: number) => StatementRun | undefined;

export interface AnalysedFile {
  file: FileToCheck;
  statements: AnalysedStatement[];
  lines: Lines;
}
