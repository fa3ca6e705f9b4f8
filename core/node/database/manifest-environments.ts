/** The environments that a team named in its manifest, looked for from a folder upwards. */
import type { EnvironmentPatterns } from '../../database/environment.ts';
import { findManifest } from '../governance/find-manifest.ts';

/** Throws `invalid-request` where there is a manifest that cannot be read: a guess could call production something else. */
export function manifestEnvironments(folder: string): EnvironmentPatterns {
  return findManifest(folder).manifest.environments ?? {};
}
