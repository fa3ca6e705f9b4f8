/**
 * `kill -9` at random moments under load. Each round a process stores events from eight writers at once, with small
 * segments and partitions so that a kill meets every border, and is killed; then an independent reader and the store
 * itself are asked what is there.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../core/numbers.ts';
import { readJournal } from './journal-reader.ts';
import { type Counts, foundIn, Ledger, numberedEvents } from './ledger.ts';
import { allOf, storeIn } from './store-in.ts';

const CHILD = fileURLToPath(new URL('kill-child.ts', import.meta.url));
const LONGEST_LIFE_MS = 250;

/** A folder is used for so many rounds: each one reads all of it again. */
const ROUNDS_PER_FOLDER = 6;

/** Stops early where `until` has passed, in milliseconds since 1970. Throws what a round finds wrong. */
export async function killRounds(
  folder: string,
  seed: number,
  rounds: number,
  until = Infinity,
): Promise<Counts> {
  const random = seededRandom(seed);
  const counts: Counts = { rounds: 0, acknowledged: 0, found: 0 };
  let next = startChild();
  try {
    while (counts.rounds < rounds && Date.now() < until) {
      const ledger = new Ledger();
      let found = 0;
      const data = join(folder, `rounds-from-${counts.rounds}`);
      for (let round = 0; round < ROUNDS_PER_FOLDER && counts.rounds < rounds; round++) {
        const child = next;
        const output = await child.ready;
        next = startChild();
        const sender = `round-${round}`;
        child.process.stdin?.write(`${JSON.stringify([data, sender, Math.floor(random() * 1e9)])}\n`);
        await output.firstLine;
        await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_LIFE_MS));
        child.process.kill('SIGKILL');
        await once(child.process, 'close');
        note(ledger, sender, output.lines);
        found = await check(ledger, data, `seed ${seed}, round ${counts.rounds + 1}`);
        counts.rounds += 1;
      }
      counts.acknowledged += ledger.acknowledged;
      counts.found += found;
      rmSync(data, { recursive: true });
    }
  } finally {
    next.process.kill('SIGKILL');
    await once(next.process, 'close');
  }
  return counts;
}

interface Output {
  lines: string[];
  /** Resolves with the first line behind `ready`. */
  firstLine: Promise<void>;
}

function startChild(): { process: ChildProcess; ready: Promise<Output> } {
  const child = spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const ready = Promise.withResolvers<Output>();
  const first = Promise.withResolvers<void>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      if (line === 'ready') ready.resolve({ lines, firstLine: first.promise });
      else lines.push(line);
    }
    if (lines.length > 0) first.resolve();
  });
  child.on('close', (code) => {
    const error = new Error(`the recording process ended by itself with code ${code}`);
    ready.reject(error);
    first.reject(error);
  });
  ready.promise.catch(() => undefined);
  first.promise.catch(() => undefined);
  return { process: child, ready: ready.promise };
}

function note(ledger: Ledger, sender: string, lines: readonly string[]): void {
  let sent = 0;
  for (const line of lines) {
    const [what, from = 0, to = 0] = line.split(' ').map((word, i) => (i === 0 ? word : Number(word)));
    if (what === 'sent') sent = Number(from);
    else ledger.acknowledge(numberedEvents(sender, Number(from), Number(to) - Number(from)));
  }
  ledger.send(numberedEvents(sender, 0, sent));
}

/** Exactly once by both readers, and both find the same. */
async function check(ledger: Ledger, folder: string, where: string): Promise<number> {
  const inJournal = foundIn(readJournal(join(folder, 'journal')).events);
  ledger.check(inJournal, `${where}, journal`);
  const store = storeIn(folder);
  const inStore = allOf(store);
  await store.close();
  ledger.check(inStore, `${where}, store`);
  assert.deepEqual(
    inStore.map(({ sequence }) => sequence),
    inJournal.map(({ sequence }) => sequence),
    `${where}: the store and the journal differ`,
  );
  return inStore.length;
}
