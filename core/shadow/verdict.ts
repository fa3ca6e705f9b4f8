/** What the shadow says of a file: each statement on top of everything before it. */
import type { DatabaseError } from '../contract/event.ts';

/** `unjudged`: the shadow cannot tell, and says why; never counted as a mistake. */
export type Verdict = 'works' | 'fails' | 'unjudged';

export interface StatementVerdict {
  /** From 0, as the parser splits the file. */
  index: number;
  /** UTF-16 offsets in the file. */
  start: number;
  end: number;
  verdict: Verdict;
  /** The engine's own words, with position, line and column in the file. */
  error?: DatabaseError;
  /** UTF-16 offset behind what the error points at. */
  errorEnd?: number;
  /** Why it could not be judged. */
  reason?: string;
  durationMs: number;
}

export interface FileVerdict {
  /** The migration's name. */
  name: string;
  /** What it ran in, for example `PostgreSQL 18.6`; empty where nothing could run it. */
  engine: string;
  /** Empty where `unjudged` says why. */
  statements: StatementVerdict[];
  /** Why nothing of it could be judged. */
  unjudged?: string;
  /** Sentences about the whole: what was made up, what earlier migrations left missing. */
  notes: string[];
  durationMs: number;
}

/** One statement as it went in the shadow, before it is asked why. */
export interface RawVerdict {
  verdict: Verdict;
  /** Position in UTF-16 units of the file, where the engine gave one. */
  error?: DatabaseError;
  reason?: string;
  durationMs: number;
  /** It failed in its file and worked by itself afterwards: what it makes is there. */
  made?: boolean;
}
