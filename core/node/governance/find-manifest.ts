/** The manifest of a folder: its own, or that of the nearest folder above. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import { DEFAULT_MANIFEST, MANIFEST_FILE, type Manifest, readManifest } from '../../governance/manifest.ts';

export interface FoundManifest {
  /** Undefined where there is none and the defaults hold. */
  path: string | undefined;
  manifest: Manifest;
}

/**
 * Throws `not-found` where a named file cannot be read, `invalid-request` with every fault as an error of its own where
 * a manifest is not as it should be.
 */
export function findManifest(folder: string, named?: string): FoundManifest {
  const path = named ?? nearest(resolve(folder));
  if (path === undefined) return { path: undefined, manifest: DEFAULT_MANIFEST };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new TelemetryError('not-found', `The manifest ${path} cannot be read.`, { cause });
  }
  const read = readManifest(text);
  if ('manifest' in read) return { path, manifest: read.manifest };
  const lines = read.faults.map(({ pointer, message }) => `  ${pointer || '/'}  ${message}`);
  throw new TelemetryError('invalid-request', `${path} cannot be used:\n${lines.join('\n')}`, {
    errors: read.faults,
  });
}

function nearest(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, MANIFEST_FILE);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return undefined;
  }
}
