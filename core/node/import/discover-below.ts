/** The histories of a folder on the disk. */
import { dirname, join, relative } from 'node:path';
import { type Discovery, discover } from '../../migrations/discover.ts';
import { sqlTextOf } from './read-sql.ts';

/**
 * What is found below `root`, whose files are `paths`. Some tools are known by the names of their folders: where nothing
 * is found and `root` itself is such a folder (`db/migrate`), its own name and that of the folder around it count.
 */
export function discoverBelow(root: string, paths: readonly string[]): Discovery {
  const found = discover(paths, (path) => sqlTextOf(join(root, path)));
  if (found.histories.length > 0) return found;
  const around = dirname(dirname(root));
  const prefix = `${relative(around, root).replaceAll('\\', '/')}/`;
  const named = discover(
    paths.map((path) => prefix + path),
    (path) => sqlTextOf(join(around, path)),
  );
  const below = (path: string) => (path.startsWith(prefix) ? path.slice(prefix.length) : '.');
  const histories = named.histories.map((history) => ({
    ...history,
    folder: below(history.folder),
    migrations: history.migrations.map((migration) => ({ ...migration, path: below(migration.path) })),
  }));
  return { ...found, histories };
}
