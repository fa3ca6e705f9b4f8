/**
 * What was checked before. Each file has a key made of its own bytes, of how it is run, of the options, of this program,
 * and of the keys of all files before it: an edit, a deletion or another order changes the key of everything behind it,
 * so nothing old is ever taken for current. One cache file for each list of files; it may be deleted at any time.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { CheckedFile } from '../../check/result.ts';
import { DataFolder } from '../data-folder.ts';
import { nodePlatform } from '../platform.ts';
import { replaceFile } from '../store/durable-file.ts';
import { VERSION } from '../version.ts';
import type { CollectedFile } from './collect.ts';
import type { RunOptions } from './run.ts';

interface Kept {
  keys: string[];
  checked: (CheckedFile | null)[];
}

export class CheckCache {
  /** Results of the first files, as far as nothing has changed; null for those that are already applied. */
  readonly known: readonly (CheckedFile | null)[];
  readonly #keys: string[];
  readonly #path: string | undefined;

  private constructor(path: string | undefined, keys: string[], known: (CheckedFile | null)[]) {
    this.#path = path;
    this.#keys = keys;
    this.known = known;
  }

  /** Never throws: without a place to keep it nothing is known. */
  static open(files: readonly CollectedFile[], options: RunOptions): CheckCache {
    const keys = keysOf(files, options);
    const path = pathFor(files, options);
    const kept = path === undefined ? undefined : read(path);
    if (!kept) return new CheckCache(path, keys, []);
    let same = 0;
    while (same < keys.length && kept.keys[same] === keys[same]) same++;
    const known = kept.checked.slice(0, same).map((checked, i) => {
      const path = files[i]?.path;
      return checked && path !== undefined ? { ...checked, path } : checked;
    });
    return new CheckCache(path, keys, known);
  }

  keep(checked: (CheckedFile | null)[]): void {
    if (this.#path === undefined) return;
    try {
      const text = JSON.stringify({ keys: this.#keys, checked } satisfies Kept);
      replaceFile(this.#path, [packed(text)]);
    } catch {
      // A full disk must not fail a check; the next one is slower.
    }
  }
}

function packed(text: string): Uint8Array {
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
  return brotliCompressSync(nodePlatform.encodeUtf8(text), quality);
}

function read(path: string): Kept | undefined {
  try {
    return JSON.parse(brotliDecompressSync(readFileSync(path)).toString('utf8')) as Kept;
  } catch {
    return undefined;
  }
}

function keysOf(files: readonly CollectedFile[], options: RunOptions): string[] {
  let key = digest([programKey(), JSON.stringify(settings(options))]);
  return files.map(({ source = '', text, dialect, runner, applied, format, name, problem }) => {
    const how = JSON.stringify([dialect, runner, applied, format.name, name, problem, text.length]);
    key = digest([key, how, source]);
    return key;
  });
}

function settings({ serverVersion, severities, shadow, statistics, predictor }: RunOptions): unknown {
  return [serverVersion, severities, shadow, statistics?.file, predictor?.version];
}

/** One cache file for the same places with the same options, so that two ways of asking do not push each other out. */
function pathFor(files: readonly CollectedFile[], options: RunOptions): string | undefined {
  const folders = [...new Set(files.map(({ absolute }) => dirname(absolute)))];
  const name = files.length === 1 ? [files[0]?.absolute ?? ''] : commonPart(folders);
  try {
    const folder = new DataFolder(options.dataDir).folder('cache', 'check');
    return join(folder, `${digest([...name, JSON.stringify(settings(options))]).slice(0, 32)}.json.br`);
  } catch {
    return undefined;
  }
}

/** The deepest folder that holds them all. */
function commonPart(folders: readonly string[]): string[] {
  const [first = '', ...rest] = folders.map((folder) => folder.split(/[\\/]/));
  const parts = typeof first === 'string' ? [] : first;
  let length = parts.length;
  for (const other of rest)
    while (other.slice(0, length).join('/') !== parts.slice(0, length).join('/')) length--;
  return parts.slice(0, length);
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/** Another build may judge otherwise: the version, and when the code was written. */
function programKey(): string {
  const here = fileURLToPath(import.meta.url);
  const core = join(dirname(here), '..', '..');
  const folders = here.endsWith('.ts')
    ? [
        'check',
        'check/rules',
        'check/rewrite',
        'effects',
        'sql',
        'migrations',
        'statistics',
        'predict',
        'learn/prior',
        'shadow',
        'node/check',
        'node/shadow',
      ].map((name) => join(core, name))
    : [dirname(here)];
  const times = folders.flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => /\.(?:ts|mjs|json)$/.test(name))
        .map((name) => `${name}:${statSync(join(folder, name)).mtimeMs}`);
    } catch {
      return [];
    }
  });
  return digest([VERSION, ...times]);
}
