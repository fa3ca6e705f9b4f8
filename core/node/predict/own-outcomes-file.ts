/**
 * `predictor.json` in the data folder: what own outcomes taught, written by the engine and read by `aibos check`, which
 * needs no engine for it. May be deleted at any time; the next outcome makes it again.
 */
import { readFileSync } from 'node:fs';
import type { OwnOutcomes } from '../../predict/own-outcomes.ts';
import { DataFolder } from '../data-folder.ts';
import { nodePlatform } from '../platform.ts';
import { replaceFile } from '../store/durable-file.ts';

const NAME = 'predictor.json';

/** Undefined where there is none, or one that cannot be read. */
export function readOwnOutcomes(dataDir: string | undefined): OwnOutcomes | undefined {
  try {
    const found = JSON.parse(readFileSync(new DataFolder(dataDir).in(NAME), 'utf8')) as Partial<OwnOutcomes>;
    const whole =
      typeof found.version === 'string' && typeof found.duration?.shift === 'number' && found.failure;
    return whole ? (found as OwnOutcomes) : undefined;
  } catch {
    return undefined;
  }
}

/** A full disk must not fail an engine: predictions are only less sharp. */
export function writeOwnOutcomes(folder: DataFolder, own: OwnOutcomes | undefined): void {
  if (!own) return;
  try {
    replaceFile(folder.in(NAME), [nodePlatform.encodeUtf8(JSON.stringify(own))]);
  } catch {
    // The next outcome tries again.
  }
}
