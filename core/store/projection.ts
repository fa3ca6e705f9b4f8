/**
 * The events as SQLite tables, derived from the journal and rebuilt whenever {@link PROJECTION_VERSION} changes. Each
 * row holds what is filtered, sorted or counted, and the whole event as JSON.
 */
import type { TelemetryEvent } from '../contract/event.ts';
import { facetsOf } from '../contract/facets.ts';
import type { Sqlite, SqliteModule, SqlValue } from './sqlite.ts';

/** Raise it with every change to the tables or to how a row is filled. */
export const PROJECTION_VERSION = 1;

const TABLES = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    type TEXT NOT NULL,
    ts INTEGER NOT NULL,
    status TEXT NOT NULL,
    operation TEXT,
    duration REAL,
    workspace TEXT,
    correlation TEXT,
    refers TEXT,
    body TEXT NOT NULL
  );
  CREATE UNIQUE INDEX events_key ON events (id, source);
  CREATE INDEX events_ts ON events (ts, seq);
  CREATE INDEX events_type_ts ON events (type, ts, seq);
  CREATE INDEX events_refers ON events (refers) WHERE refers IS NOT NULL;
  CREATE INDEX events_correlation ON events (correlation) WHERE correlation IS NOT NULL;
`;

const INSERT = `INSERT OR IGNORE INTO events
  (seq, id, source, type, ts, status, operation, duration, workspace, correlation, refers, body)
  VALUES (?,?,?,?,?,?,?,?,?,?,?,?)`;

export class Projection {
  readonly db: Sqlite;
  #last: number;

  private constructor(db: Sqlite, last: number) {
    this.db = db;
    this.#last = last;
  }

  static empty(sqlite: SqliteModule): Projection {
    const db = sqlite.open();
    db.script(TABLES);
    return new Projection(db, 0);
  }

  /** Throws where the image is damaged. */
  static fromImage(sqlite: SqliteModule, image: Uint8Array): Projection {
    const db = sqlite.open(image);
    const last = db.first('SELECT max(seq) FROM events', [], (row) => Number(row[0] ?? 0)) ?? 0;
    return new Projection(db, last);
  }

  /** Highest sequence applied. */
  get last(): number {
    return this.#last;
  }

  has(source: string, id: string): boolean {
    return (
      this.db.first('SELECT 1 FROM events WHERE id = ? AND source = ?', [id, source], () => true) ?? false
    );
  }

  /** Applies events in one transaction; one that is there already is left alone. */
  apply(events: readonly TelemetryEvent[]): void {
    this.db.transaction(() => {
      for (const event of events) this.db.run(INSERT, rowOf(event));
    });
    for (const { sequence } of events) this.#last = Math.max(this.#last, sequence);
  }
}

/** Events about another event name it: feedback its event, an accuracy its prediction. */
function refersTo(event: TelemetryEvent): string | null {
  const data = event.data as { eventId?: unknown; predictionId?: unknown };
  const id = event.type === 'learning_feedback' ? data.eventId : data.predictionId;
  return typeof id === 'string' ? id : null;
}

function rowOf(event: TelemetryEvent): SqlValue[] {
  const { status, operation, durationMs } = facetsOf(event);
  const { sequence, ...body } = event;
  return [
    sequence,
    event.id,
    event.source,
    event.type,
    Date.parse(event.timestamp),
    status,
    operation ?? null,
    durationMs ?? null,
    event.metadata.workspace ?? null,
    event.metadata.correlationId ?? null,
    refersTo(event),
    JSON.stringify(body),
  ];
}

/** The event of a `seq, body` row. */
export function eventOf(row: SqlValue[]): TelemetryEvent {
  return { ...(JSON.parse(String(row[1])) as Omit<TelemetryEvent, 'sequence'>), sequence: Number(row[0]) };
}
