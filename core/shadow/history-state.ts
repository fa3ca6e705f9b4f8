/** The chain of a history: each migration's key stands for everything up to and including it. */
import type { Dialect } from '../contract/event.ts';
import { type FormatName, formats } from '../migrations/formats.ts';
import type { Platform } from '../platform.ts';
import { parseSql } from '../sql/parse.ts';
import type { Gaps } from './explain.ts';
import type { MigrationRun, MigrationToRun } from './shadow.ts';
import type { FileVerdict, RawVerdict } from './verdict.ts';

/** A migration as its file has it. */
export interface MigrationSource {
  /** The tool's name for it. */
  name: string;
  text: string;
}

/** What a history is run as. */
export interface HistoryKind {
  dialect: Dialect;
  format: FormatName;
}

/** Raise it when a history could leave another state or get other verdicts than before. */
const SHADOW_VERSION = 1;

/** The key of an empty history. `engine` names the exact build that runs it. */
export function rootKey({ dialect, format }: HistoryKind, engine: string, { sha256 }: Hashing): string {
  return sha256(`shadow ${SHADOW_VERSION}\n${engine}\n${dialect}\n${format}`);
}

/** The key behind a migration. Its name counts: tools write it into their own table. */
export function nextKey(key: string, { name, text }: MigrationSource, { sha256 }: Hashing): string {
  return sha256(`${key}\n${sha256(name)}\n${sha256(text)}`);
}

export type Hashing = Pick<Platform, 'sha256'>;

/** What the shadow is asked to run. */
export function toRun(
  { name, text }: MigrationSource,
  { dialect, format: formatName }: HistoryKind,
): MigrationToRun {
  const format = formats[formatName];
  const { statements, problems } = parseSql(format.up(text, dialect), dialect);
  return {
    name,
    wrapping: format.wrapping(text),
    statements: statements.map((statement) => {
      const problem =
        statement.kind === 'Unknown'
          ? problems.find(({ position }) => position >= statement.start && position <= statement.end)
          : undefined;
      const unreadable = problem && {
        message: problem.message,
        sqlState: '42601',
        position: problem.position,
      };
      return { text: statement.text, start: statement.start, ...(unreadable ? { unreadable } : {}) };
    }),
    ...(format.books && dialect !== 'sqlite' ? { books: format.books.insert(name) } : {}),
  };
}

/** What a run says of each statement: what was rolled back or skipped counts by how it went by itself. */
export function verdictsOfRun({ statements }: MigrationRun): RawVerdict[] {
  return statements.map(({ outcome, durationMs, error, alone }): RawVerdict => {
    if (outcome === 'failed' && error) {
      return { verdict: 'fails', error, durationMs, ...(alone === 'worked' ? { made: true } : {}) };
    }
    if (outcome !== 'skipped' || alone === 'worked') return { verdict: 'works', durationMs };
    if (alone) return { verdict: 'fails', error: alone, durationMs };
    return { verdict: 'unjudged', reason: 'it comes after the statement that failed', durationMs };
  });
}

/** What is known behind each migration of a history that the shadow has passed. */
export interface Passed {
  key: string;
  verdict: FileVerdict;
}

/** A state that can be returned to. */
export interface Checkpoint {
  passed: Passed[];
  gaps: Gaps;
}

/** Keeps states by their key. What is damaged counts as not kept. */
export interface Checkpoints {
  has(key: string): boolean;
  load(key: string): (Checkpoint & { image: Uint8Array }) | undefined;
  /** Without the image. */
  peek(key: string): Checkpoint | undefined;
  save(key: string, checkpoint: Checkpoint, image: Uint8Array): void;
}
