/**
 * `npm run measure:transition -- PATH…`: proves the SQL that takes one schema to another. For every PostgreSQL history
 * below the paths it takes pairs of versions, applies the generated SQL in an embedded PostgreSQL and compares content
 * hashes; prints the share that matched, and with `--verbose` what differed where it did not.
 */

import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { discover } from '../core/migrations/discover.ts';
import { listFiles } from '../core/node/import/files.ts';
import { loadParsers } from '../core/node/parsers.ts';
import { nodePlatform } from '../core/node/platform.ts';
import { schemasOf } from '../core/node/schema/run-history.ts';
import { PostgresShadow } from '../core/node/shadow/postgres.ts';
import { compareSchemas } from '../core/schema/comparator.ts';
import { EMPTY_SCHEMA, type SchemaSnapshot, schemaHash } from '../core/schema/snapshot.ts';
import { transition } from '../core/schema/transition/transition.ts';

/** Pairs of one history that are not neighbours. */
const DISTANT_PAIRS = 60;

const verbose = process.argv.includes('--verbose');
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (paths.length === 0) {
  console.error('Usage: npm run measure:transition -- PATH… [--verbose]');
  process.exit(2);
}
interface Row {
  history: string;
  versions: number;
  pairs: number;
  matched: number;
  statements: number;
}

await loadParsers();
const rows: Row[] = [];
for (const path of paths) rows.push(...(await measureRepository(resolve(path))));
console.table(rows);
const sum = (key: 'pairs' | 'matched') => rows.reduce((total, row) => total + row[key], 0);
console.log(`${sum('matched')} of ${sum('pairs')} pairs reached exactly the other schema.`);

async function measureRepository(root: string) {
  const { paths: files } = await listFiles(root);
  const read = (path: string) => {
    try {
      return readFileSync(join(root, path), 'utf8');
    } catch {
      return undefined;
    }
  };
  const found: Row[] = [];
  for (const history of discover(files, read).histories) {
    if (history.dialect !== 'postgres') continue;
    const shadow = await PostgresShadow.start();
    const schemas: SchemaSnapshot[] = [EMPTY_SCHEMA];
    const hashes = new Set([schemaHash(EMPTY_SCHEMA, nodePlatform)]);
    for await (const { schema } of schemasOf(root, history, shadow)) {
      const hash = schemaHash(schema, nodePlatform);
      if (!hashes.has(hash)) schemas.push(schema);
      hashes.add(hash);
    }
    await shadow.close();
    found.push({
      history: `${root.split('/').at(-1)} ${history.folder}`,
      versions: schemas.length,
      ...(await measurePairs(schemas)),
    });
  }
  return found;
}

/** Walks through the versions: one by one, then back and forth at random (always the same way). */
async function measurePairs(schemas: readonly SchemaSnapshot[]) {
  const walk = schemas.map((_, i) => i).slice(1);
  let seed = schemas.length;
  for (let i = 0; i < DISTANT_PAIRS; i++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    walk.push(seed % schemas.length);
  }
  let shadow = await PostgresShadow.start();
  let at = 0;
  let matched = 0;
  let statements = 0;
  for (const target of walk) {
    const [before, after] = [schemas[at] ?? EMPTY_SCHEMA, schemas[target] ?? EMPTY_SCHEMA];
    const { steps } = transition(before, after);
    const problem = await apply(
      shadow,
      steps.map(({ sql }) => sql),
      after,
    );
    statements += steps.length;
    if (problem === undefined) matched++;
    else {
      if (verbose) console.log(`${at} -> ${target}: ${problem}`);
      await shadow.close();
      shadow = await PostgresShadow.start();
      await apply(
        shadow,
        transition(EMPTY_SCHEMA, after).steps.map(({ sql }) => sql),
        after,
      );
    }
    at = target;
  }
  await shadow.close();
  return { pairs: walk.length, matched, statements };
}

/** What went wrong; undefined where the schema is reached. */
async function apply(shadow: PostgresShadow, steps: readonly string[], wanted: SchemaSnapshot) {
  for (const sql of steps) {
    try {
      await shadow.prepare(sql);
    } catch (error) {
      return `${error instanceof Error ? error.message : error}\n    ${sql.slice(0, 600)}`;
    }
  }
  const differences = compareSchemas(await shadow.snapshot(), wanted);
  if (differences.length === 0) return undefined;
  return differences
    .slice(0, 5)
    .map(({ kind, object, before, after }) =>
      `${kind} ${object} ${JSON.stringify(before)} => ${JSON.stringify(after)}`.slice(0, 500),
    )
    .join('\n    ');
}
