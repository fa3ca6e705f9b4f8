/** Writes small file trees for tests. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Path below the folder to content. */
export type Tree = Record<string, string | Uint8Array>;

export function writeTree(folder: string, tree: Tree): void {
  for (const [path, content] of Object.entries(tree)) {
    const full = join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }
}

/** Commits everything in a folder, as a given author at a given time. */
export function commitAll(folder: string, email: string, at: string): void {
  const run = (...args: string[]) =>
    execFileSync('git', ['-C', folder, ...args], {
      stdio: 'ignore',
      env: {
        ...process.env,
        GIT_AUTHOR_NAME: email,
        GIT_AUTHOR_EMAIL: email,
        GIT_AUTHOR_DATE: at,
        GIT_COMMITTER_NAME: email,
        GIT_COMMITTER_EMAIL: email,
        GIT_COMMITTER_DATE: at,
      },
    });
  run('init', '-q');
  run('add', '-A');
  run('commit', '-q', '-m', 'change');
}
