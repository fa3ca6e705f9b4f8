/**
 * `npm run bench [-- --json FILE] [--rounds N] [--full]`: the store against what most tools would simply use, all in one
 * run on the same events. Prints a table and, with `--json`, writes every figure. Folder: `.cache/bench`, kept between
 * runs. `--full` adds ten million events. Peers are installed into `test/bench/peers`; what cannot be had is listed as
 * not run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from '../../core/numbers.ts';
import { measureHttp, OVER_HTTP } from './http.ts';
import {
  BETTER,
  BETTER_FEW,
  measureBatches,
  measureSingles,
  NODE,
  OURS_ONE,
  OURS_TWO,
  PARSE,
  type Peers,
} from './ingest.ts';
import { machine, machineLine } from './machine.ts';
import { csvOf, sqliteOf, storeOf } from './million.ts';
import { betterSqlite, openNodeSqlite } from './native.ts';
import { openStore } from './ours.ts';
import { DUCKDB, measureQueries, OURS, openDuck, openSqlite } from './queries.ts';
import { type Measured, ratio, summarise } from './rounds.ts';

interface Goal {
  what: string;
  measured: number | undefined;
  goal: string;
  reached: boolean | undefined;
}

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    full: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const rounds = Math.max(1, Number(values.rounds));
const folder = fileURLToPath(new URL('../../.cache/bench', import.meta.url));
const peersFolder = fileURLToPath(new URL('peers', import.meta.url));
const million = 1_000_000;
const tables: { title: string; unit: string; rows: Measured[] }[] = [];
const goals: Goal[] = [];
const notRun: string[] = [];

mkdirSync(folder, { recursive: true });
installPeers();
const better = betterSqlite(peersFolder);
if ('missing' in better) notRun.push(`better-sqlite3: ${better.missing}`);
const peers: Peers = { better: 'open' in better ? better.open : undefined, node: openNodeSqlite };

if (wanted('ingest')) await ingest();
if (wanted('http')) await http();
if (wanted('queries')) await queries();
if (wanted('open')) open(million, 700);
if (values.full) open(10 * million, 812);
report();

function wanted(part: string): boolean {
  return values.only === undefined || values.only.split(',').includes(part);
}

async function ingest(): Promise<void> {
  for (const [batch, count] of [
    [1, 500],
    [100, 20_000],
    [1_000, 50_000],
  ] as const) {
    const figures = await measureBatches(folder, peers, { batch, count, rounds });
    add(`Durable ingest, batches of ${batch}`, 'events/s', figures);
    if (batch < 1_000) continue;
    const best =
      median(figures.get(OURS_TWO) ?? []) > median(figures.get(OURS_ONE) ?? []) ? OURS_TWO : OURS_ONE;
    for (const peer of [BETTER, BETTER_FEW, NODE])
      atLeast(
        `batches of 1,000 against ${peer}`,
        ratio(figures, best, peer),
        peer === BETTER ? 2.5 : undefined,
      );
    atLeast('batches of 1,000 against JSON.parse alone', ratio(figures, best, PARSE), 0.5);
  }
  const figures = await measureSingles(folder, peers, { count: 20_000, native: 500, rounds });
  add('Single events: 64 writers against one by one', 'events/s', figures);
  atLeast('64 single writers against better-sqlite3 one by one', ratio(figures, OURS_ONE, BETTER), 20);
}

async function http(): Promise<void> {
  const figures = await measureHttp(folder, peers, { count: 100_000, rounds });
  add('Over HTTP on loopback, batches of 1,000, checked and durable', 'events/s', figures);
  atLeast('HTTP against better-sqlite3 in process', ratio(figures, OVER_HTTP, BETTER), 1.2);
}

async function queries(): Promise<void> {
  const store = await openStore(await storeOf(folder, million));
  const sqlite = openSqlite(await sqliteOf(folder, million));
  const duck = await openDuck(peersFolder, await csvOf(folder, million));
  if ('missing' in duck) notRun.push(`DuckDB: ${duck.missing}`);
  const results = await measureQueries(store, 'all' in duck ? duck : undefined, sqlite, Math.max(rounds, 9));
  for (const [name, figures] of results) {
    add(name, 'ms', figures);
    const page = name.startsWith('page');
    const took = median(figures.get(OURS) ?? []);
    goals.push({
      what: name,
      measured: took,
      goal: page ? '< 20 ms' : '< 5 ms',
      reached: took < (page ? 20 : 5),
    });
    if (!page) atLeast(`${name}, DuckDB's time against ours`, ratio(figures, DUCKDB, OURS), 3);
  }
  await store.close();
}

/** Start-up and memory, each time in a new process. */
function open(count: number, mostMb: number): void {
  const path = join(folder, `store-${count}`);
  const script = fileURLToPath(new URL('open-child.ts', import.meta.url));
  const make = fileURLToPath(new URL('make-child.ts', import.meta.url));
  if (!existsSync(path)) spawnSync(process.execPath, [make, folder, String(count)], { stdio: 'inherit' });
  const runs = Array.from({ length: rounds }, () => {
    const { stdout } = spawnSync(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    return JSON.parse(String(stdout)) as { firstAnswerMs: number; openMs: number; residentMb: number };
  });
  const name = `${count / million} million events`;
  add(
    `Opening ${name}`,
    'ms, MB',
    new Map([
      ['process start to first answer', runs.map(({ firstAnswerMs }) => firstAnswerMs)],
      ['opening the store', runs.map(({ openMs }) => openMs)],
      ['resident memory, everything asked once', runs.map(({ residentMb }) => residentMb)],
    ]),
  );
  const first = median(runs.map(({ firstAnswerMs }) => firstAnswerMs));
  if (count === million)
    goals.push({ what: `start-up at ${name}`, measured: first, goal: '< 1500 ms', reached: first < 1_500 });
  const resident = median(runs.map(({ residentMb }) => residentMb));
  goals.push({
    what: `memory at ${name}`,
    measured: resident,
    goal: `< ${mostMb} MB`,
    reached: resident < mostMb,
  });
}

function add(title: string, unit: string, figures: ReadonlyMap<string, number[]>): void {
  const rows = summarise(figures);
  tables.push({ title, unit, rows });
  console.log(`\n${title} (${unit}, median of ${rows[0]?.rounds} rounds)`);
  for (const { name, median: middle, low, high } of rows)
    console.log(`  ${name.padEnd(46)} ${text(middle).padStart(12)}   ${text(low)} to ${text(high)}`);
}

function atLeast(what: string, measured: number | undefined, goal: number | undefined): void {
  if (goal === undefined) goals.push({ what, measured, goal: '', reached: undefined });
  else
    goals.push({
      what,
      measured,
      goal: `>= ${goal}`,
      reached: measured === undefined ? undefined : measured >= goal,
    });
}

function report(): void {
  console.log('\nGoals');
  for (const { what, measured, goal, reached } of goals) {
    const verdict = reached === undefined ? '' : reached ? 'reached' : 'NOT reached';
    const figure = measured === undefined ? 'not run' : text(measured);
    console.log(`  ${what.padEnd(62)} ${figure.padStart(10)}  ${goal.padEnd(10)} ${verdict}`);
  }
  for (const reason of notRun) console.log(`Not run: ${reason}`);
  const measuredOn = machine();
  console.log(`\n${machineLine(measuredOn)}`);
  if (values.json)
    writeFileSync(
      values.json,
      `${JSON.stringify({ at: new Date().toISOString(), machine: measuredOn, rounds, goals, tables, notRun }, null, 1)}\n`,
    );
}

function text(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-GB');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function installPeers(): void {
  if (existsSync(join(peersFolder, 'node_modules'))) return;
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: peersFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) notRun.push('the peers could not be installed; see what npm said above');
}
