/**
 * The columns of one partition that queries look at, as typed arrays: 30 bytes an event. A scan of a million takes
 * some milliseconds; blocks of events carry their first and last time, so a short timeframe is shorter.
 */
import type { EncodedEvents } from './encode.ts';
import type { Span } from './event-source.ts';
import { MOST_NAMES, Names } from './names.ts';

const FIRST_CAPACITY = 1_024;
/** Events in a block. */
export const BLOCK = 1_024;

/** Widest first: so in an image each begins where arrays of its kind may begin. */
const ARRAYS = {
  ts: Float64Array,
  duration: Float64Array,
  /** Hash of the correlation id, 0 for none. */
  correlation: Int32Array,
  source: Uint16Array,
  operation: Uint16Array,
  workspace: Uint16Array,
  problem: Uint16Array,
  kind: Uint8Array,
  /** 1 where the event says something of resources. */
  resources: Uint8Array,
} as const;
type Column = keyof typeof ARRAYS;
const COLUMNS = Object.keys(ARRAYS) as Column[];
/** In an image the touched tables, of four bytes each, stand behind these. */
const WIDE = COLUMNS.filter((name) => ARRAYS[name].BYTES_PER_ELEMENT >= 4);
const NARROW = COLUMNS.filter((name) => !WIDE.includes(name));
const BYTES_PER_EVENT = COLUMNS.reduce((sum, name) => sum + ARRAYS[name].BYTES_PER_ELEMENT, 0);

type TypedArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** What stands before the columns in an image. */
export interface ColumnsHead {
  count: number;
  touched: number;
  names: string[];
}

export class Columns {
  ts = new Float64Array(FIRST_CAPACITY);
  duration = new Float64Array(FIRST_CAPACITY);
  kind = new Uint8Array(FIRST_CAPACITY);
  source = new Uint16Array(FIRST_CAPACITY);
  operation = new Uint16Array(FIRST_CAPACITY);
  workspace = new Uint16Array(FIRST_CAPACITY);
  problem = new Uint16Array(FIRST_CAPACITY);
  correlation = new Int32Array(FIRST_CAPACITY);
  resources = new Uint8Array(FIRST_CAPACITY);
  /** Pairs of row and name of a table that a migration touched, by row. */
  touched = new Uint32Array(0);
  touchedLength = 0;
  readonly names: Names;
  /** Which names are operations: 1 at their number. */
  #operations = new Uint8Array(MOST_NAMES + 1);
  #count = 0;
  #first: number[] = [];
  #last: number[] = [];

  constructor(names: Names = new Names()) {
    this.names = names;
  }

  get count(): number {
    return this.#count;
  }

  /** Memory it takes. */
  get bytes(): number {
    return this.ts.length * BYTES_PER_EVENT + this.touched.byteLength;
  }

  /** How names are numbered here, by their place in the list from 1; 0 stays 0. */
  numbersOf(names: readonly string[]): Uint16Array {
    const numbers = new Uint16Array(names.length + 1);
    names.forEach((name, i) => {
      numbers[i + 1] = this.names.idOf(name);
    });
    return numbers;
  }

  /** Adds events whose names are numbered as {@link numbersOf} says. */
  add(events: EncodedEvents, numbers: Uint16Array): void {
    const from = this.#count;
    const to = from + events.count;
    if (to > this.ts.length) this.#resize(Math.max(to, this.ts.length * 2));
    this.ts.set(events.ts, from);
    this.duration.set(events.duration, from);
    this.kind.set(events.kind, from);
    this.correlation.set(events.correlation, from);
    this.resources.set(events.resources, from);
    for (let i = 0; i < events.count; i++) {
      this.source[from + i] = numbers[events.source[i] as number] as number;
      this.operation[from + i] = numbers[events.operation[i] as number] as number;
      this.workspace[from + i] = numbers[events.workspace[i] as number] as number;
      this.problem[from + i] = numbers[events.problem[i] as number] as number;
    }
    this.#count = to;
    this.#note(from);
    if (events.touched.length > 0) this.#touch(events.touched, from, numbers);
  }

  /** Times of the events of a block lie from `firstOf` to `lastOf`. */
  firstOf(block: number): number {
    return this.#first[block] as number;
  }

  lastOf(block: number): number {
    return this.#last[block] as number;
  }

  /** Numbers of the names that are operations of some event. */
  operations(): number[] {
    const found: number[] = [];
    for (let id = 1; id <= this.names.size; id++) if (this.#operations[id] === 1) found.push(id);
    return found;
  }

  /** Earliest and latest time; undefined without an event. */
  span(): Span | undefined {
    if (this.#count === 0) return undefined;
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const at of this.#first) if (at < first) first = at;
    for (const at of this.#last) if (at > last) last = at;
    return { first, last };
  }

  /** Head and bytes of an image, in the machine's byte order (little-endian wherever sql.js runs). */
  toImage(): { head: ColumnsHead; bytes: Uint8Array } {
    const bytes = new Uint8Array(imageBytes(this.#count, this.touchedLength));
    let at = 0;
    const put = (array: TypedArray) => {
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
      at += array.byteLength;
    };
    for (const name of WIDE) put(this[name].subarray(0, this.#count));
    put(this.touched.subarray(0, this.touchedLength));
    for (const name of NARROW) put(this[name].subarray(0, this.#count));
    return { head: { count: this.#count, touched: this.touchedLength, names: this.names.list() }, bytes };
  }

  /** Columns over the bytes themselves, which belong to them from then on. Throws where they are not as many as the head says. */
  static fromImage(head: ColumnsHead, bytes: Uint8Array): Columns {
    if (bytes.length !== imageBytes(head.count, head.touched))
      throw new Error('an image of columns is of the wrong length');
    const columns = new Columns(new Names(head.names));
    const { buffer, byteOffset } = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    let at = byteOffset;
    const take = (name: Column) => {
      const { [name]: array } = ARRAYS;
      (columns as Record<Column, unknown>)[name] = new array(buffer as ArrayBuffer, at, head.count);
      at += head.count * array.BYTES_PER_ELEMENT;
    };
    for (const name of WIDE) take(name);
    columns.touched = new Uint32Array(buffer as ArrayBuffer, at, head.touched);
    at += columns.touched.byteLength;
    for (const name of NARROW) take(name);
    columns.touchedLength = head.touched;
    columns.#count = head.count;
    columns.#note(0);
    return columns;
  }

  #touch(pairs: Uint32Array, from: number, numbers: Uint16Array): void {
    const length = this.touchedLength + pairs.length;
    if (length > this.touched.length) {
      const larger = new Uint32Array(Math.max(length, this.touched.length * 2));
      larger.set(this.touched.subarray(0, this.touchedLength));
      this.touched = larger;
    }
    for (let i = 0; i < pairs.length; i += 2) {
      this.touched[this.touchedLength + i] = from + (pairs[i] as number);
      this.touched[this.touchedLength + i + 1] = numbers[pairs[i + 1] as number] as number;
    }
    this.touchedLength = length;
  }

  #note(from: number): void {
    for (let row = from; row < this.#count; row++) {
      this.#operations[this.operation[row] as number] = 1;
      const block = Math.floor(row / BLOCK);
      const at = this.ts[row] as number;
      if (block === this.#first.length) {
        this.#first.push(at);
        this.#last.push(at);
      } else {
        if (at < (this.#first[block] as number)) this.#first[block] = at;
        if (at > (this.#last[block] as number)) this.#last[block] = at;
      }
    }
  }

  #resize(capacity: number): void {
    for (const name of COLUMNS) {
      const larger = new ARRAYS[name](capacity);
      larger.set(this[name].subarray(0, this.#count));
      (this as Record<Column, unknown>)[name] = larger;
    }
  }
}

function imageBytes(count: number, touched: number): number {
  return count * BYTES_PER_EVENT + touched * Uint32Array.BYTES_PER_ELEMENT;
}
