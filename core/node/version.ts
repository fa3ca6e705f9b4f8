/** The version of the product: built in by the bundler, read from `package.json` when run from source. */
import { readFileSync } from 'node:fs';

declare const AIBOS_VERSION: string | undefined;

export const VERSION: string =
  typeof AIBOS_VERSION === 'string'
    ? AIBOS_VERSION
    : (
        JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
          version: string;
        }
      ).version;
