/**
 * `npm run measure:import -- PATH…`: imports repositories from nothing, each in a process and a data folder of its own,
 * and prints for each how many migrations were found and applied, the wall time, the peak memory, and the time of a
 * second import that finds nothing new. Uses the built bundle.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Row {
  project: string;
  found: number;
  applied: number;
  failed: number;
  events: number;
  seconds: number;
  peakMegabytes: number | null;
  secondRunSeconds: number;
}

const AIBOS = fileURLToPath(new URL('../dist/aibos.mjs', import.meta.url));
const paths = process.argv.slice(2);
if (paths.length === 0 || !existsSync(AIBOS)) {
  console.error('Usage: npm run measure:import -- PATH… (after npm run build)');
  process.exit(2);
}

console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}`);
console.table(paths.map(measure));

function measure(path: string): Row {
  const folder = mkdtempSync(join(tmpdir(), 'aibos-measure-'));
  try {
    const first = start(path, folder);
    const second = start(path, folder);
    const count = (key: string) =>
      first.summary.histories.reduce((sum, history) => sum + Number(history[key]), 0);
    return {
      project: basename(resolve(path)),
      found: count('total'),
      applied: count('applied'),
      failed: count('failed'),
      events: eventsIn(folder),
      seconds: first.seconds,
      peakMegabytes: first.peakMegabytes,
      secondRunSeconds: second.seconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function start(path: string, folder: string) {
  const timer = join(folder, 'usage');
  const command = [
    process.execPath,
    AIBOS,
    '--data-dir',
    join(folder, 'data'),
    'start',
    path,
    '--once',
    '--format',
    'json',
  ];
  const timed = existsSync('/usr/bin/time')
    ? ['/usr/bin/time', '-f', '%M', '-o', timer, ...command]
    : command;
  const [program = '', ...args] = timed;
  const began = performance.now();
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 });
  const seconds = Math.round((performance.now() - began) / 100) / 10;
  if (status !== 0) throw new Error(`${path}: ${stderr || stdout}`);
  const kilobytes = existsSync(timer) ? Number(readFileSync(timer, 'utf8')) : null;
  return {
    seconds,
    peakMegabytes: kilobytes === null ? null : Math.round(kilobytes / 1_024),
    summary: JSON.parse(stdout) as { histories: Record<string, unknown>[] },
  };
}

function eventsIn(folder: string): number {
  const { stdout } = spawnSync(
    process.execPath,
    [AIBOS, '--data-dir', join(folder, 'data'), 'report', '--format', 'json'],
    {
      encoding: 'utf8',
      maxBuffer: 1e9,
    },
  );
  return (JSON.parse(stdout) as { metrics: { events: number } }).metrics.events;
}
