/** Lists the files of a repository: what git knows and does not ignore, else a walk that no cycle can hold up. */
import { execFile } from 'node:child_process';
import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MOST_BYTES = 512 * 1024 * 1024;
const MOST_FILES = 500_000;
const NEVER = new Set([
  '.git',
  'node_modules',
  '.venv',
  'venv',
  'dist',
  'build',
  'target',
  '.next',
  '.cache',
  'coverage',
]);

export interface FileList {
  /** Paths below the root with `/` between folders. */
  paths: string[];
  /** Folders that could not be read, and why. */
  problems: { path: string; message: string }[];
}

export async function listFiles(root: string): Promise<FileList> {
  const known = await gitFiles(root);
  return known ? { paths: known, problems: [] } : walk(root);
}

/** Tracked files, and untracked ones that are not ignored; undefined outside a git checkout or without git. */
async function gitFiles(root: string): Promise<string[] | undefined> {
  try {
    const args = [
      '-C',
      root,
      'ls-files',
      '-z',
      '--cached',
      '--others',
      '--exclude-standard',
      '--deduplicate',
    ];
    const { stdout } = await run('git', args, { maxBuffer: MOST_BYTES });
    const paths = stdout.split('\0').filter(Boolean);
    return paths.length > 0 ? paths : undefined;
  } catch {
    return undefined;
  }
}

async function walk(root: string): Promise<FileList> {
  const list: FileList = { paths: [], problems: [] };
  const seen = new Set<string>();
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    try {
      const real = await realpath(join(root, folder));
      if (seen.has(real)) continue;
      seen.add(real);
      for await (const entry of await opendir(real)) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        const kind = entry.isSymbolicLink() ? await kindOfLink(join(root, path)) : entry;
        if (kind?.isDirectory() && !NEVER.has(entry.name)) waiting.push(path);
        else if (kind?.isFile() && list.paths.length < MOST_FILES) list.paths.push(path);
      }
    } catch (error) {
      list.problems.push({ path: folder || '.', message: reason(error) });
    }
  }
  list.paths.sort();
  return list;
}

/** What a link leads to; undefined where it leads nowhere or in a circle. */
async function kindOfLink(path: string) {
  return stat(path).catch(() => undefined);
}

/** The system's own word for it, without the path that it repeats. */
export function reason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  const words: Record<string, string> = {
    EACCES: 'no permission to read it',
    EPERM: 'no permission to read it',
    ELOOP: 'a circle of symbolic links',
    ENOENT: 'it does not exist',
    EISDIR: 'it is a folder',
  };
  return words[code ?? ''] ?? message ?? String(error);
}
