/** Reads events: one, a page, all of a kind. Columns find them, tables know their place, the journal has them. */
import { TelemetryError } from '../contract/errors.ts';
import type { EventType, TelemetryEvent } from '../contract/event.ts';
import type { EventFilter } from '../contract/methods.ts';
import { BLOCK } from './columns.ts';
import type { EventReader } from './event-reader.ts';
import { type EventSource, parseEvent, placesOf } from './event-source.ts';
import {
  decodeCursor,
  encodeCursor,
  matchesRow,
  matchOf,
  stretchesOf,
  type TextCheck,
  textCheck,
} from './filter.ts';

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
/** Events read at a time where their texts have to be looked at: the first time, and at most. */
const FEW_TEXTS = 200;
const MANY_TEXTS = 5_000;
/** Neighbouring rows whose places are looked up together. */
const TOGETHER = 1_000;

/** A row that a query found, with what it is sorted by. */
interface Found {
  source: EventSource;
  row: number;
  ts: number;
  sequence: number;
}

/** A page of events by time, and by sequence where times are equal. */
export function listEvents(
  reader: EventReader,
  filter: EventFilter,
  request: PageRequest,
): Page<TelemetryEvent> {
  const steps = listingEvents(reader, filter, request);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps: a text that few events have is looked for in all of them, and other work may come in between. */
export function* listingEvents(
  reader: EventReader,
  filter: EventFilter,
  request: PageRequest,
): Generator<void, Page<TelemetryEvent>> {
  const limit = request.limit ?? DEFAULT_LIMIT;
  const newest = request.order !== 'oldest';
  const check = textCheck(filter);
  let after = request.cursor === undefined ? undefined : decodeCursor(request.cursor);
  let ask = check ? Math.max(FEW_TEXTS, limit + 1) : limit + 1;
  const items: { event: TelemetryEvent; ts: number }[] = [];
  while (items.length <= limit) {
    const found = inOrder(reader, filter, after, newest, ask);
    for (const { event, ts } of eventsFound(reader, found, check)) {
      items.push({ event, ts });
      if (items.length > limit) break;
    }
    if (found.length < ask) break;
    after = found.at(-1);
    ask = Math.min(ask * 4, MANY_TEXTS);
    yield;
  }
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ event }) => event),
    ...(items.length > limit && last ? { nextCursor: encodeCursor(last.ts, last.event.sequence) } : {}),
  };
}

/** Throws `not-found`, or `conflict` where several sources used the id and none is named. */
export function getEvent(reader: EventReader, id: string, source?: string): TelemetryEvent {
  const found = reader.withId(id.toLowerCase(), source);
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
  reader: EventReader,
  type: T,
  filter: Omit<EventFilter, 'type'> = {},
): TelemetryEvent<T>[] {
  const wanted = { ...filter, type: [type] };
  const found = allRows(reader, wanted).sort(oldestFirst);
  const events: TelemetryEvent<T>[] = [];
  for (const { event } of eventsFound(reader, found, textCheck(filter)))
    events.push(event as TelemetryEvent<T>);
  return events;
}

/** The events of rows, those that fail the check left out. Neighbours of one source are found together. */
function* eventsFound(
  reader: EventReader,
  found: readonly Found[],
  check: TextCheck | undefined,
): Iterable<{ event: TelemetryEvent; ts: number }> {
  for (let from = 0; from < found.length; ) {
    const { source } = found[from] as Found;
    let to = from + 1;
    while (to < found.length && to - from < TOGETHER && (found[to] as Found).source === source) to++;
    const places = placesOf(
      source,
      found.slice(from, to).map(({ row }) => row),
    );
    for (const place of places) {
      const { ts } = found[from++] as Found;
      const json = reader.read(place);
      if (check && !check.json(json)) continue;
      const event = parseEvent(place, () => json);
      if (!check || check.event(event)) yield { event, ts };
    }
  }
}

/** Events about another one: its feedback, its prediction's accuracy. In order of time. */
export function eventsAbout<T extends EventType>(
  reader: EventReader,
  type: T,
  id: string,
): TelemetryEvent<T>[] {
  const about = id.toLowerCase();
  return reader
    .about(type, about)
    .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp)) as TelemetryEvent<T>[];
}

const oldestFirst = (a: Found, b: Found) => a.ts - b.ts || a.sequence - b.sequence;
const newestFirst = (a: Found, b: Found) => oldestFirst(b, a);

function isBehind(found: Found, after: Pick<Found, 'ts' | 'sequence'>, newest: boolean): boolean {
  const order = found.ts - after.ts || found.sequence - after.sequence;
  return newest ? order < 0 : order > 0;
}

function allRows(reader: EventReader, filter: EventFilter): Found[] {
  const found: Found[] = [];
  for (const source of reader.sources()) {
    const match = matchOf(source, filter);
    if (!match) continue;
    const columns = source.columns();
    const stretches = stretchesOf(columns, match);
    for (let i = 0; i < stretches.length; i += 2) {
      for (let row = stretches[i] as number; row < (stretches[i + 1] as number); row++)
        found.push({ source, row, ts: columns.ts[row] as number, sequence: source.runs.sequenceOf(row) });
    }
  }
  return found;
}

/**
 * The first `most` matching rows behind a place, in order. Sources and blocks that lie behind what was found already
 * are passed over, so a page of a long history looks at little of it.
 */
function inOrder(
  reader: EventReader,
  filter: EventFilter,
  after: Pick<Found, 'ts' | 'sequence'> | undefined,
  newest: boolean,
  most: number,
): Found[] {
  const order = newest ? newestFirst : oldestFirst;
  const best = new Best(most, order);
  const reached = (first: number, last: number) => {
    if (after && (newest ? first > after.ts : last < after.ts)) return false;
    const worst = best.worst;
    return worst === undefined || (newest ? last >= worst.ts : first <= worst.ts);
  };
  const sources = reader.sources().filter(({ span }) => span);
  sources.sort((a, b) =>
    newest ? (b.span?.last ?? 0) - (a.span?.last ?? 0) : (a.span?.first ?? 0) - (b.span?.first ?? 0),
  );
  for (const source of sources) {
    if (!source.span || !reached(source.span.first, source.span.last)) continue;
    const match = matchOf(source, filter);
    if (!match) continue;
    const columns = source.columns();
    const blocks = Math.ceil(columns.count / BLOCK);
    for (let i = 0; i < blocks; i++) {
      const block = newest ? blocks - 1 - i : i;
      const first = columns.firstOf(block);
      const last = columns.lastOf(block);
      if (last < match.from || first >= match.to || !reached(first, last)) continue;
      const start = block * BLOCK;
      const end = Math.min(start + BLOCK, columns.count);
      for (let j = start; j < end; j++) {
        const row = newest ? end - 1 - (j - start) : j;
        if (!matchesRow(columns, match, row)) continue;
        const ts = columns.ts[row] as number;
        if (!reached(ts, ts)) continue;
        const one = { source, row, ts, sequence: source.runs.sequenceOf(row) };
        if (!after || isBehind(one, after, newest)) best.offer(one);
      }
    }
  }
  return best.list();
}

/** Keeps the first so many of what it is offered, in an order. Cheap where the offers come nearly in that order. */
class Best {
  readonly #most: number;
  readonly #order: (a: Found, b: Found) => number;
  readonly #kept: Found[] = [];

  constructor(most: number, order: (a: Found, b: Found) => number) {
    this.#most = most;
    this.#order = order;
  }

  /** The last one kept, once there are enough. */
  get worst(): Found | undefined {
    return this.#kept.length < this.#most ? undefined : this.#kept.at(-1);
  }

  offer(found: Found): void {
    const worst = this.worst;
    if (worst && this.#order(found, worst) >= 0) return;
    let low = 0;
    let high = this.#kept.length;
    const last = this.#kept.at(-1);
    if (last && this.#order(last, found) <= 0) low = high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order(this.#kept[middle] as Found, found) <= 0) low = middle + 1;
      else high = middle;
    }
    this.#kept.splice(low, 0, found);
    if (this.#kept.length > this.#most) this.#kept.pop();
  }

  list(): Found[] {
    return this.#kept;
  }
}
