/** PostgreSQL extensions of the embedded server: SQL name to archive name. */
import type { Extension, PGlite } from '@electric-sql/pglite';
import { STAND_INS } from '../../shadow/stand-ins.ts';
import { extensionArchive } from '../assets.ts';

/** Every extension that PGlite carries and that a migration may create; the archive is loaded at start-up. */
export const EXTENSIONS: Record<string, string> = {
  amcheck: 'amcheck',
  bloom: 'bloom',
  btree_gin: 'btree_gin',
  btree_gist: 'btree_gist',
  citext: 'citext',
  cube: 'cube',
  dict_int: 'dict_int',
  dict_xsyn: 'dict_xsyn',
  earthdistance: 'earthdistance',
  file_fdw: 'file_fdw',
  fuzzystrmatch: 'fuzzystrmatch',
  hstore: 'hstore',
  intarray: 'intarray',
  isn: 'isn',
  lo: 'lo',
  ltree: 'ltree',
  moddatetime: 'spi',
  pageinspect: 'pageinspect',
  pg_buffercache: 'pg_buffercache',
  pg_freespacemap: 'pg_freespacemap',
  pg_stat_statements: 'pg_stat_statements',
  pg_trgm: 'pg_trgm',
  pg_visibility: 'pg_visibility',
  pgcrypto: 'pgcrypto',
  seg: 'seg',
  tablefunc: 'tablefunc',
  tcn: 'tcn',
  tsm_system_rows: 'tsm_system_rows',
  tsm_system_time: 'tsm_system_time',
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

/** Where the embedded server looks for extensions, in its own file system. */
const FOLDER = '/pglite/share/postgresql/extension';

/** Puts the control files and scripts of the stand-ins where CREATE EXTENSION finds them. */
export function writeStandIns(db: PGlite): void {
  for (const [name, script] of Object.entries(STAND_INS)) {
    const control = `comment = 'stands in for ${name}'\ndefault_version = '1.0'\nrelocatable = false\n`;
    db.Module.FS.writeFile(`${FOLDER}/${name}.control`, control);
    db.Module.FS.writeFile(`${FOLDER}/${name}--1.0.sql`, script);
  }
}
