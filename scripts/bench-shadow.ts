/**
 * `npm run bench:shadow -- [--json FILE] [PATH…]`: how long the shadow takes to answer, for a generated history of 800
 * migrations and for the longest PostgreSQL history below each path. Times are of the wall clock, in milliseconds:
 *
 *     cold        first answer on the last file, nothing kept from before: start, whole history, file
 *     edit        median of the answers while the last file is edited
 *     edit p90    nine of ten of them are as fast
 *     middle      first answer after going to the file in the middle
 *     back        first answer after coming back to the last file
 *     session     first answer in a new session, states on the disk
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { discover } from '../core/migrations/discover.ts';
import { listFiles } from '../core/node/import/files.ts';
import { type ShadowHistory, ShadowService } from '../core/node/shadow/service.ts';
import type { MigrationSource } from '../core/shadow/history-state.ts';

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' }, edits: { type: 'string', default: '40' } },
  allowPositionals: true,
});
const EDITS = Number(values.edits);
const GENERATED = 800;
/** What is added to the last file, growing with each edit: the end of it is a mistake, as while typing. */
const ADDED = '\nALTER TABLE nowhere ADD COLUMN x';

interface Row {
  history: string;
  migrations: number;
  cold: number;
  edit: number;
  editP90: number;
  middle: number;
  back: number;
  session: number;
}

const histories = [generated(), ...(await Promise.all(positionals.map(longestIn)))];
const rows: Row[] = [];
for (const history of histories) rows.push(await measure(history));
const machine = `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model}`;
console.log(`${machine}, load ${loadavg()[0]?.toFixed(1)}`);
console.table(rows);
if (values.json)
  writeFileSync(values.json, `${JSON.stringify({ machine, load: loadavg()[0], rows }, null, 2)}\n`);

async function measure(history: ShadowHistory): Promise<Row> {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'aibos-bench-'));
  const before = { ...history, migrations: history.migrations.slice(0, -1) };
  const last = history.migrations.at(-1) ?? { name: '', text: '' };
  const half = Math.floor(history.migrations.length / 2);
  try {
    const first = new ShadowService({ cacheFolder });
    const cold = await timed(() => first.check(before, last));
    const edits: number[] = [];
    for (let i = 0; i < EDITS; i++) {
      const text = `${last.text}${ADDED.slice(0, 1 + (i % ADDED.length))}`;
      edits.push(await timed(() => first.check(before, { ...last, text })));
    }
    await delay(2_000);
    const middle = await timed(() =>
      first.check(
        { ...history, migrations: history.migrations.slice(0, half) },
        history.migrations[half] ?? last,
      ),
    );
    const back = await timed(() => first.check(before, { ...last, text: `${last.text}\n\n` }));
    first.close();
    const second = new ShadowService({ cacheFolder });
    const session = await timed(() => second.check(before, last));
    second.close();
    edits.sort((a, b) => a - b);
    return {
      history: history.id,
      migrations: history.migrations.length,
      cold,
      edit: edits[Math.floor(edits.length / 2)] ?? 0,
      editP90: edits[Math.floor(edits.length * 0.9)] ?? 0,
      middle,
      back,
      session,
    };
  } finally {
    rmSync(cacheFolder, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return Math.round((performance.now() - began) * 10) / 10;
}

/** A history as a product's grows: tables, columns, indexes, keys, enums, rows. The same at every run. */
function generated(): ShadowHistory {
  const migrations: MigrationSource[] = [];
  for (let i = 0; i < GENERATED; i++) {
    const table = `table_${Math.floor(i / 8)}`;
    const other = `table_${Math.floor(i / 16)}`;
    const texts = [
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, name text NOT NULL, created_at timestamptz DEFAULT now());`,
      `ALTER TABLE ${table} ADD COLUMN email text;\nCREATE UNIQUE INDEX ON ${table} (email);`,
      `CREATE INDEX ${table}_name ON ${table} (name);`,
      `ALTER TABLE ${table} ADD COLUMN parent bigint REFERENCES ${other};`,
      `INSERT INTO ${table} (name, email) SELECT 'n' || i, 'e' || i FROM generate_series(1, 50) i;`,
      `CREATE TYPE ${table}_state AS ENUM ('new', 'done');\nALTER TABLE ${table} ADD COLUMN state ${table}_state;`,
      `ALTER TABLE ${table} ALTER COLUMN email SET NOT NULL;\nALTER TABLE ${table} ADD CHECK (length(name) > 0);`,
      `CREATE VIEW ${table}_view AS SELECT id, name FROM ${table} WHERE state = 'done';`,
    ];
    migrations.push({ name: String(i).padStart(4, '0'), text: texts[i % texts.length] ?? '' });
  }
  return { id: 'generated', dialect: 'postgres', format: 'numbered', migrations };
}

async function longestIn(path: string): Promise<ShadowHistory> {
  const root = resolve(path);
  const read = (file: string) => {
    try {
      return readFileSync(join(root, file), 'utf8');
    } catch {
      return undefined;
    }
  };
  const { paths } = await listFiles(root);
  const found = discover(paths, read).histories.filter(({ dialect }) => dialect === 'postgres');
  const longest = found.sort((a, b) => b.migrations.length - a.migrations.length)[0];
  if (!longest) throw new Error(`${path} holds no PostgreSQL history.`);
  const { dialect, format, migrations } = longest;
  const sources = migrations.map(({ name, path: file }) => ({ name, text: read(file) ?? '' }));
  return { id: basename(root), dialect, format, migrations: sources };
}
