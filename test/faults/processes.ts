/**
 * Several processes on one data folder, each recording through a session: the owner is killed while the others write,
 * or a client in the middle of its batch. Whatever was acknowledged to anybody must be there once.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { allEvents } from '../../core/contract/client.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import { seededRandom } from '../../core/numbers.ts';
import { readJournal } from './journal-reader.ts';
import { type Counts, type Found, foundIn, Ledger, numberedEvents } from './ledger.ts';

const CHILD = fileURLToPath(new URL('session-child.ts', import.meta.url));
const CLIENTS = 3;

/** Who is killed, and how many events a batch has. */
export interface Victim {
  kills: 'owner' | 'client';
  batch: number;
}

export interface ProcessCounts extends Counts {
  /** From a kill of the owner to the next acknowledgement to anybody, in milliseconds; the slowest. */
  slowestTakeoverMs: number;
}

export async function processRounds(
  path: string,
  seed: number,
  rounds: number,
  { kills, batch }: Victim,
): Promise<ProcessCounts> {
  const random = seededRandom(seed);
  const folder = new DataFolder(path);
  const ledger = new Ledger();
  const running: Recorder[] = [];
  const counts: ProcessCounts = { rounds: 0, acknowledged: 0, found: 0, slowestTakeoverMs: 0 };
  let started = 0;
  const start = () => running.push(new Recorder(folder, `${kills}-${started++}`, batch, ledger));
  for (let i = 0; i <= CLIENTS; i++) start();
  try {
    for (; counts.rounds < rounds; counts.rounds++) {
      await Promise.all(running.map((recorder) => recorder.nextStored()));
      await new Promise((resolve) => setTimeout(resolve, random() * 150));
      const victims = running.filter(({ isOwner }) => isOwner === (kills === 'owner'));
      const victim = victims[Math.floor(random() * victims.length)];
      assert.ok(victim, `seed ${seed}: there is no ${kills} to kill`);
      running.splice(running.indexOf(victim), 1);
      const killedAt = performance.now();
      await victim.kill();
      await Promise.race(running.map((recorder) => recorder.nextStored()));
      if (kills === 'owner')
        counts.slowestTakeoverMs = Math.max(
          counts.slowestTakeoverMs,
          Math.round(performance.now() - killedAt),
        );
      start();
    }
    await Promise.all(running.map((recorder) => recorder.end()));
  } finally {
    await Promise.all(running.map((recorder) => recorder.kill()));
  }
  counts.acknowledged = ledger.acknowledged;
  counts.found = await check(ledger, folder, `seed ${seed}, ${kills} killed`);
  return counts;
}

/** Both readers, of what the recorders sent: the engine records events of its own. */
async function check(ledger: Ledger, folder: DataFolder, where: string): Promise<number> {
  const sent = (events: readonly Found[]) => events.filter(({ source }) => /^(?:owner|client)-/.test(source));
  const session = await Session.open(folder);
  const found = sent(await allEvents(session.client(), { type: ['user_interaction'] }));
  await session.close('checked');
  ledger.check(found, `${where}, engine`);
  return ledger.check(sent(foundIn(readJournal(folder.in('journal')).events)), `${where}, journal`);
}

class Recorder {
  isOwner = false;
  readonly #process: ChildProcess;
  readonly #closed: Promise<unknown>;
  #stored = Promise.withResolvers<void>();
  #ending = false;

  constructor(folder: DataFolder, name: string, batch: number, ledger: Ledger) {
    const child = spawn(process.execPath, [CHILD, folder.path, name, String(batch)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    this.#closed = once(child, 'close').then(([code, signal]) => {
      if (signal !== 'SIGKILL' && !this.#ending)
        this.#stored.reject(new Error(`${name} ended by itself with code ${code}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [what, from, to] = line.split(' ');
      if (what === 'sent') ledger.send(numberedEvents(name, Number(from) - batch, batch));
      else if (what === 'stored') {
        ledger.acknowledge(numberedEvents(name, Number(from), Number(to) - Number(from)));
        this.#stored.resolve();
        this.#stored = Promise.withResolvers();
        this.#stored.promise.catch(() => undefined);
      } else this.isOwner = what === 'owner';
    });
    this.#stored.promise.catch(() => undefined);
  }

  /** The next time that something is acknowledged to it. */
  nextStored(): Promise<void> {
    return this.#stored.promise;
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#closed;
  }

  /** Lets it finish what it does. */
  async end(): Promise<void> {
    this.#ending = true;
    this.#process.stdin?.write('end\n');
    await this.#closed;
  }
}
