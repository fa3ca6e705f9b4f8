/** The schema of a history as its migrations stand at a git commit: run in the shadow, the checkout untouched. */
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { TelemetryError } from '../../contract/errors.ts';
import type { FoundHistory } from '../../migrations/discover.ts';
import { EMPTY_SCHEMA, type SchemaSnapshot } from '../../schema/snapshot.ts';
import { discoverBelow } from '../import/discover-below.ts';
import { listFiles } from '../import/files.ts';
import { shadowDialect } from '../import/history-shadow.ts';
import { ShadowProcess } from '../shadow/process.ts';
import { schemasOf } from './run-history.ts';

const run = promisify(execFile);
const MOST_BYTES = 512 * 1024 * 1024;

/** Files by which a history is found and read. */
const NEEDED =
  /\.sql$|migrat[^/]*\/(?:.+\/)?[^/]+\.(?:[cm]?[jt]s|rb)$|(?:^|\/)(?:migration_lock\.toml|_journal\.json|snapshot\.json|Cargo\.toml|package\.json|Gemfile|database\.yml|schema\.prisma|sqitch\.(?:plan|conf))$/i;

/** The full id of what a branch, tag or id names; undefined where it names no commit, or there is no git. */
export async function commitNamed(path: string, revision: string): Promise<string | undefined> {
  try {
    const args = ['-C', path, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    return (await run('git', args)).stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param path folder of the repository, or one inside it
 * @param history folder of the migrations below `path`; needed only where there are several
 */
export async function schemaAtCommit(
  path: string,
  commit: string,
  history: string | undefined,
): Promise<{ schema: SchemaSnapshot; history: FoundHistory; failed: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'aibos-commit-'));
  try {
    const { stdout } = await run('git', ['-C', path, 'ls-tree', '-r', '-z', '--name-only', commit, '.'], {
      maxBuffer: MOST_BYTES,
    });
    const paths = stdout.split('\0').filter((file) => NEEDED.test(file));
    await copyOut(path, commit, paths, folder);
    return await schemaOfFolder(folder, history);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The schema after the last migration of the one history, or of the named one, below a folder. */
export async function schemaOfFolder(
  root: string,
  named: string | undefined,
): Promise<{ schema: SchemaSnapshot; history: FoundHistory; failed: string[] }> {
  const { paths } = await listFiles(root);
  const found = discoverBelow(root, paths).histories.filter(({ dialect }) => shadowDialect(dialect));
  const matching = named === undefined ? found : found.filter(({ folder }) => folder === named);
  const [history] = matching;
  const dialect = history && shadowDialect(history.dialect);
  if (!history || !dialect || matching.length > 1) {
    const folders = found.map(({ folder }) => folder).join(', ') || 'none';
    throw new TelemetryError(
      matching.length > 1 ? 'conflict' : 'not-found',
      `Which history? Name one with --history. Those that can be run: ${folders}.`,
    );
  }
  const shadow = await ShadowProcess.start(dialect);
  try {
    let schema = EMPTY_SCHEMA;
    const failed: string[] = [];
    for await (const version of schemasOf(root, history, shadow)) {
      schema = version.schema;
      if (!version.succeeded) failed.push(version.migration);
    }
    return { schema, history, failed };
  } finally {
    await shadow.close();
  }
}

/** Writes files of a commit into a folder, by one git process. */
async function copyOut(
  repository: string,
  commit: string,
  paths: readonly string[],
  folder: string,
): Promise<void> {
  const git = spawn('git', ['-C', repository, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  git.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  git.stdin.end(paths.map((path) => `${commit}:./${path}\n`).join(''));
  await new Promise<void>((resolve, reject) => {
    git.on('error', reject);
    git.on('close', () => resolve());
  });
  const output = Buffer.concat(chunks);
  let at = 0;
  for (const path of paths) {
    const end = output.indexOf(10, at);
    const [, type, size] = output.toString('utf8', at, end).split(' ');
    at = end + 1;
    if (type !== 'blob') continue;
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, output.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
}
