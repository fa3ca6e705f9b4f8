/** A million events in a store and in the peers, for the queries; made once and kept in the bench's folder. */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { IntakeThreads } from '../../core/node/intake/thread.ts';
import { type BenchEvent, benchEvent } from './events.ts';
import { rowOf, TABLES } from './native.ts';
import { openStore, storeWithTwoThreads } from './ours.ts';

const CHUNK = 20_000;

/** Folder of a store with so many events, those of the benchmark or others under another name. */
export async function storeOf(
  folder: string,
  count: number,
  { name = 'store', eventOf = benchEvent }: { name?: string; eventOf?: typeof benchEvent } = {},
): Promise<string> {
  return made(join(folder, `${name}-${count}`), async (path) => {
    const store = await openStore(path);
    const intake = new IntakeThreads();
    for (let from = 0; from < count; from += CHUNK)
      await storeWithTwoThreads(
        store,
        intake,
        bodiesFrom(eventOf, from, Math.min(CHUNK, count - from), count),
      );
    await store.close();
    await intake.close();
  });
}

/** An SQLite file with the same events in full rows, indexed. */
export function sqliteOf(folder: string, count: number): Promise<string> {
  return made(join(folder, `sqlite-${count}`), async (path) => {
    const db = new DatabaseSync(join(path, 'events.db'));
    db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ${TABLES} BEGIN`);
    const insert = db.prepare(
      `INSERT INTO events (id, source, type, ts, status, operation, duration, workspace, problem, correlation, refers,
       body) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`,
    );
    for (let n = 0; n < count; n++) insert.run(...rowOf(benchEvent(n, count)));
    db.exec('COMMIT; ANALYZE; PRAGMA journal_mode = WAL');
    db.close();
  });
}

/** A CSV file with the columns that the analytical queries use. */
export async function csvOf(folder: string, count: number): Promise<string> {
  const path = await made(join(folder, `csv-${count}`), async (made) => {
    const file = openSync(join(made, 'events.csv'), 'w');
    writeSync(file, 'type,ts,status,operation,duration,workspace,problem\n');
    for (let from = 0; from < count; from += CHUNK) {
      let lines = '';
      for (let n = from; n < Math.min(from + CHUNK, count); n++) {
        const row = rowOf(benchEvent(n, count));
        lines += `${[2, 3, 4, 5, 6, 7, 8].map((at) => quoted(row[at] ?? null)).join(',')}\n`;
      }
      writeSync(file, lines);
    }
    closeSync(file);
  });
  return join(path, 'events.csv');
}

function quoted(value: string | number | null): string {
  return typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value ?? '');
}

function bodiesFrom(eventOf: typeof benchEvent, from: number, count: number, total: number): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (let n = from; n < from + count; n += 1_000) {
    const events: BenchEvent[] = [];
    for (let i = n; i < Math.min(n + 1_000, from + count); i++) events.push(eventOf(i, total));
    bodies.push(Buffer.from(JSON.stringify(events)));
  }
  return bodies;
}

async function made(path: string, make: (path: string) => Promise<void>): Promise<string> {
  if (existsSync(path)) return path;
  const unfinished = `${path}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await make(unfinished);
  renameSync(unfinished, path);
  return path;
}
