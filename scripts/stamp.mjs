/** Whether the bundles in `dist` are older than their sources, by a digest over names, sizes and times. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { digest, inRoot, textOf } from './lib.mjs';

export const STAMP_NAME = '.stamp';
const SOURCES = ['core', 'extension', 'desktop', 'webview', 'scripts', 'package.json', 'package-lock.json'];

export function isStale() {
  return textOf(inRoot('dist', STAMP_NAME)) !== sourcesDigest();
}

export function sourcesDigest() {
  return digest(SOURCES.flatMap((name) => describe(name)).join('\n'));
}

/**
 * @param {string} path below the root
 * @returns {string[]}
 */
function describe(path) {
  const stat = statSync(inRoot(path), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [`${path} ${stat.size} ${stat.mtimeMs}`];
  return readdirSync(inRoot(path))
    .sort()
    .flatMap((name) => describe(join(path, name)));
}
