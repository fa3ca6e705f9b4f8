/**
 * The shadow: a throw-away database in which a migration history is really run, so that a wrong column, type or order
 * is the real error of the real engine. Implemented in `core/node/shadow`.
 */
import type { DatabaseError, Outcome } from '../contract/event.ts';
import type { Wrapping } from '../migrations/formats.ts';
import type { SchemaSnapshot } from '../schema/snapshot.ts';
import type { JudgeHooks } from './judge.ts';
import type { RawVerdict } from './verdict.ts';

export interface StatementToRun {
  text: string;
  /** UTF-16 offset of `text` in its file, to place errors. */
  start: number;
  /** What the parser said, where it could not read the statement. */
  unreadable?: DatabaseError;
}

export interface MigrationToRun {
  name: string;
  wrapping: Wrapping;
  statements: StatementToRun[];
  /** The tool's own entry for this migration, run after it succeeded. */
  books?: string;
}

export interface StatementRun {
  outcome: Outcome;
  durationMs: number;
  error?: DatabaseError;
  /** After a failure: how it went by itself, where it was tried. */
  alone?: 'worked' | DatabaseError;
}

export interface MigrationRun {
  outcome: 'succeeded' | 'failed';
  /** Sum over the statements that ran, transaction control included. */
  durationMs: number;
  statements: StatementRun[];
  /** Index of the first statement that failed. */
  failedStatement?: number;
  /**
   * After a failure the shadow runs every statement that works by itself, so that the rest of the history is judged on
   * the schema it was written for. This many worked.
   */
  salvaged?: number;
  /** Why the failure says nothing of the migration: the shadow lacks what it asks for. */
  notJudged?: string;
}

export interface Shadow {
  /** What runs in it, for example `PostgreSQL 18.6`. */
  readonly version: string;
  /** Runs a script that belongs to no migration, such as a tool's own table. Errors are thrown. */
  prepare(sql: string): Promise<void>;
  run(migration: MigrationToRun): Promise<MigrationRun>;
  /** The schema as it is now. */
  snapshot(): Promise<SchemaSnapshot>;
  /** The whole database as bytes, from which an equal shadow can start. */
  image(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A shadow in this process, which can also judge a file without keeping what it does. */
export interface JudgingShadow extends Shadow {
  /** Leaves everything as it was. Undefined where only a real run can tell. */
  judge(migration: MigrationToRun, hooks: JudgeHooks): Promise<RawVerdict[] | undefined>;
  /** As its tool would run it. Where `spent` is true the shadow holds what the file did and is of no more use. */
  judgeForReal(
    migration: MigrationToRun,
    hooks: JudgeHooks,
  ): Promise<{ verdicts: RawVerdict[]; spent: boolean }>;
}
