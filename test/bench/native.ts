/**
 * The databases that most tools would simply use. Each gets the same columns and indexes: the key, the time, type and
 * time, correlation, what it refers to. WAL and synchronous=FULL, one transaction a batch, prepared statements.
 */
import { createRequire } from 'node:module';
import { DatabaseSync } from 'node:sqlite';
import type { EventInput } from '../../core/contract/event.ts';
import { facetsOf } from '../../core/contract/facets.ts';

export const TABLES = `
  CREATE TABLE events (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, source TEXT NOT NULL, type TEXT NOT NULL,
    ts INTEGER NOT NULL, status TEXT NOT NULL, operation TEXT, duration REAL, workspace TEXT, problem TEXT,
    correlation TEXT, refers TEXT, body TEXT NOT NULL);
  CREATE UNIQUE INDEX events_key ON events (id, source);
  CREATE INDEX events_ts ON events (ts, seq);
  CREATE INDEX events_type_ts ON events (type, ts, seq);
  CREATE INDEX events_correlation ON events (correlation) WHERE correlation IS NOT NULL;
  CREATE INDEX events_refers ON events (refers) WHERE refers IS NOT NULL;
`;
/** The two indexes of the first measurements, for a peer that does less than we do. */
export const FEW_INDEXES = TABLES.replace(/ {2}CREATE INDEX events_(?:correlation|refers).*\n/g, '').replace(
  '  CREATE UNIQUE INDEX events_key ON events (id, source);\n',
  '',
);
const COLUMNS = 12;
const INSERT = `INSERT OR IGNORE INTO events (id, source, type, ts, status, operation, duration, workspace, problem,
  correlation, refers, body) VALUES (${Array(COLUMNS).fill('?').join(',')})`;

type Value = string | number | null;

/** A durable store to compare with. */
export interface NativeStore {
  /** Stores the events of bodies, each in a transaction of its own; they are on the disk when it returns. */
  store(bodies: readonly Uint8Array[]): void;
  close(): void;
}

export type OpenNative = (path: string, tables: string) => NativeStore;

export const openNodeSqlite: OpenNative = (path, tables) => {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${tables}`);
  const insert = db.prepare(INSERT);
  return {
    store(bodies) {
      for (const body of bodies) {
        const rows = rowsOf(body);
        db.exec('BEGIN');
        for (const row of rows) insert.run(...row);
        db.exec('COMMIT');
      }
    },
    close: () => db.close(),
  };
};

interface BetterSqlite {
  exec(sql: string): void;
  prepare(sql: string): { run(values: Value[]): void };
  transaction(work: (rows: Value[][]) => void): (rows: Value[][]) => void;
  close(): void;
}

/** Undefined with the reason where it is not installed or does not load. */
export function betterSqlite(folder: string): { open: OpenNative } | { missing: string } {
  try {
    const Database = createRequire(`${folder}/package.json`)('better-sqlite3') as new (
      path: string,
    ) => BetterSqlite;
    new Database(':memory:').close();
    return { open: (path, tables) => openBetter(new Database(path), tables) };
  } catch (error) {
    return { missing: firstLine(error) };
  }
}

function openBetter(db: BetterSqlite, tables: string): NativeStore {
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${tables}`);
  const insert = db.prepare(INSERT);
  const insertAll = db.transaction((rows) => {
    for (const row of rows) insert.run(row);
  });
  return {
    store(bodies) {
      for (const body of bodies) insertAll(rowsOf(body));
    },
    close: () => db.close(),
  };
}

function rowsOf(body: Uint8Array): Value[][] {
  const parsed = JSON.parse(
    Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'),
  ) as EventInput[];
  return (Array.isArray(parsed) ? parsed : [parsed]).map(rowOf);
}

/** The columns of an event, as every peer stores them. */
export function rowOf(event: EventInput): Value[] {
  const { status, operation, durationMs } = facetsOf(event);
  const { error, message } = event.data as { error?: { message?: string }; message?: string };
  return [
    event.id ?? '',
    event.source,
    event.type,
    Date.parse(event.timestamp ?? ''),
    status,
    operation ?? null,
    durationMs ?? null,
    event.metadata?.workspace ?? null,
    (event.type === 'error_occurrence' ? message : error?.message) ?? null,
    event.metadata?.correlationId ?? null,
    null,
    JSON.stringify(event),
  ];
}

export function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
