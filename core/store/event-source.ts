/** A run of stored events that queries read: the partition that is written to, or a sealed one. */
import type { EventType, TelemetryEvent } from '../contract/event.ts';
import type { Columns } from './columns.ts';
import { typeCode } from './encode.ts';
import type { Names } from './names.ts';
import type { SequenceRuns } from './sequence-runs.ts';
import type { SortedDurations } from './sorted-durations.ts';
import type { Sqlite } from './sqlite.ts';

/** Milliseconds since 1970, both included. */
export interface Span {
  first: number;
  last: number;
}

export interface EventSource {
  /** Number of its first event among all that are stored, from 0. */
  readonly firstOrdinal: number;
  readonly count: number;
  readonly runs: SequenceRuns;
  /** Journal segments, as the `segment` column numbers them. */
  readonly segments: readonly string[];
  /** The texts that its columns name by number. */
  readonly names: Names;
  /** Of the times of its events; undefined without any. */
  readonly span: Span | undefined;
  /** Loaded where they are not in memory; not to be kept. */
  columns(): Columns;
  tables(): Sqlite;
  /** Its durations by operation, sorted; only where it no longer changes. Not to be kept. */
  durations?(): SortedDurations;
}

/** Where an event stands in the journal. */
export interface Place {
  sequence: number;
  segment: string;
  offset: number;
  length: number;
}

/** Reads bytes of the journal as text. */
export type ReadText = (place: Place) => string;

/** The place of the event in a row of a source. */
export function placeOf(source: EventSource, row: number): Place {
  const sequence = source.runs.sequenceOf(row);
  const place = source
    .tables()
    .first('SELECT segment, place, length FROM events WHERE seq = ?', [sequence], (found) => ({
      sequence,
      segment: source.segments[Number(found[0])] ?? '',
      offset: Number(found[1]),
      length: Number(found[2]),
    }));
  if (!place) throw new Error(`the tables have no event ${sequence}`);
  return place;
}

export type TypeSet = ReadonlySet<EventType>;

/** More types than there will be. */
const ALL_TYPES = 2 ** 31 - 1;
/** So many times more rows than are wanted are read at once rather than one by one. */
const DENSE = 8;

/**
 * Places of rows of one source, in the order given. Rows that lie close together are found in one go.
 *
 * @param types of all of the rows, where that is known: others are passed over early
 */
export function placesOf(source: EventSource, rows: readonly number[], types?: TypeSet): Place[] {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    if (row < first) first = row;
    if (row > last) last = row;
  }
  if (rows.length < 2 || last - first > rows.length * DENSE) return rows.map((row) => placeOf(source, row));
  const known = new Map<number, Place>();
  source
    .tables()
    .all(
      'SELECT seq, segment, place, length FROM events WHERE seq BETWEEN ? AND ? AND (? >> type) & 1',
      [source.runs.sequenceOf(first), source.runs.sequenceOf(last), bitsOf(types)],
      (found) => {
        const sequence = Number(found[0]);
        const segment = source.segments[Number(found[1])] ?? '';
        known.set(sequence, { sequence, segment, offset: Number(found[2]), length: Number(found[3]) });
      },
    );
  return rows.map((row) => known.get(source.runs.sequenceOf(row)) ?? placeOf(source, row));
}

export function eventAt(source: EventSource, row: number, read: ReadText): TelemetryEvent {
  return parseEvent(placeOf(source, row), read);
}

export function parseEvent(place: Place, read: ReadText): TelemetryEvent {
  const event = JSON.parse(read(place)) as { -readonly [Key in keyof TelemetryEvent]: TelemetryEvent[Key] };
  event.sequence = place.sequence;
  return event;
}

/** A bit for each type, at the place of its number. */
function bitsOf(types: TypeSet | undefined): number {
  if (!types) return ALL_TYPES;
  let bits = 0;
  for (const type of types) bits |= 1 << typeCode(type);
  return bits;
}
