/** Whether a file is a migration, and of which tool: asked of `discover`, with the files around it instead of all files. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Dialect } from '../../../core/contract/event.ts';
import { discover, isLeftOut, isWayBack } from '../../../core/migrations/discover.ts';
import {
  dialectNamed,
  type FormatName,
  formats,
  guessDialect,
  scriptFormat,
} from '../../../core/migrations/formats.ts';
import { sqlTextOf } from '../../../core/node/import/read-sql.ts';

export interface MigrationFile {
  /** The tool's name for it. */
  name: string;
  /** Missing for a file that lies in a folder for migrations and follows no tool's naming. */
  tool: FormatName | undefined;
  dialect: Dialect;
  /** The part of a text that goes up, in place. */
  up: (text: string) => string;
}

const MIGRATIONS_FOLDER = /(?:^|\/)[^/]*migrat(?:e|ions?)[^/]*(?:\/|$)/i;
/** Tools that give each migration a folder call its file so. */
const FILE_OF_A_FOLDER = new Set(['migration.sql', 'up.sql']);

/**
 * Undefined where the file is none: not in a history, not in a folder for migrations, or a way back.
 *
 * @param path below `root`, with `/`
 * @param text of the file as it is now, which the disk may not have yet
 */
export async function migrationAt(
  root: string,
  path: string,
  text: string,
): Promise<MigrationFile | undefined> {
  const isSql = /\.sql$/i.test(path);
  if (isSql ? isWayBack(path) : !scriptFormat(path, text)) return undefined;
  const read = (other: string) => (other === path ? text : sqlTextOf(join(root, other)));
  const { histories } = discover(await filesAround(root, path), read);
  for (const { format, dialect, migrations } of histories) {
    const found = migrations.find((migration) => migration.path === path);
    if (found)
      return { name: found.name, tool: format, dialect, up: (whole) => formats[format].up(whole, dialect) };
  }
  const folder = posix.dirname(path);
  if (!isSql || isLeftOut(folder) || !MIGRATIONS_FOLDER.test(folder)) return undefined;
  const guessed = guessDialect(text);
  return {
    name: posix.basename(path).replace(/\.sql$/i, ''),
    tool: undefined,
    dialect: guessed === 'postgres' ? (dialectNamed(folder) ?? guessed) : guessed,
    up: (whole) => whole,
  };
}

/** The files that `discover` looks at to judge this one: its neighbours, its tool's lock file, its crate. */
export async function filesAround(root: string, path: string): Promise<string[]> {
  const folder = posix.dirname(path);
  const base = posix.basename(path);
  const paths = new Set([path]);
  for (const entry of await entries(root, folder)) if (entry.isFile()) paths.add(within(folder, entry.name));
  if (FILE_OF_A_FOLDER.has(base) && folder !== '.') {
    const parent = posix.dirname(folder);
    for (const entry of await entries(root, parent))
      paths.add(within(parent, entry.isDirectory() ? `${entry.name}/${base}` : entry.name));
  }
  for (let above = folder; ; above = posix.dirname(above)) {
    if (existsSync(join(root, above, 'Cargo.toml'))) paths.add(within(above, 'Cargo.toml'));
    if (above === '.') return [...paths];
  }
}

async function entries(root: string, folder: string) {
  return readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
}

function within(folder: string, base: string): string {
  return folder === '.' ? base : `${folder}/${base}`;
}
