/**
 * Makes the data directory that the embedded PostgreSQL starts from, once for each of its versions. Argument: the file
 * to write.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { PostgresShadow } from '../core/node/shadow/postgres.ts';

const [target = ''] = process.argv.slice(2);
const { version } = JSON.parse(
  readFileSync(new URL('../node_modules/@electric-sql/pglite/package.json', import.meta.url), 'utf8'),
) as { version: string };
const cached = new URL(`../.cache/postgres-base-${version}-small.image`, import.meta.url);

if (!existsSync(cached)) {
  const shadow = await PostgresShadow.startFrom(undefined);
  const tar = zstdDecompressSync(await shadow.image());
  await shadow.close();
  mkdirSync(new URL('.', cached), { recursive: true });
  writeFileSync(cached, zstdCompressSync(tar, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }));
}
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, readFileSync(cached));
process.exit(0);
