/** The environments that a team named in its manifest, looked for from a folder upwards. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import type { EnvironmentPatterns } from '../../database/environment.ts';
import { MANIFEST_FILE, readManifest } from '../../governance/manifest.ts';

/** Throws `invalid-request` where there is a manifest that cannot be read: a guess could call production something else. */
export function manifestEnvironments(folder: string): EnvironmentPatterns {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, MANIFEST_FILE);
    if (existsSync(path)) {
      const read = readManifest(readFileSync(path, 'utf8'));
      if ('problem' in read) throw new TelemetryError('invalid-request', `${path}: ${read.problem}`);
      return read.manifest.environments ?? {};
    }
    if (dirname(at) === at) return {};
  }
}
