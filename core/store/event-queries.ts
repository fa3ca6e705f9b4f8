/** Reads events from the tables: one, a page, all of a kind. */
import { TelemetryError } from '../contract/errors.ts';
import type { EventType, TelemetryEvent } from '../contract/event.ts';
import type { EventFilter } from '../contract/methods.ts';
import { decodeCursor, encodeCursor, whereOf } from './filter.ts';
import { eventOf } from './projection.ts';
import type { Sqlite } from './sqlite.ts';

export interface Page<T> {
  items: T[];
  nextCursor?: string;
}

export interface PageRequest {
  limit?: number;
  cursor?: string;
  order?: 'newest' | 'oldest';
}

const DEFAULT_LIMIT = 50;

/** A page of events by time, and by sequence where times are equal. */
export function listEvents(db: Sqlite, filter: EventFilter, request: PageRequest): Page<TelemetryEvent> {
  const { sql, values } = whereOf(filter);
  const limit = request.limit ?? DEFAULT_LIMIT;
  const [than, direction] = request.order === 'oldest' ? ['>', 'ASC'] : ['<', 'DESC'];
  const after = request.cursor === undefined ? undefined : decodeCursor(request.cursor);
  const rows = db.all(
    `SELECT seq, body, ts FROM events WHERE ${sql} ${after ? `AND (ts, seq) ${than} (?, ?)` : ''}
     ORDER BY ts ${direction}, seq ${direction} LIMIT ?`,
    [...values, ...(after ? [after.ts, after.sequence] : []), limit + 1],
    (row) => ({ event: eventOf(row), ts: Number(row[2]) }),
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ event }) => event),
    ...(rows.length > limit && last ? { nextCursor: encodeCursor(last.ts, last.event.sequence) } : {}),
  };
}

/** Throws `not-found`, or `conflict` where several sources used the id and none is named. */
export function getEvent(db: Sqlite, id: string, source?: string): TelemetryEvent {
  const found = db.all(
    `SELECT seq, body FROM events WHERE id = ? ${source === undefined ? '' : 'AND source = ?'} ORDER BY seq`,
    [id.toLowerCase(), ...(source === undefined ? [] : [source])],
    eventOf,
  );
  const [event] = found;
  if (!event) throw new TelemetryError('not-found', `There is no event ${id}.`);
  if (found.length > 1) {
    const sources = found.map((one) => one.source).join(', ');
    throw new TelemetryError(
      'conflict',
      `Several sources recorded an event ${id}; add source (one of ${sources}).`,
    );
  }
  return event;
}

/** All events of a type, in order of time. */
export function eventsOfType<T extends EventType>(
  db: Sqlite,
  type: T,
  filter: Omit<EventFilter, 'type'> = {},
): TelemetryEvent<T>[] {
  const { sql, values } = whereOf({ ...filter, type: [type] });
  return db.all(
    `SELECT seq, body FROM events WHERE ${sql} ORDER BY ts, seq`,
    values,
    (row) => eventOf(row) as TelemetryEvent<T>,
  );
}

/** Events about another one: its feedback, its prediction's accuracy. */
export function eventsAbout<T extends EventType>(db: Sqlite, type: T, id: string): TelemetryEvent<T>[] {
  return db.all(
    'SELECT seq, body FROM events WHERE refers = ? AND type = ? ORDER BY ts, seq',
    [id.toLowerCase(), type],
    (row) => eventOf(row) as TelemetryEvent<T>,
  );
}
