/** What privacy needs of the machine: who runs the engine, how much is kept where, what to remove beside the journal. */
import { execFile } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import type { DataPlace } from '../privacy/privacy.ts';
import { pseudonym } from '../privacy/pseudonym.ts';
import type { Selection } from '../privacy/selection.ts';
import type { DataFolder } from './data-folder.ts';
import { nodePlatform } from './platform.ts';

/** Pseudonym of whoever runs this process: by the address that git knows, as recordings and imports do. */
export async function pseudonymOfMe(folder: DataFolder): Promise<string> {
  const address = await new Promise<string>((resolve) => {
    execFile('git', ['config', '--global', 'user.email'], { timeout: 2_000 }, (error, out) =>
      resolve(error ? '' : out.trim()),
    );
  });
  return pseudonym(nodePlatform, folder.identityKey(), address || `${userInfo().username}@${hostname()}`);
}

export function placeOfData(folder: DataFolder): DataPlace {
  return { path: folder.path, bytes: () => bytesBelow(folder.path) };
}

/**
 * Removes what was made from a person's or a workspace's events and can be made again: what imports remember, caches,
 * and for a workspace the timelines of its schemas.
 */
export function cleaner(folder: DataFolder): (selection: Selection) => void {
  return ({ user, workspace }) => {
    if (user === undefined && workspace === undefined) return;
    for (const name of ['imports', 'cache', ...(workspace === undefined ? [] : ['schemas'])])
      rmSync(folder.in(name), { recursive: true, force: true });
  };
}

function bytesBelow(path: string): number {
  let bytes = 0;
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    // A file may go while one counts.
    bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
