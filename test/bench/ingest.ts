/** Durable ingest in process: how many events a second are on the disk and can be read. */
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { IntakeThreads } from '../../core/node/intake/thread.ts';
import type { UnstoredEvent } from '../../core/store/event-store.ts';
import { benchBodies, benchEvent } from './events.ts';
import { FEW_INDEXES, type OpenNative, TABLES } from './native.ts';
import { openStore, storeWithOneThread, storeWithTwoThreads } from './ours.ts';
import { type Candidate, inRounds, timed } from './rounds.ts';

export const OURS_ONE = 'AI-BOS, one thread';
export const OURS_TWO = 'AI-BOS, two threads';
export const OURS_CHECKED = 'AI-BOS, two threads, checked and redacted';
export const BETTER = 'better-sqlite3 WAL/FULL';
export const BETTER_FEW = 'better-sqlite3 WAL/FULL, two indexes';
export const NODE = 'node:sqlite WAL/FULL';
export const RAW = 'raw append and fdatasync';
export const PARSE = 'JSON.parse alone';

export interface Peers {
  better: OpenNative | undefined;
  node: OpenNative;
}

/** Events a second in batches of `batch`. */
export function measureBatches(
  folder: string,
  peers: Peers,
  { batch, count, rounds }: { batch: number; count: number; rounds: number },
): Promise<Map<string, number[]>> {
  const prepared = new Map<number, Uint8Array[]>();
  const bodiesOf = (round: number) => {
    if (!prepared.has(round)) {
      prepared.clear();
      prepared.set(round, benchBodies(count, batch, round + 2));
    }
    return prepared.get(round) as Uint8Array[];
  };
  const rate = async (round: number, work: (bodies: Uint8Array[]) => unknown) => {
    const bodies = bodiesOf(round);
    return (count / (await timed(() => work(bodies)))) * 1_000;
  };
  const checking = new IntakeThreads();
  const encoding = new IntakeThreads(new URL('encode-child.ts', import.meta.url));
  const ours = (name: string, intake?: IntakeThreads): Candidate => ({
    name,
    async run(round) {
      const store = await openStore(fresh(folder, 'ours'));
      const figure = await rate(round, (bodies) =>
        intake ? storeWithTwoThreads(store, intake, bodies) : storeWithOneThread(store, bodies),
      );
      if (store.count !== count) throw new Error(`${store.count} of ${count} events were stored`);
      await store.close();
      return figure;
    },
  });
  const native = (name: string, open: OpenNative, tables: string): Candidate => ({
    name,
    async run(round) {
      const db = open(join(fresh(folder, 'native'), 'events.db'), tables);
      const figure = await rate(round, (bodies) => db.store(bodies));
      db.close();
      return figure;
    },
  });
  const candidates: Candidate[] = [
    ours(OURS_ONE),
    ...(batch > 1 ? [ours(OURS_TWO, encoding), ours(OURS_CHECKED, checking)] : []),
    ...(peers.better ? [native(BETTER, peers.better, TABLES)] : []),
    ...(peers.better && batch === 1_000 ? [native(BETTER_FEW, peers.better, FEW_INDEXES)] : []),
    native(NODE, peers.node, TABLES),
    { name: RAW, run: (round) => rate(round, (bodies) => appendRaw(fresh(folder, 'raw'), bodies)) },
    { name: PARSE, run: (round) => rate(round, (bodies) => bodies.forEach(parse)) },
  ];
  return inRounds(candidates, rounds).finally(() => Promise.all([checking.close(), encoding.close()]));
}

/** Events a second where each is sent by itself: 64 writers at once for us, one by one for the peer. */
export function measureSingles(
  folder: string,
  peers: Peers,
  { count, native: nativeCount, rounds }: { count: number; native: number; rounds: number },
): Promise<Map<string, number[]>> {
  const writers = 64;
  const candidates: Candidate[] = [
    {
      name: OURS_ONE,
      async run(round) {
        const store = await openStore(fresh(folder, 'ours'));
        const events = Array.from(
          { length: count },
          (_, n) => benchEvent(n, count, round + 2) as UnstoredEvent,
        );
        let next = 0;
        const writer = async () => {
          while (next < count) await store.append([events[next++] as UnstoredEvent]);
        };
        const took = await timed(() => Promise.all(Array.from({ length: writers }, writer)));
        if (store.count !== count) throw new Error(`${store.count} of ${count} events were stored`);
        await store.close();
        return (count / took) * 1_000;
      },
    },
    ...(peers.better ? [oneByOne(folder, BETTER, peers.better, nativeCount)] : []),
    oneByOne(folder, NODE, peers.node, nativeCount),
  ];
  return inRounds(candidates, rounds);
}

function oneByOne(folder: string, name: string, open: OpenNative, count: number): Candidate {
  return {
    name,
    async run(round) {
      const db = open(join(fresh(folder, 'native'), 'events.db'), TABLES);
      const bodies = benchBodies(count, 1, round + 2);
      const took = await timed(() => db.store(bodies));
      db.close();
      return (count / took) * 1_000;
    },
  };
}

function appendRaw(folder: string, bodies: readonly Uint8Array[]): void {
  const file = openSync(join(folder, 'raw'), 'w');
  for (const body of bodies) {
    writeSync(file, body);
    fdatasyncSync(file);
  }
  closeSync(file);
}

function parse(body: Uint8Array): void {
  JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
}

/** An empty folder. */
export function fresh(folder: string, name: string): string {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  return path;
}
