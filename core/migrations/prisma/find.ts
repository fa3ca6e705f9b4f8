/** Finds the files of the schema that a Prisma history belongs to: one `schema.prisma`, or a folder of several. */
import type { ReadText } from '../discover.ts';
import { ancestors, within } from '../paths.ts';

/** Folders above the migrations that are looked into: `prisma/migrations` and what lies beside it. */
const LEVELS = 3;

/**
 * @param folder that holds the migrations
 * @param paths every file below the root
 * @returns paths of the files that make up the schema; none where there is no schema
 */
export function prismaFiles(folder: string, paths: readonly string[], read: ReadText): string[] {
  const all = paths.filter((path) => path.endsWith('.prisma'));
  for (const above of ancestors(folder).reverse().slice(0, LEVELS)) {
    const main = within(above, 'schema.prisma');
    if (all.includes(main)) return [main, ...all.filter((path) => isPart(path, above, main, read))];
    for (const inside of [within(above, 'schema'), above]) {
      const files = all.filter((path) => isBelow(path, inside));
      if (files.filter((path) => hasDatasource(read(path))).length === 1) return files;
    }
  }
  return [];
}

/** A schema of several files has one datasource; a file with its own belongs to another schema. */
function isPart(path: string, folder: string, main: string, read: ReadText): boolean {
  return path !== main && isBelow(path, folder) && !hasDatasource(read(path));
}

function isBelow(path: string, folder: string): boolean {
  return folder === '.' ? !path.includes('/') : path.startsWith(`${folder}/`);
}

function hasDatasource(text = ''): boolean {
  return /^\s*datasource\s/m.test(text);
}
