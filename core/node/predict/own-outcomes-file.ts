/**
 * `predictor.json` in the data folder: what own outcomes taught, written by the engine and read by `aibos check`, which
 * needs no engine for it. May be deleted at any time; the next outcome makes it again.
 */
import { readFileSync, rmSync } from 'node:fs';
import type { OwnOutcomes } from '../../predict/own-outcomes.ts';
import type { OwnRecord } from '../../predict/own-record.ts';
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

/** Outcomes that arrive together are written together: so long after the first of them. */
export const OWN_OUTCOMES_WAIT_MS = 500;

/** Writes what own outcomes taught whenever that may have moved. The result writes what is still to be written, and ends it. */
export function keepOwnOutcomes(folder: DataFolder, record: OwnRecord): () => void {
  let timer: NodeJS.Timeout | undefined;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    writeOwnOutcomes(folder, record.current());
  };
  record.onChanged(() => {
    timer ??= setTimeout(write, OWN_OUTCOMES_WAIT_MS).unref();
  });
  return () => {
    if (timer) write();
  };
}

/** A full disk must not fail an engine: predictions are only less sharp. */
function writeOwnOutcomes(folder: DataFolder, own: OwnOutcomes | undefined): void {
  try {
    if (!own) {
      rmSync(folder.in(NAME), { force: true });
      return;
    }
    replaceFile(folder.in(NAME), [nodePlatform.encodeUtf8(JSON.stringify(own))]);
  } catch {
    // The next outcome tries again.
  }
}
