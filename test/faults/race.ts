/**
 * Many processes race for one data folder; some are killed while they own it. Whoever owns it writes to a log, so two
 * owners at once would show as lines of one tenure between those of another.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('race-child.ts', import.meta.url));
const PROCESSES = 6;

export interface RaceCounts {
  /** Times that somebody owned the folder. */
  tenures: number;
  /** Processes that were killed while they owned it. */
  killed: number;
  /** From the last line of one that was killed to the first of the next owner; the longest. */
  slowestTakeoverMs: number;
}

export async function race(folder: string, seed: number, tenures: number): Promise<RaceCounts> {
  const log = join(folder, 'tenures.log');
  const children = new Set<ChildProcess>();
  const killed = new Set<string>();
  let started = 0;
  let ending = false;
  let failure: string | undefined;
  const start = () => {
    const name = `p${started++}`;
    const child = spawn(process.execPath, [CHILD, folder, name, String(seed * 10_000 + started)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    children.add(child);
    child.on('close', (code, signal) => {
      children.delete(child);
      if (ending) return;
      if (signal === 'SIGKILL') killed.add(name);
      else failure = `${name} ended by itself with code ${code}`;
      start();
    });
  };
  for (let i = 0; i < PROCESSES; i++) start();
  try {
    while (!failure && (!existsSync(log) || tenuresIn(log).length < tenures))
      await new Promise((resolve) => setTimeout(resolve, 50));
  } finally {
    ending = true;
    for (const child of children) child.kill('SIGKILL');
    while (children.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal(failure, undefined, `seed ${seed}: ${failure}`);
  return check(tenuresIn(log), killed, `seed ${seed}`);
}

interface Tenure {
  name: string;
  number: string;
  first: bigint;
  last: bigint;
}

/** Runs of lines of the same tenure, in order. */
function tenuresIn(log: string): Tenure[] {
  const tenures: Tenure[] = [];
  for (const line of readFileSync(log, 'utf8').split('\n').slice(0, -1)) {
    const [name = '', number = '', at = '0'] = line.split(' ');
    const time = BigInt(at);
    const current = tenures.at(-1);
    if (current?.name === name && current.number === number) current.last = time;
    else tenures.push({ name, number, first: time, last: time });
  }
  return tenures;
}

function check(tenures: readonly Tenure[], killed: ReadonlySet<string>, where: string): RaceCounts {
  const seen = new Set<string>();
  const lastOf = new Map(tenures.map(({ name, number }) => [name, number]));
  let slowest = 0n;
  let deaths = 0;
  for (const [i, { name, number, last }] of tenures.entries()) {
    assert.ok(
      !seen.has(`${name} ${number}`),
      `${where}: two owners at once, ${name} and ${tenures[i - 1]?.name}`,
    );
    seen.add(`${name} ${number}`);
    const next = tenures[i + 1];
    if (!next || !killed.has(name) || lastOf.get(name) !== number) continue;
    deaths += 1;
    if (next.first - last > slowest) slowest = next.first - last;
  }
  return { tenures: tenures.length, killed: deaths, slowestTakeoverMs: Number(slowest / 1_000_000n) };
}
