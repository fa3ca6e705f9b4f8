/** Checks collected files: analysis here, the shadow in a process of its own beside it, what is known from the cache. */
import { setImmediate } from 'node:timers/promises';
import { Checker, type CheckOptions } from '../../check/check.ts';
import type { CheckedFile, CheckResult } from '../../check/result.ts';
import { loadParsers } from '../../sql/parse.ts';
import { CheckCache } from './cache.ts';
import type { CollectedFile } from './collect.ts';
import { runInShadows } from './shadow-runs.ts';

export interface RunOptions extends CheckOptions {
  dataDir?: string;
  shadow: boolean;
  cache: boolean;
}

export async function checkCollected(
  files: readonly CollectedFile[],
  options: RunOptions,
): Promise<{ result: CheckResult; problems: string[] }> {
  const cache = options.cache ? CheckCache.open(files, options) : undefined;
  const known = cache?.known ?? [];
  if (known.length === files.length) return { result: resultOf(files, known), problems: [] };
  await loadParsers();
  const shadows = options.shadow ? runInShadows(files) : undefined;
  const checker = new Checker(options);
  const analysed = [];
  for (const [i, file] of files.entries()) {
    if (i < known.length || file.applied) {
      checker.apply(file);
      analysed.push(undefined);
    } else {
      analysed.push(checker.analyse(file));
    }
    // Lets the messages of the shadow through.
    if (shadows) await setImmediate();
  }
  const { runs, problems } = (await shadows) ?? { runs: new Map(), problems: [] };
  const checked = analysed.map((one, i): CheckedFile | null =>
    one ? checker.conclude(one, runs.get(i)) : (known[i] ?? null),
  );
  if (problems.length === 0) cache?.keep(checked);
  return { result: resultOf(files, checked), problems };
}

function resultOf(files: readonly CollectedFile[], checked: readonly (CheckedFile | null)[]): CheckResult {
  return {
    version: 1,
    files: files.flatMap(({ applied }, i) => {
      const one = checked[i];
      return applied || !one ? [] : [one];
    }),
  };
}
