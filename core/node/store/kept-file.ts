/** A small document as a JSON file, replaced in one step. */
import { readFileSync } from 'node:fs';
import { TelemetryError } from '../../contract/errors.ts';
import type { Kept } from '../../kept.ts';
import { nodePlatform } from '../platform.ts';
import { replaceFile } from './durable-file.ts';

export function keptFile(path: string): Kept {
  return {
    read() {
      let text: string;
      try {
        text = readFileSync(path, 'utf8');
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new TelemetryError('storage-failed', `${path} cannot be read.`, { cause });
      }
      try {
        return JSON.parse(text) as unknown;
      } catch (cause) {
        throw new TelemetryError('storage-failed', `${path} is not JSON. Mend it, or delete it.`, { cause });
      }
    },
    write(value) {
      try {
        replaceFile(path, [nodePlatform.encodeUtf8(`${JSON.stringify(value, null, 2)}\n`)]);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new TelemetryError('storage-failed', `${path} cannot be written (${why}).`, { cause });
      }
    },
  };
}
