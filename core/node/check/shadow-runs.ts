/** Runs the files of a check in shadows, one for each dialect, while the analysis goes on beside it. */
import type { Dialect } from '../../contract/event.ts';
import type { MigrationRun } from '../../shadow/shadow.ts';
import { parseSql } from '../../sql/parse.ts';
import { HistoryShadow, shadowDialect } from '../import/history-shadow.ts';
import type { CollectedFile } from './collect.ts';

export interface ShadowRuns {
  /** How each file went, by its place in the list; nothing where it could not be run. */
  runs: Map<number, MigrationRun>;
  /** Why some could not be run. */
  problems: string[];
}

/** Larger files are analysed, not run. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
/** Its rows stand behind it in the file, where only psql finds them. */
const NEEDS_DATA = /^copy\s[\s\S]{1,9000}\bfrom\s+stdin\b/i;

/**
 * A history with placeholders in it is not run: what they stand for is not known here. Rejects never: a shadow that cannot be started or breaks down is a problem that is said.
 */
export async function runInShadows(files: readonly CollectedFile[]): Promise<ShadowRuns> {
  const result: ShadowRuns = { runs: new Map(), problems: [] };
  const dialects = new Set(files.map(({ dialect }) => shadowDialect(dialect)));
  for (const dialect of dialects) {
    if (dialect === undefined) continue;
    const mine = files.flatMap((file, i) => (shadowDialect(file.dialect) === dialect ? [{ file, i }] : []));
    const [first] = mine;
    if (!first || mine.some(({ file }) => file.hasPlaceholders)) continue;
    try {
      const shadow = await HistoryShadow.start(dialect, first.file.format.name);
      try {
        for (const { file, i } of mine) await runOne(shadow, file, i, dialect, result);
      } finally {
        await shadow.close();
      }
    } catch (error) {
      result.problems.push(message(error));
    }
  }
  return result;
}

async function runOne(
  shadow: HistoryShadow,
  { text, path, name, dialect, format, runner }: CollectedFile,
  i: number,
  engine: Dialect,
  result: ShadowRuns,
): Promise<void> {
  // Rows by the megabyte tell a shadow nothing about the schema.
  if (text.length > MOST_CHARACTERS) return;
  const { statements } = parseSql(text, dialect);
  const books = engine === 'postgres' ? format.books?.insert(name) : undefined;
  try {
    const run = await shadow.run({
      name: path,
      // Nobody knows how: statement by statement nothing is lost to an error further down.
      wrapping: runner.wrapping === 'unknown' ? 'none' : runner.wrapping,
      statements: statements.map(({ text, start }) => ({ text: NEEDS_DATA.test(text) ? '' : text, start })),
      ...(books === undefined ? {} : { books }),
    });
    result.runs.set(i, run);
  } catch (error) {
    result.problems.push(`${path}: ${message(error)}`);
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
