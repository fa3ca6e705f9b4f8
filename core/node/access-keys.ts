/** The API keys of a data folder. Every process that serves the API checks them here, whoever hosts the engine. */
import { AccessKeys } from '../access/access-keys.ts';
import type { DataFolder } from './data-folder.ts';
import { nodePlatform } from './platform.ts';
import { keptFile } from './store/kept-file.ts';

export function accessKeysOf(folder: DataFolder): AccessKeys {
  return new AccessKeys({
    keys: keptFile(folder.in('keys.json')),
    used: keptFile(folder.in('keys-used.json')),
    platform: nodePlatform,
  });
}
