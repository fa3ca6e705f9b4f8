/**
 * Counts and quantiles over columns: what dashboards draw. Exact, in one or two passes over typed arrays.
 */
import { EVENT_TYPES, type EventType } from '../contract/event.ts';
import type { EventFilter } from '../contract/methods.ts';
import { BLOCK, type Columns } from './columns.ts';
import { summariseDurations } from './duration-groups.ts';
import type { GroupedRows, SortedRows } from './duration-rows.ts';
import { KIND_COUNT, STATUSES, typeCode } from './encode.ts';
import type { EventReader } from './event-reader.ts';
import type { EventSource } from './event-source.ts';
import { isWhole, matchOf, stretchesOf } from './filter.ts';

export type ColumnFilter = Omit<EventFilter, 'text' | 'correlationId'>;

/** Calls `visit` with each stretch of matching rows, from a row up to another. */
export function eachStretch(
  reader: EventReader,
  filter: ColumnFilter,
  visit: (columns: Columns, from: number, to: number) => void,
): void {
  for (const source of reader.sources()) {
    const match = matchOf(source, filter);
    if (!match) continue;
    const columns = source.columns();
    const stretches = stretchesOf(columns, match);
    for (let i = 0; i < stretches.length; i += 2)
      visit(columns, stretches[i] as number, stretches[i + 1] as number);
  }
}

/** Earliest and latest time of the events that match, and how many there are. */
export function spanOfEvents(
  reader: EventReader,
  filter: ColumnFilter,
): { first: number | undefined; last: number | undefined; count: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  eachStretch(reader, filter, (columns, from, to) => {
    const { ts } = columns;
    count += to - from;
    for (let row = from; row < to; ) {
      const block = Math.floor(row / BLOCK);
      const end = Math.min(to, (block + 1) * BLOCK);
      if (row === block * BLOCK && end - row === BLOCK) {
        first = Math.min(first, columns.firstOf(block));
        last = Math.max(last, columns.lastOf(block));
        row = end;
      }
      for (; row < end; row++) {
        const at = ts[row] as number;
        if (at < first) first = at;
        if (at > last) last = at;
      }
    }
  });
  return count === 0 ? { first: undefined, last: undefined, count } : { first, last, count };
}

export function countEvents(reader: EventReader, filter: ColumnFilter): number {
  let count = 0;
  eachStretch(reader, filter, (_columns, from, to) => {
    count += to - from;
  });
  return count;
}

/** Sequence of the last event of some types in the order of recording; 0 for none. */
export function lastSequenceOf(reader: EventReader, types: readonly EventType[]): number {
  const wanted = new Set(types.map(typeCode));
  for (const source of reader.sources().reverse()) {
    const { kind } = source.columns();
    for (let row = source.count - 1; row >= 0; row--)
      if (wanted.has((kind[row] as number) >> 2)) return source.runs.sequenceOf(row);
  }
  return 0;
}

/** How many events have each name of a column, most first, then by name. Events without one are not counted. */
export function tallyNames(
  reader: EventReader,
  filter: ColumnFilter,
  column: 'source' | 'operation' | 'workspace' | 'problem',
): [name: string, count: number][] {
  const totals = new Map<string, number>();
  for (const source of reader.sources()) {
    const match = matchOf(source, filter);
    if (!match) continue;
    const columns = source.columns();
    const counts = new Uint32Array(columns.names.size + 1);
    const values = columns[column];
    const stretches = stretchesOf(columns, match);
    for (let i = 0; i < stretches.length; i += 2) {
      const to = stretches[i + 1] as number;
      for (let row = stretches[i] as number; row < to; row++) (counts[values[row] as number] as number)++;
    }
    addNamed(totals, columns, counts);
  }
  return mostFirst([...totals]);
}

function addNamed(totals: Map<string, number>, { names }: Columns, counts: Uint32Array): void {
  for (let id = 1; id < counts.length; id++) {
    const count = counts[id] as number;
    if (count > 0) totals.set(names.textOf(id), (totals.get(names.textOf(id)) ?? 0) + count);
  }
}

/** How many events there are of each type and of each status, most first. */
export function tallyKinds(
  reader: EventReader,
  filter: ColumnFilter,
): { types: [string, number][]; statuses: [string, number][] } {
  const counts = new Uint32Array(256);
  eachStretch(reader, filter, ({ kind }, from, to) => {
    for (let row = from; row < to; row++) (counts[kind[row] as number] as number)++;
  });
  const sum = (wanted: (kind: number) => boolean) =>
    counts.reduce((total, count, kind) => total + (wanted(kind) ? count : 0), 0);
  const types = EVENT_TYPES.map((name, code): [string, number] => [name, sum((kind) => kind >> 2 === code)]);
  const statuses = STATUSES.map((name, code): [string, number] => [name, sum((kind) => (kind & 3) === code)]);
  const some = (tally: [string, number][]) => mostFirst(tally.filter(([, count]) => count > 0));
  return { types: some(types), statuses: some(statuses) };
}

/** Tables that migrations touched: how many migrations each, most first. */
export function tallyTables(reader: EventReader, filter: ColumnFilter): [string, number][] {
  const totals = new Map<string, number>();
  for (const source of reader.sources()) {
    const match = matchOf(source, filter);
    if (!match) continue;
    const columns = source.columns();
    const stretches = stretchesOf(columns, match);
    const counts = new Uint32Array(columns.names.size + 1);
    let stretch = 0;
    for (let i = 0; i < columns.touchedLength; i += 2) {
      const row = columns.touched[i] as number;
      while (stretch < stretches.length && (stretches[stretch + 1] as number) <= row) stretch += 2;
      if (stretch >= stretches.length) break;
      if (row < (stretches[stretch] as number)) continue;
      (counts[columns.touched[i + 1] as number] as number)++;
    }
    addNamed(totals, columns, counts);
  }
  return mostFirst([...totals]);
}

/** Events of each type in each stretch of `step` milliseconds (UTC), those without events left out. */
export function countsByTypeAndTime(
  reader: EventReader,
  filter: ColumnFilter,
  step: number,
): { at: number; type: EventType; count: number }[] {
  const counts = new Map<number, Uint32Array>();
  const countsAt = (at: number) => {
    const begin = Math.floor(at / step) * step;
    const known = counts.get(begin);
    if (known) return known;
    const made = new Uint32Array(KIND_COUNT);
    counts.set(begin, made);
    return made;
  };
  eachStretch(reader, filter, (columns, from, to) => {
    const { ts, kind } = columns;
    for (let row = from; row < to; ) {
      const block = Math.floor(row / BLOCK);
      const end = Math.min(to, (block + 1) * BLOCK);
      let begin = Math.floor(columns.firstOf(block) / step) * step;
      let here = countsAt(begin);
      if (columns.lastOf(block) < begin + step) {
        for (; row < end; row++) (here[kind[row] as number] as number)++;
      } else {
        for (; row < end; row++) {
          const at = ts[row] as number;
          if (at < begin || at >= begin + step) {
            begin = Math.floor(at / step) * step;
            here = countsAt(begin);
          }
          (here[kind[row] as number] as number)++;
        }
      }
    }
  });
  return [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([at, here]) =>
      EVENT_TYPES.map((type, code) => ({
        at,
        type,
        count: here.subarray(code << 2, (code + 1) << 2).reduce((sum, count) => sum + count, 0),
      })).filter(({ count }) => count > 0),
    );
}

export interface Durations {
  operation: string;
  count: number;
  failures: number;
  /** Milliseconds, one for each quantile that was asked for. */
  quantiles: number[];
  max: number;
}

/** Durations by operation, of events that have both. */
export function durationsByOperation(
  reader: EventReader,
  filter: ColumnFilter,
  wanted: readonly number[],
): Durations[] {
  const operations = new Map<string, number>();
  const parts: GroupedRows[] = [];
  const sorted: SortedRows[] = [];
  const groupsOf = ({ names }: EventSource, ids: readonly number[]) => {
    const groups = new Uint32Array(names.size + 1);
    for (const id of ids) {
      const name = names.textOf(id);
      const group = operations.get(name) ?? operations.size + 1;
      operations.set(name, group);
      groups[id] = group;
    }
    return groups;
  };
  for (const source of reader.sources()) {
    const match = matchOf(source, filter);
    if (!match) continue;
    if (source.durations && isWhole(source, match)) {
      const durations = source.durations();
      const ids = durations.operations.map(({ operation }) => operation);
      sorted.push({ durations, groups: groupsOf(source, ids) });
    } else {
      const columns = source.columns();
      const stretches = stretchesOf(columns, match);
      parts.push({ columns, stretches, groups: groupsOf(source, columns.operations()) });
    }
  }
  const names = [...operations.keys()];
  return summariseDurations(parts, sorted, names.length, wanted)
    .map((summary, i) => ({ operation: names[i] ?? '', ...summary }))
    .filter(({ count }) => count > 0);
}

function mostFirst(tally: [string, number][]): [string, number][] {
  return tally.sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
}
