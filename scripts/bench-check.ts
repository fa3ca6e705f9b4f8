/**
 * `npm run bench:check`: writes a history of 800 migrations, checks it cold (nothing known) and warm (nothing changed),
 * and after an edit of the last file; with the shadow run and by analysis alone. Beside it squawk and pgfence, where
 * their npm package can be installed: into a temporary folder, only when asked for by --others. `--json FILE` also writes
 * the figures.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchFile, benchHistory, benchText } from './bench-history.ts';

const FILES = 800;
/** Each is timed so often; the median counts. */
const TIMES = 3;

interface Row {
  tool: string;
  what: string;
  seconds: number | string;
}

const built = fileURLToPath(new URL('../dist/aibos.mjs', import.meta.url));
const source = fileURLToPath(new URL('../core/node/cli/aibos.ts', import.meta.url));
const aibos = existsSync(built) ? built : source;
const folder = mkdtempSync(join(tmpdir(), 'aibos-bench-'));
try {
  const history = join(folder, 'migrations');
  const statements = writeHistory(history);
  console.log(
    `${FILES} files, ${statements} statements; ${cpus().length} processors, Node ${process.versions.node}, ${aibos === built ? 'built' : 'from source'}`,
  );
  const rows = [...ours(history, true), ...ours(history, false)];
  if (process.argv.includes('--others')) rows.push(...others(history));
  console.table(rows);
  const at = process.argv.indexOf('--json');
  const path = at === -1 ? undefined : process.argv[at + 1];
  if (path) writeFileSync(path, `${JSON.stringify({ files: FILES, statements, rows }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writeHistory(path: string): number {
  mkdirSync(path, { recursive: true });
  const history = benchHistory(FILES);
  for (const [i, statements] of history.entries())
    writeFileSync(join(path, benchFile(i)), benchText(statements));
  return history.flat().length;
}

function ours(history: string, shadow: boolean): Row[] {
  const data = join(folder, `data-${shadow}`);
  const what = shadow ? 'analysis and shadow run' : 'analysis alone';
  const check = () =>
    timed(process.execPath, [
      aibos,
      'check',
      history,
      '--data-dir',
      data,
      '--fail-on',
      'never',
      ...(shadow ? [] : ['--no-shadow']),
    ]);
  const cold = median(() => {
    rmSync(data, { recursive: true, force: true });
    return check();
  });
  const warm = median(check);
  let edits = 0;
  const edited = median(() => {
    writeFileSync(join(history, benchFile(FILES - 1)), `ALTER TABLE t1 ADD COLUMN edit${edits++} int;\n`);
    return check();
  });
  return [
    { tool: 'aibos check', what: `${what}, cold`, seconds: cold },
    { tool: 'aibos check', what: `${what}, warm`, seconds: warm },
    { tool: 'aibos check', what: `${what}, last file edited`, seconds: edited },
  ];
}

function others(history: string): Row[] {
  const tools = [
    { tool: 'squawk', name: 'squawk-cli', bin: 'squawk' },
    { tool: 'pgfence', name: '@flvmnt/pgfence', bin: 'pgfence' },
  ];
  return tools.map(({ tool, name, bin }): Row => {
    const place = join(folder, tool);
    mkdirSync(place, { recursive: true });
    const install = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', place, name], {
      encoding: 'utf8',
    });
    const path = join(place, 'node_modules', '.bin', bin);
    if (install.status !== 0 || !existsSync(path))
      return { tool, what: 'cannot be installed here', seconds: '-' };
    const command = `${tool === 'pgfence' ? `"${path}" analyze` : `"${path}"`} "${history}"/*.sql`;
    const probe = spawnSync('sh', ['-c', command], { encoding: 'utf8', maxBuffer: 1e9 });
    if (probe.error || (probe.status !== 0 && probe.stdout.length < 1_000))
      return {
        tool,
        what: `does not run here: ${(probe.stderr || probe.stdout).trim().split('\n')[0]?.slice(0, 80)}`,
        seconds: '-',
      };
    return {
      tool,
      what: 'each file by itself, no history',
      seconds: median(() => timed('sh', ['-c', command])),
    };
  });
}

function timed(program: string, args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 });
  const seconds = (performance.now() - began) / 1_000;
  if (program === process.execPath && status !== 0) throw new Error(stderr);
  return seconds;
}

function median(measure: () => number): number {
  const times = Array.from({ length: TIMES }, measure).sort((a, b) => a - b);
  return Math.round((times[Math.floor(TIMES / 2)] ?? 0) * 100) / 100;
}
