/** Who brought a file in and when, from the git history, renames followed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MOST_BYTES = 512 * 1024 * 1024;

export interface Origin {
  commit: string;
  /** Author's time, milliseconds since 1970. */
  at: number;
  /** Author's address; to be turned into a pseudonym and kept no longer. */
  email: string;
}

/**
 * Origin of each file below `root`, by its path there. Empty outside a git checkout, without git, or without commits:
 * the import goes on without it.
 */
export async function fileOrigins(root: string, paths: readonly string[]): Promise<Map<string, Origin>> {
  try {
    const prefix = (await run('git', ['-C', root, 'rev-parse', '--show-prefix'])).stdout.trim();
    const format = '--format=%x1e%H%x1f%aI%x1f%aE';
    const args = [
      '-C',
      root,
      '-c',
      'core.quotePath=false',
      'log',
      '--name-status',
      '-M',
      '--diff-filter=AR',
      format,
    ];
    const { stdout } = await run('git', [...args, '--', ...pathspecs(paths)], { maxBuffer: MOST_BYTES });
    return follow(stdout, prefix, paths);
  } catch {
    return new Map();
  }
}

/**
 * Where to look: SQL anywhere, since it may have been moved; scripts only in folders of the same name, for a repository
 * may hold very many of their kind.
 */
function pathspecs(paths: readonly string[]): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    const [base = '', folder] = path.split('/').reverse();
    const ending = base.slice(base.lastIndexOf('.'));
    if (ending === '.sql') found.add(':(top)*.sql');
    else found.add(`:(top,glob)**/${(folder ?? '').replace(/[*?[\]\\]/g, '\\$&')}/*${ending}`);
  }
  return [...found];
}

/** Walks from the newest commit to the oldest; a renamed file is looked for under its older name from there on. */
function follow(log: string, prefix: string, paths: readonly string[]): Map<string, Origin> {
  const wanted = new Map(paths.map((path) => [prefix + path, path]));
  const origins = new Map<string, Origin>();
  for (const record of log.split('\x1e').slice(1)) {
    const [head = '', ...lines] = record.split('\n');
    const [commit = '', date = '', email = ''] = head.split('\x1f');
    for (const line of lines) {
      const [status = '', from = '', to] = line.split('\t');
      const current = wanted.get(to ?? from);
      if (current === undefined) continue;
      origins.set(current, { commit: commit.slice(0, 12), at: Date.parse(date), email });
      wanted.delete(to ?? from);
      if (status.startsWith('R')) wanted.set(from, current);
    }
  }
  return origins;
}
