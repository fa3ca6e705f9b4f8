/** Checks collected files: analysis here, the shadow in a process of its own beside it, what is known from the cache. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Checker, type CheckOptions } from '../../check/check.ts';
import type { CheckedFile, CheckResult } from '../../check/result.ts';
import { Predictor } from '../../predict/predictor.ts';
import { DataFolder } from '../data-folder.ts';
import { loadParsers } from '../parsers.ts';
import { readOwnOutcomes } from '../predict/own-outcomes-file.ts';
import { CheckCache } from './cache.ts';
import type { CollectedFile } from './collect.ts';
import { runInShadows, runsOf } from './shadow-runs.ts';

export interface RunOptions extends CheckOptions {
  dataDir?: string;
  shadow: boolean;
  cache: boolean;
}

export async function checkCollected(
  files: readonly CollectedFile[],
  given: RunOptions,
): Promise<{ result: CheckResult; problems: string[] }> {
  const predictor = given.predictor ?? new Predictor(readOwnOutcomes(given.dataDir));
  const options = { ...given, predictor };
  const cache = options.cache ? CheckCache.open(files, options) : undefined;
  const known = cache?.known ?? [];
  if (known.length === files.length) return { result: resultOf(files, known), problems: [] };
  await loadParsers();
  const shadows = options.shadow ? runInShadows(files, shadowFolder(options)) : undefined;
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
  const { verdicts, problems } = (await shadows) ?? { verdicts: new Map(), problems: [] };
  const checked = analysed.map((one, i): CheckedFile | null =>
    one ? checker.conclude(one, runsOf(verdicts.get(i))) : (known[i] ?? null),
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

/** Where the shadow keeps its checkpoints; a folder that is thrown away by the system where there is no other. */
function shadowFolder({ dataDir }: RunOptions): string {
  try {
    return new DataFolder(dataDir).folder('cache', 'shadow', 'states');
  } catch {
    return mkdtempSync(join(tmpdir(), 'aibos-shadow-'));
  }
}
