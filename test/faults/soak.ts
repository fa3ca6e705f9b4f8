/**
 * `npm run soak [-- --minutes N] [--seed N] [--only NAME]`: the fault tests with new seeds until the time is over (10
 * minutes unless said otherwise), one after another. Prints what each did; a failure prints its seed and ends it with
 * exit code 1. `--seed` begins with that one, so that a failure can be met again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killRounds } from './kill.ts';
import { powerCutRound } from './power-cut.ts';
import { processRounds } from './processes.ts';
import { race } from './race.ts';

type Figures = Record<string, number>;

/** Each does some rounds with a seed in an empty folder, throws what it finds wrong, and says what it did. */
const SCENARIOS: Record<string, (folder: string, seed: number) => Promise<Figures>> = {
  kill: async (folder, seed) => ({ ...(await killRounds(folder, seed, 12)) }),
  'power-cut': async (folder, seed) => powerCuts(folder, seed, false),
  'failing-disk': async (folder, seed) => powerCuts(folder, seed, true),
  race: async (folder, seed) => ({ ...(await race(folder, seed, 3_000)) }),
  'owner-killed': async (folder, seed) => ({
    ...(await processRounds(folder, seed, 8, { kills: 'owner', batch: 5 })),
  }),
  'client-killed': async (folder, seed) => ({
    ...(await processRounds(folder, seed, 8, { kills: 'client', batch: 100 })),
  }),
};
const DISKS = 20;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    only: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const firstSeed = Number(values.seed);
const names = Object.keys(SCENARIOS).filter((name) => !values.only || name === values.only);
if (!(minutes > 0) || !Number.isSafeInteger(firstSeed) || names.length === 0) {
  console.error(
    `Usage: npm run soak [-- --minutes N] [--seed N] [--only ${Object.keys(SCENARIOS).join('|')}]`,
  );
  process.exit(2);
}
process.exitCode = await soak(Date.now() + minutes * 60_000);

async function soak(until: number): Promise<number> {
  const totals = new Map<string, Figures>();
  let code = 0;
  for (let seed = firstSeed; Date.now() < until && code === 0; seed++) {
    for (const name of names) {
      if (Date.now() >= until || code !== 0) break;
      const folder = mkdtempSync(join(tmpdir(), 'aibos-soak-'));
      try {
        const figures = (await SCENARIOS[name]?.(folder, seed)) ?? {};
        totals.set(name, sum(totals.get(name) ?? {}, figures));
        console.log(`${name}, seed ${seed}: ${text(figures)}`);
      } catch (error) {
        console.error(error);
        console.error(`\nAgain: npm run soak -- --only ${name} --seed ${seed}`);
        code = 1;
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
  console.log('\nIn all:');
  for (const [name, figures] of totals) console.log(`  ${name}: ${text(figures)}`);
  return code;
}

async function powerCuts(folder: string, seed: number, failing: boolean): Promise<Figures> {
  let figures: Figures = {};
  for (let i = 0; i < DISKS; i++)
    figures = sum(figures, { ...(await powerCutRound(folder, seed * DISKS + i, failing)) });
  return figures;
}

/** Figures that are the slowest of something stay the slowest. */
function sum(a: Figures, b: Figures): Figures {
  const both: Figures = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = a[key] ?? 0;
    both[key] = key.startsWith('slowest') ? Math.max(before, value) : before + value;
  }
  return both;
}

function text(figures: Figures): string {
  return Object.entries(figures)
    .map(([key, value]) => `${key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`)
    .join(', ');
}
