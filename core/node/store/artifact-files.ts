/** Trained models as files: `models/<sha256>.json`, written whole before anything names them. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifacts } from '../../learn/registry.ts';
import { nodePlatform } from '../platform.ts';
import { replaceFile } from './durable-file.ts';

export function artifactFiles(folder: string): Artifacts {
  const pathOf = (hash: string) => join(folder, `${hash.replace(/[^0-9a-f]/g, '')}.json`);
  return {
    async put(hash, text) {
      replaceFile(pathOf(hash), [nodePlatform.encodeUtf8(text)]);
    },
    remove: (hash) => rm(pathOf(hash), { force: true }),
    get: (hash) => readFile(pathOf(hash), 'utf8').catch(() => undefined),
  };
}
