/** The store that pictures are made of: empty, of a project, or of a million events. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeFolder } from '../../test/bench/ui/server.ts';
import { inRoot } from '../lib.mjs';

export interface PictureStore {
  /** Its data folder. */
  folder: string;
  /** Removes what was made for this run only. */
  remove(): void;
}

/** The store of `npm run bench:ui`, with so many events; made at first, then kept. */
export function benchStore(events: number): PictureStore {
  const folder = inRoot('.cache', 'bench-ui');
  mkdirSync(folder, { recursive: true });
  return { folder: storeFolder(folder, events), remove: () => undefined };
}

/** A data folder of its own, with the history of a project where one is given. Needs the built bundle. */
export function projectStore(project?: string): PictureStore {
  const folder = mkdtempSync(join(tmpdir(), 'aibos-pictures-'));
  if (project !== undefined) importProject(folder, project);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Imports a project's history into a data folder with the built bundle. Throws with what it said where it fails. */
export function importProject(folder: string, project: string): void {
  const args = [inRoot('dist', 'aibos.mjs'), '--data-dir', folder, 'start', project, '--once'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: inRoot(), encoding: 'utf8' });
  if (status !== 0) throw new Error(`${project} could not be imported: ${stderr}`);
}
