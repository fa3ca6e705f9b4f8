/** Reads the migrations of a history and says of each where it comes from. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundHistory, FoundMigration } from '../../migrations/discover.ts';
import { type Format, formats, type Wrapping } from '../../migrations/formats.ts';
import type { PreparedMigration } from '../../migrations/record.ts';
import { writtenAt } from '../../migrations/written-at.ts';
import type { MigrationToRun } from '../../shadow/shadow.ts';
import { parseSql } from '../../sql/parse.ts';
import { nodePlatform } from '../platform.ts';
import { switchedOff } from '../switched-off.ts';
import type { Origin } from './git-history.ts';
import type { RememberedMigration } from './memory.ts';
import { readSqlFile } from './read-sql.ts';

/** A migration of the list, parsed only when it is its turn: most of a known history never is. */
export interface Listed {
  migration: PreparedMigration;
  /** Why its file is no SQL text, where it is none. */
  problem?: string;
  /** What of a script is not known without running it. The rest of it runs, and its outcome means nothing. */
  partly?: string;
  /** The first migration before it that is known only in part: a failure may be due to what that would have done. */
  after?: string;
}

export interface PrepareContext {
  root: string;
  workspace: string;
  origins: ReadonlyMap<string, Origin>;
  authorOf: (email: string) => string;
}

export function prepare(history: FoundHistory, found: FoundMigration, context: PrepareContext): Listed {
  const path = join(context.root, found.path);
  const file = readSqlFile(path);
  const format = formats[history.format];
  const origin = context.origins.get(found.path);
  const migration: PreparedMigration = {
    found,
    format,
    dialect: history.dialect,
    text: 'text' in file ? format.up(file.text, history.dialect) : '',
    wrapping: wrappingOf(format, 'text' in file ? file.text : '', path),
    parsed: { dialect: history.dialect, statements: [], problems: [] },
    checksum: nodePlatform.sha256('text' in file ? file.text : file.problem).slice(0, 16),
    at: writtenAt(found.name, origin?.at) ?? changedAt(path),
    author: origin ? context.authorOf(origin.email) : undefined,
    commit: origin ? { id: origin.commit, at: origin.at } : undefined,
    workspace: context.workspace,
  };
  if ('problem' in file) return { migration, problem: file.problem };
  const [unknown] = format.unanalysed?.(file.text, history.dialect) ?? [];
  return unknown ? { migration, partly: `line ${unknown.line}: ${unknown.reason}` } : { migration };
}

/** The migration with its statements. */
export function parsed({ migration }: Listed): PreparedMigration {
  return { ...migration, parsed: parseSql(migration.text, migration.dialect) };
}

/** What the shadow is asked to run; the migration must be parsed. */
export function migrationToRun({
  found,
  format,
  parsed: sql,
  dialect,
  wrapping,
}: PreparedMigration): MigrationToRun {
  return {
    name: found.name,
    wrapping,
    statements: sql.statements.map((statement) => ({ text: statement.text, start: statement.start })),
    ...(format.books && dialect !== 'sqlite' ? { books: format.books.insert(found.name) } : {}),
  };
}

/** What the next import compares with. */
export function remembered({ migration }: Listed, broken: readonly number[]): RememberedMigration {
  return {
    name: migration.found.name,
    checksum: migration.checksum,
    ...(broken.length === 0 ? {} : { broken }),
  };
}

/** How many migrations from the first on are as they were. */
export function unchanged(now: readonly Listed[], before: readonly RememberedMigration[]): number {
  let same = 0;
  while (same < now.length && same < before.length) {
    const [is, was] = [now[same], before[same]];
    if (!is || is.migration.found.name !== was?.name || is.migration.checksum !== was.checksum) break;
    same++;
  }
  return same;
}

/** As its tool wraps it, unless a setting beside the file says otherwise. */
function wrappingOf(format: Format, text: string, path: string): Wrapping {
  return switchedOff(format, text, path) ? 'none' : format.wrapping(text);
}

/** When the file was last written; now where even that is not known. */
function changedAt(path: string): number {
  try {
    return Math.floor(statSync(path).mtimeMs);
  } catch {
    return nodePlatform.now();
  }
}
