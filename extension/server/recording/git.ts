/** What git knows of a file and its author. Only for trusted workspaces: git runs what a repository's config names. */
import { execFile } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { promisify } from 'node:util';
import { decode } from '../../../core/node/import/read-sql.ts';

const run = promisify(execFile);
const PATIENCE_MS = 5_000;
const MOST_BYTES = 16 * 1024 * 1024;

/** The file as the last commit has it, byte for byte; undefined where it is not tracked or git is not at hand. */
export async function committedText(path: string): Promise<string | undefined> {
  try {
    const args = ['-C', dirname(path), 'cat-file', 'blob', `HEAD:./${basename(path)}`];
    const { stdout } = await run('git', args, {
      encoding: 'buffer',
      timeout: PATIENCE_MS,
      maxBuffer: MOST_BYTES,
      windowsHide: true,
    });
    const file = decode(stdout);
    return 'text' in file ? file.text : undefined;
  } catch {
    return undefined;
  }
}

/** The address that git would write into a commit made in this folder; undefined where there is none. */
export async function authorAddress(folder: string): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['-C', folder, 'config', 'user.email'], {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      windowsHide: true,
    });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
