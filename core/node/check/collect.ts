/** Turns the paths of a command line into files to check, in the order in which they run. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { FileToCheck } from '../../check/check.ts';
import { TelemetryError } from '../../contract/errors.ts';
import type { Dialect } from '../../contract/event.ts';
import { compareNumbers, discover } from '../../migrations/discover.ts';
import { type Format, formats, guessDialect } from '../../migrations/formats.ts';
import { listFiles } from '../import/files.ts';
import { readSqlFile } from '../import/read-sql.ts';

export interface CollectOptions {
  dialect?: Dialect;
  /** Folder of migrations that are already applied. */
  history?: string;
}

export interface CollectedFile extends FileToCheck {
  format: Format;
  absolute: string;
}

/** Throws `not-found` for a path that is not there, `invalid-request` for a file that is no SQL text. */
export async function collect(paths: readonly string[], options: CollectOptions): Promise<CollectedFile[]> {
  const applied = options.history === undefined ? [] : await filesAt(options.history, options, true);
  const given: CollectedFile[] = [];
  for (const path of paths) given.push(...(await filesAt(path, options, false)));
  const toCheck = new Set(given.map(({ absolute }) => absolute));
  return [...applied.filter(({ absolute }) => !toCheck.has(absolute)), ...given];
}

async function filesAt(path: string, options: CollectOptions, applied: boolean): Promise<CollectedFile[]> {
  const absolute = existing(path);
  if (!statSync(absolute).isDirectory()) {
    return [read(absolute, path, nameFormat(absolute), options.dialect, applied)];
  }
  const { paths } = await listFiles(absolute);
  const textOf = (file: string) => {
    const found = readSqlFile(join(absolute, file));
    return 'text' in found ? found.text : undefined;
  };
  const { histories } = discover(paths, textOf);
  if (histories.length > 0) {
    return histories.flatMap(({ migrations, format, dialect }) =>
      migrations.map((migration) =>
        read(
          join(absolute, migration.path),
          join(path, migration.path),
          formats[format],
          options.dialect ?? dialect,
          applied,
        ),
      ),
    );
  }
  return paths
    .filter((file) => /\.sql$/i.test(file))
    .sort(compareNumbers)
    .map((file) => read(join(absolute, file), join(path, file), formats.numbered, options.dialect, applied));
}

function existing(path: string): string {
  try {
    return realpathSync(resolve(path));
  } catch {
    throw new TelemetryError('not-found', `There is no file or folder ${path}.`);
  }
}

/** The tool of a single file, as far as its name tells. */
function nameFormat(path: string): Format {
  if (basename(path) === 'migration.sql') return formats.prisma;
  if (basename(path) === 'up.sql') return formats.diesel;
  return formats.numbered;
}

function read(
  absolute: string,
  path: string,
  format: Format,
  dialect: Dialect | undefined,
  applied: boolean,
): CollectedFile {
  const file = readSqlFile(absolute);
  if ('problem' in file)
    throw new TelemetryError(
      'invalid-request',
      `${relative('.', join(dirname(absolute), basename(absolute)))}: ${file.problem}.`,
    );
  const text = format.up(file.text);
  return { absolute, path, text, format, applied, dialect: dialect ?? guessDialect(text) };
}
