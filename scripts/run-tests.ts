/**
 * Runs the checks and the tests, and sums up in the end: how many passed and failed, and what could not be run and
 * why. Tests that drive a browser or an editor run one file after another, the others two at a time.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const bin = (...parts: string[]) => join(ROOT, 'node_modules', ...parts);

const CHECKS: [string, string[]][] = [
  ['types', [bin('typescript', 'bin', 'tsc'), '-b']],
  ['lint and format', [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings']],
  ['dead code', [bin('knip', 'bin', 'knip.js')]],
];

/** Folders whose tests need a machine to themselves. */
const ALONE = /^test\/(?:e2e|webview|desktop)\//;
const TEST_TIMEOUT_MS = 10 * 60_000;

interface Tally {
  passed: number;
  failed: number;
  /** Name and reason. */
  notRun: string[];
}

const only = process.argv.slice(2);
const total: Tally = { passed: 0, failed: 0, notRun: [] };
const started = performance.now();

if (only.length === 0) for (const check of CHECKS) runCheck(...check);
const files = testFiles(only);
await runFiles(
  files.filter((file) => !ALONE.test(file)),
  2,
);
await runFiles(
  files.filter((file) => ALONE.test(file)),
  1,
);

const seconds = Math.round((performance.now() - started) / 1_000);
console.log(
  `\n${total.passed} passed, ${total.failed} failed, ${total.notRun.length} not run, in ${seconds} s`,
);
for (const name of total.notRun) console.log(`  not run: ${name}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);

function testFiles(patterns: string[]): string[] {
  const all = globSync('test/**/*.test.ts', { cwd: ROOT })
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  if (patterns.length === 0) return all;
  const wanted = patterns.map((pattern) => relative(ROOT, join(ROOT, pattern)).replaceAll('\\', '/'));
  return all.filter((file) => wanted.some((pattern) => file === pattern || file.startsWith(`${pattern}/`)));
}

function runCheck(name: string, args: string[]): void {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  const good = status === 0;
  total[good ? 'passed' : 'failed']++;
  console.log(`${good ? '✔' : '✖'} ${name}  ${time(performance.now() - began)}`);
  if (!good) console.log(indent(`${stdout}${stderr}`));
}

async function runFiles(list: string[], concurrency: number): Promise<void> {
  if (list.length === 0) return;
  const counts = new Map<string, { passed: number; failed: number; notRun: number }>();
  const stream = run({
    files: list.map((file) => join(ROOT, file)),
    concurrency,
    timeout: TEST_TIMEOUT_MS,
    cwd: ROOT,
  });
  // `complete` comes when a test ends, `pass` and `fail` in the order of the files: only the first fits a line a file.
  stream.on('test:complete', ({ name, file, skip, details }) => {
    const count = countOf(file);
    if (isFile(name) && (details.passed || count.failed > 0)) {
      console.log(
        `${count.failed === 0 ? '✔' : '✖'} ${shortName(file)}  ${countText(count)}  ${time(details.duration_ms)}`,
      );
      return;
    }
    if (details.type === 'suite') return;
    if (skip !== undefined && skip !== false) {
      count.notRun++;
      const why = typeof skip === 'string' && skip ? skip : 'no reason given';
      total.notRun.push(`${name} (${shortName(file)}): ${why}`);
    } else if (details.passed) {
      count.passed++;
      total.passed++;
    } else {
      count.failed++;
      total.failed++;
      console.log(`✖ ${shortName(file)}: ${name}\n${indent(errorText(details.error))}`);
    }
  });
  stream.on('test:stderr', ({ file, message }) =>
    console.log(indent(`${shortName(file)}: ${message.trimEnd()}`)),
  );
  stream.resume();
  await new Promise((resolve) => stream.once('close', resolve));

  function countOf(file: string | undefined) {
    const key = file ?? '';
    const count = counts.get(key) ?? { passed: 0, failed: 0, notRun: 0 };
    counts.set(key, count);
    return count;
  }
}

function countText({ passed, failed, notRun }: { passed: number; failed: number; notRun: number }): string {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (notRun > 0) parts.push(`${notRun} not run`);
  return parts.join(', ');
}

/** The cause where the runner wrapped it: that is where the stack is. */
function errorText(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function isFile(name: string): boolean {
  return name.endsWith('.test.ts');
}

function shortName(file: string | undefined): string {
  return relative(ROOT, file ?? '').replaceAll('\\', '/');
}

function time(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
