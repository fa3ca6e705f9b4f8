/**
 * A partition: a run of events in the order of their recording. The newest one is written to; a full one is sealed and
 * never changes again, so its image is written once. A late event goes to the newest partition: a partition knows from
 * when to when its events are, and a query passes over those that cannot answer it.
 *
 * Rows are thin: what is filtered, sorted or counted, and where in the journal the event itself stands.
 */
import { EVENT_TYPES } from '../contract/event.ts';
import { Columns, type ColumnsHead } from './columns.ts';
import { type EncodedEvents, STATUSES } from './encode.ts';
import type { EventSource, Span } from './event-source.ts';
import { MOST_NAMES, type Names } from './names.ts';
import type { JournalPosition } from './ports.ts';
import { SequenceRuns } from './sequence-runs.ts';
import type { FastSqlite, Inserter, Sqlite, SqliteModule } from './sqlite.ts';

/** Raise it with every change to the tables, the columns or to how either is filled. */
export const PROJECTION_VERSION = 5;

const TABLES = `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    ts INTEGER NOT NULL,
    type INTEGER NOT NULL,
    status INTEGER NOT NULL,
    source INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    workspace INTEGER NOT NULL,
    problem INTEGER NOT NULL,
    duration REAL,
    correlation INTEGER NOT NULL,
    refers INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    place INTEGER NOT NULL,
    length INTEGER NOT NULL
  );
  CREATE INDEX events_refers ON events (refers) WHERE refers <> 0;
  CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
`;
const INSERT = 'INSERT INTO events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)';

/** What an image says of itself. */
export interface PartitionHead {
  version: number;
  /** The meaning of the type and status numbers. */
  types: readonly string[];
  sealed: boolean;
  /** The stretch of the journal that it covers. */
  from: JournalPosition | null;
  to: JournalPosition;
  firstOrdinal: number;
  /** Every sequence up to this one was given. */
  lastSequence: number;
  /** Which events of that stretch it leaves out, see {@link Hidden}. */
  hidden?: string | undefined;
  runs: number[];
  segments: string[];
  span?: Span | undefined;
  columns: ColumnsHead;
}

export const KINDS: readonly string[] = [...EVENT_TYPES, ...STATUSES];

export class Partition implements EventSource {
  readonly firstOrdinal: number;
  readonly from: JournalPosition | null;
  readonly runs: SequenceRuns;
  readonly segments: string[];
  readonly #columns: Columns;
  readonly #db: FastSqlite;
  readonly #insert: Inserter;
  #namesWritten: number;

  private constructor(
    db: FastSqlite,
    head: Pick<PartitionHead, 'firstOrdinal' | 'from' | 'segments' | 'runs'>,
    columns: Columns,
  ) {
    this.#db = db;
    this.#insert = db.inserter(INSERT);
    this.firstOrdinal = head.firstOrdinal;
    this.from = head.from;
    this.#columns = columns;
    this.runs = new SequenceRuns(head.runs);
    this.segments = [...head.segments];
    this.#namesWritten = columns.names.size;
  }

  static empty(sqlite: SqliteModule, firstOrdinal: number, from: JournalPosition | null): Partition {
    const db = sqlite.openMemory();
    db.script(TABLES);
    return new Partition(db, { firstOrdinal, from, segments: [], runs: [] }, new Columns());
  }

  /** Goes on with one that was written as an image. Throws where the image is damaged. */
  static fromImage(
    sqlite: SqliteModule,
    head: PartitionHead,
    columns: Columns,
    tables: Uint8Array,
  ): Partition {
    const partition = new Partition(sqlite.openMemory(tables), head, columns);
    const rows = partition.#db.first('SELECT count(*) FROM events', [], (row) => Number(row[0]));
    if (rows !== columns.count) throw new Error(`an image has ${rows} rows for ${columns.count} events`);
    return partition;
  }

  get count(): number {
    return this.#columns.count;
  }

  get span(): Span | undefined {
    return this.#columns.span();
  }

  columns(): Columns {
    return this.#columns;
  }

  get names(): Names {
    return this.#columns.names;
  }

  tables(): Sqlite {
    return this.#db;
  }

  /** Whether it should be sealed before `events` are added. */
  isFull(events: EncodedEvents, most: number): boolean {
    return (
      this.count >= most || (this.count > 0 && this.#columns.names.size + events.names.length > MOST_NAMES)
    );
  }

  /** Adds events that stand in the journal at `place`, in one transaction. Throws SQLite's error, changing nothing. */
  add(events: EncodedEvents, firstSequence: number, place: JournalPosition): void {
    let segment = this.segments.indexOf(place.segment);
    if (segment === -1) segment = this.segments.push(place.segment) - 1;
    const row = this.count;
    const numbers = this.#columns.numbersOf(events.names);
    this.#db.transaction(() => {
      for (let i = 0; i < events.count; i++)
        this.#insertRow(events, i, firstSequence + i, numbers, segment, place.offset);
    });
    this.#columns.add(events, numbers);
    this.runs.add(row, firstSequence);
  }

  /** Its image: covers the journal up to `position`. */
  image(
    position: JournalPosition,
    lastSequence: number,
    sealed: boolean,
    hidden?: string,
  ): { head: PartitionHead; columns: Uint8Array; tables: Uint8Array } {
    this.#writeNames();
    const columns = this.#columns.toImage();
    const head: PartitionHead = {
      version: PROJECTION_VERSION,
      types: KINDS,
      sealed,
      from: this.from,
      to: position,
      firstOrdinal: this.firstOrdinal,
      lastSequence,
      ...(hidden ? { hidden } : {}),
      runs: this.runs.list(),
      segments: this.segments,
      span: this.#columns.span(),
      columns: columns.head,
    };
    return { head, columns: columns.bytes, tables: this.#db.image() };
  }

  close(): void {
    this.#db.close();
  }

  #insertRow(
    events: EncodedEvents,
    i: number,
    sequence: number,
    numbers: Uint16Array,
    segment: number,
    offset: number,
  ): void {
    const insert = this.#insert;
    const kind = events.kind[i] as number;
    const start = events.starts[i] as number;
    insert.number(1, sequence);
    insert.number(2, events.ts[i] as number);
    insert.int(3, kind >> 2);
    insert.int(4, kind & 3);
    insert.int(5, numbers[events.source[i] as number] as number);
    insert.int(6, numbers[events.operation[i] as number] as number);
    insert.int(7, numbers[events.workspace[i] as number] as number);
    insert.int(8, numbers[events.problem[i] as number] as number);
    insert.number(9, events.duration[i] as number);
    insert.int(10, events.correlation[i] as number);
    insert.int(11, events.refers[i] as number);
    insert.int(12, segment);
    insert.int(13, offset + start);
    insert.int(14, (events.ends[i] as number) - start);
    insert.insert();
  }

  /** So that an image can be read with any SQLite tool. */
  #writeNames(): void {
    const names = this.#columns.names.list();
    this.#db.transaction(() => {
      for (let id = this.#namesWritten + 1; id <= names.length; id++)
        this.#db.run('INSERT INTO names VALUES (?, ?)', [id, names[id - 1] ?? '']);
    });
    this.#namesWritten = names.length;
  }
}
