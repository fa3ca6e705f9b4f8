/** PostgreSQL extensions of the embedded server: SQL name to archive name. */
import type { Extension } from '@electric-sql/pglite';
import { extensionArchive } from '../assets.ts';

/** Every extension that PGlite carries and that a migration may create; the archive is loaded at start-up. */
export const EXTENSIONS: Record<string, string> = {
  bloom: 'bloom',
  btree_gin: 'btree_gin',
  btree_gist: 'btree_gist',
  citext: 'citext',
  cube: 'cube',
  earthdistance: 'earthdistance',
  fuzzystrmatch: 'fuzzystrmatch',
  hstore: 'hstore',
  intarray: 'intarray',
  isn: 'isn',
  lo: 'lo',
  ltree: 'ltree',
  moddatetime: 'spi',
  pg_stat_statements: 'pg_stat_statements',
  pg_trgm: 'pg_trgm',
  pgcrypto: 'pgcrypto',
  seg: 'seg',
  tablefunc: 'tablefunc',
  tcn: 'tcn',
  unaccent: 'unaccent',
  'uuid-ossp': 'uuid-ossp',
  vector: 'vector',
};

export function pgliteExtensions(): Record<string, Extension> {
  return Object.fromEntries(
    Object.entries(EXTENSIONS).map(([name, archive]) => [
      name.replaceAll('-', '_'),
      { name, setup: async () => ({ bundlePath: extensionArchive(archive) }) } satisfies Extension,
    ]),
  );
}
