/**
 * Runs the files of a check in shadows while the analysis goes on beside it. What ran before is not run again: the shadow
 * keeps checkpoints of a history.
 */
import type { Dialect } from '../../contract/event.ts';
import type { FormatName } from '../../migrations/formats.ts';
import type { StatementRun } from '../../shadow/shadow.ts';
import type { FileVerdict } from '../../shadow/verdict.ts';
import { shadowDialect } from '../import/history-shadow.ts';
import { ShadowService } from '../shadow/service.ts';
import type { CollectedFile } from './collect.ts';

export interface ShadowRuns {
  /** What the shadow says of each file, by its place in the list; nothing where it was not asked. */
  verdicts: Map<number, FileVerdict>;
  /** Why some could not be run. */
  problems: string[];
}

interface Group {
  dialect: Dialect;
  format: FormatName;
  files: { file: CollectedFile; i: number }[];
}

/** Rejects never: a shadow that cannot be started or breaks down is a problem that is said. */
export async function runInShadows(
  files: readonly CollectedFile[],
  cacheFolder: string,
): Promise<ShadowRuns> {
  const result: ShadowRuns = { verdicts: new Map(), problems: [] };
  const service = new ShadowService({ cacheFolder });
  try {
    for (const { dialect, format, files: mine } of groupsOf(files)) {
      const migrations = mine.map(({ file }) => ({ name: file.name, text: file.source ?? file.text }));
      try {
        const verdicts = await service.run({ id: 'check', dialect, format, migrations });
        for (const [at, { i }] of mine.entries()) {
          const verdict = verdicts[at];
          if (verdict) result.verdicts.set(i, verdict);
        }
      } catch (error) {
        result.problems.push(error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    service.close();
  }
  return result;
}

/** One database for a dialect, run as the tool of its first file does. */
function groupsOf(files: readonly CollectedFile[]): Group[] {
  const groups = new Map<string, Group>();
  for (const [i, file] of files.entries()) {
    const engine = shadowDialect(file.dialect);
    if (engine === undefined) continue;
    const known = groups.get(engine);
    if (known) known.files.push({ file, i });
    else groups.set(engine, { dialect: file.dialect, format: file.format.name, files: [{ file, i }] });
  }
  return [...groups.values()];
}

/** How a statement went, found by where it begins; undefined where the shadow has no verdict on it. */
export function runsOf(verdict: FileVerdict | undefined): (start: number) => StatementRun | undefined {
  const byStart = new Map((verdict?.statements ?? []).map((one) => [one.start, one]));
  return (start) => {
    const one = byStart.get(start);
    if (!one || one.verdict === 'unjudged') return undefined;
    const { durationMs, error } = one;
    return one.verdict === 'fails'
      ? { outcome: 'failed', durationMs, ...(error ? { error } : {}) }
      : { outcome: 'succeeded', durationMs };
  };
}
