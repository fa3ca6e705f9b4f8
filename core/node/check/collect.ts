/** Turns the paths of a command line into files to check, in the order in which they run. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { FileToCheck } from '../../check/analysed.ts';
import { withoutPlaceholders } from '../../check/placeholders.ts';
import { type Runner, UNKNOWN_RUNNER, unwrapping } from '../../check/runner.ts';
import { TelemetryError } from '../../contract/errors.ts';
import type { Dialect } from '../../contract/event.ts';
import { compareNumbers, discover, isWayBack } from '../../migrations/discover.ts';
import { packageDialect, railsDialect } from '../../migrations/find-others.ts';
import { type Format, formats, guessDialect, scriptFormat, type Wrapping } from '../../migrations/formats.ts';
import { discoverBelow } from '../import/discover-below.ts';
import { listFiles } from '../import/files.ts';
import { sqlTextOf } from '../import/read-sql.ts';
import { loadParsers } from '../parsers.ts';
import { switchedOff } from '../switched-off.ts';
import { fromBytes, type ReadFile, readToCheck } from './read.ts';

export interface CollectOptions {
  dialect?: Dialect;
  /** Folder of migrations that are already applied. */
  history?: string;
  /** How the files are run, instead of what their tool is known to do. */
  transaction?: Wrapping;
}

export interface CollectedFile extends FileToCheck {
  format: Format;
  /** The tool's name for it. */
  name: string;
  absolute: string;
  runner: Runner;
  /** Its tool fills in parts of it: it can be analysed, not run. */
  hasPlaceholders: boolean;
}

/** What `-` reads. */
const STANDARD_INPUT = 'stdin';

/** Throws `not-found` for a path that is not there. */
export async function collect(paths: readonly string[], options: CollectOptions): Promise<CollectedFile[]> {
  await loadParsers();
  const applied = options.history === undefined ? [] : await filesAt(options.history, options, true);
  const given: CollectedFile[] = [];
  for (const path of paths) given.push(...(await filesAt(path, options, false)));
  const toCheck = new Set(given.map(({ absolute }) => absolute));
  const first = applied.findIndex(({ absolute }) => toCheck.has(absolute));
  return [...(first === -1 ? applied : applied.slice(0, first)), ...given];
}

async function filesAt(path: string, options: CollectOptions, applied: boolean): Promise<CollectedFile[]> {
  if (path === '-') return [fromStandardInput(options, applied)];
  const absolute = existing(path);
  if (!statSync(absolute).isDirectory()) {
    const found = toolOf(absolute);
    const dialect = options.dialect ?? found.dialect;
    return [file(absolute, path, found.format, { ...options, ...(dialect ? { dialect } : {}) }, applied)];
  }
  const { paths } = await listFiles(absolute);
  const { histories } = discoverBelow(absolute, paths);
  if (histories.length > 0) {
    return histories.flatMap(({ migrations, format, dialect }) =>
      migrations.map((migration) =>
        file(
          join(absolute, migration.path),
          join(path, migration.path),
          formats[format],
          { ...options, dialect: options.dialect ?? dialect },
          applied,
          migration.name,
        ),
      ),
    );
  }
  return paths
    .filter((name) => /\.sql$/i.test(name) && !isWayBack(name))
    .sort(compareNumbers)
    .map((name) => file(join(absolute, name), join(path, name), formats.numbered, options, applied));
}

function existing(path: string): string {
  try {
    return realpathSync(resolve(path));
  } catch {
    throw new TelemetryError('not-found', `There is no file or folder ${path}.`);
  }
}

/** The tool of a single file, as its neighbours tell; by its own name or text where they do not. */
function toolOf(path: string): { format: Format; dialect?: Dialect } {
  const folder = dirname(path);
  const inFolders = /^(?:migration|up)\.sql$/.test(basename(path));
  const root = inFolders ? dirname(folder) : folder;
  const siblings = namesIn(root).flatMap((name) =>
    inFolders ? namesIn(join(root, name)).map((inner) => `${name}/${inner}`) : [name],
  );
  const meta = existsSync(join(root, 'meta', '_journal.json')) ? ['meta/_journal.json'] : [];
  // With its last folders, by which some tools are known.
  const prefix = root.split(/[\\/]/).slice(-2).join('/');
  const listed = [...siblings, ...meta].map((name) => `${prefix}/${name}`);
  const read = (name: string) => sqlTextOf(join(root, name.slice(prefix.length + 1)));
  const { histories } = discover(listed, read);
  const own = path.slice(root.length + 1).replaceAll('\\', '/');
  const found = histories.find(({ migrations }) => migrations.some((one) => one.path === `${prefix}/${own}`));
  if (found && found.format !== 'rails') return { format: formats[found.format], dialect: found.dialect };
  const text = sqlTextOf(path) ?? '';
  const script = scriptFormat(path, text);
  if (script) {
    const known = script === 'rails' ? railsDialectAbove(folder) : packageDialectAbove(folder);
    return { format: formats[script], ...(known ? { dialect: known } : {}) };
  }
  if (/^\s*--\s*\+goose\s+Up\b/im.test(text)) return { format: formats.goose };
  if (/^\s*--\s*migrate:up\b/im.test(text)) return { format: formats.dbmate };
  if (/\.up\.sql$/i.test(path)) return { format: formats['golang-migrate'] };
  if (/^[VR][\d._]*__.+\.sql$/.test(basename(path))) return { format: formats.flyway };
  if (inFolders) return { format: basename(path) === 'up.sql' ? formats.diesel : formats.prisma };
  return { format: formats.numbered };
}

function packageDialectAbove(folder: string): Dialect | undefined {
  return packageDialect(basename(folder), () => sqlTextOf(join(nearestPackage(folder), 'package.json')));
}

function railsDialectAbove(folder: string): Dialect | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = railsDialect('.', (name) => sqlTextOf(join(at, name)));
    if (found || dirname(at) === at) return found;
  }
}

/** The folder of the `package.json` that a script belongs to; its own folder where there is none. */
function nearestPackage(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
    if (dirname(at) === at) return folder;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function file(
  absolute: string,
  path: string,
  format: Format,
  options: CollectOptions,
  applied: boolean,
  name = basename(path, '.sql'),
): CollectedFile {
  return toCollected(readToCheck(absolute), absolute, path, format, options, applied, name);
}

function fromStandardInput(options: CollectOptions, applied: boolean): CollectedFile {
  const read = fromBytes(readFileSync(0));
  return toCollected(read, '-', STANDARD_INPUT, formats.numbered, options, applied, STANDARD_INPUT);
}

/** A file whose text is known already, for example from an editor. */
export function toCollected(
  { text: source, problem }: ReadFile,
  absolute: string,
  path: string,
  format: Format,
  options: CollectOptions,
  applied: boolean,
  name: string,
): CollectedFile {
  const dialect = options.dialect ?? guessDialect(source);
  const up = format.up(source, dialect);
  const unanalysed = format.unanalysed?.(source, dialect) ?? [];
  const text = withoutPlaceholders(up);
  return {
    absolute,
    path,
    name,
    text,
    source,
    ...(format.unanalysed ? { script: true } : {}),
    format,
    applied,
    hasPlaceholders: text !== up || unanalysed.length > 0,
    runner: runnerOf(format, source, absolute, options.transaction),
    dialect: options.dialect ?? guessDialect(text),
    ...(problem ? { problem } : {}),
    ...(unanalysed.length > 0 ? { unanalysed } : {}),
  };
}

function runnerOf(format: Format, source: string, absolute: string, given: Wrapping | undefined): Runner {
  if (given !== undefined) return { title: 'the tool', wrapping: given };
  if (format.name === 'numbered') return UNKNOWN_RUNNER;
  const unwrap = unwrapping(format.name);
  // Flyway refuses a file that mixes both kinds of statements, unless it is told to.
  const usual = format.name === 'flyway' ? 'file' : format.wrapping(source);
  return {
    title: format.title,
    wrapping: switchedOff(format, source, absolute) ? 'none' : usual,
    ...(unwrap === undefined ? {} : { unwrap }),
  };
}
