/** What `aibos check` says: the format of `--format json`, which outside tools rely on. Fields may be added, none changed. */
import type { TableLock } from '../effects/effects.ts';
import type { Blocking } from '../effects/lock-modes.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface CheckFinding {
  rule: string;
  severity: Severity;
  message: string;
  /** SQL that does the same safely, in the steps that it needs; runs as it is. */
  fix?: string;
  /** The place it is about, from 1; columns in UTF-16 units, `endColumn` behind the last. */
  line: number;
  column: number;
  endColumn: number;
  /** Schema-qualified, where it is about one. */
  relation?: string;
}

/** Milliseconds. */
export interface DurationEstimate {
  p10: number;
  p50: number;
  p90: number;
}

export type Basis = 'rules' | 'shadow' | 'prior' | 'outcomes';

export interface CheckedStatement {
  index: number;
  line: number;
  endLine: number;
  kind: string;
  operations: string[];
  /** Schema-qualified names of what the operations are about. */
  objects: string[];
  locks: TableLock[];
  rewrites: string[];
  /** Relations read from end to end while locked. */
  scans: string[];
  /** What it keeps others from doing on tables that exist before it. */
  blocks: Blocking;
  findings: CheckFinding[];
  failureProbability: number;
  durationMs: DurationEstimate;
  basis: Basis[];
  /** What moves the figures, in sentences, the weightiest first; only where there is any. */
  reasons?: string[];
  /** The figures are no more than a frame: nothing is known of what decides, or nothing like it was measured. */
  abstained?: true;
  /** Sentences; only where there are any. */
  dataLoss?: string[];
  incompatible?: string[];
  irreversible?: string[];
  failsIf?: string[];
  /** Why it cannot run inside of a transaction, only where it cannot. */
  noTransaction?: string;
  unanalysed?: string;
}

export interface CheckedFile {
  path: string;
  statements: CheckedStatement[];
  /** Findings that belong to no statement: an unused ignore comment, a file that cannot be read. */
  findings?: CheckFinding[];
}

export interface CheckResult {
  version: 1;
  files: CheckedFile[];
}

/** Every finding of a file, in order of place. */
export function findingsOf({ statements, findings = [] }: CheckedFile): CheckFinding[] {
  return [...findings, ...statements.flatMap((statement) => statement.findings)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
}
