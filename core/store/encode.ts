/**
 * Events as the store takes them in: their JSON texts for the journal, and beside those everything that is filtered,
 * sorted or counted, as numbers in typed arrays. Made in whichever thread read the events; it crosses threads without
 * a copy.
 */
import { EVENT_TYPES, type EventStatus, type TelemetryEvent } from '../contract/event.ts';
import { facetsOf } from '../contract/facets.ts';
import type { Platform } from '../platform.ts';
import { hashKey, hashText } from './hash.ts';
import { Names } from './names.ts';

export type UnstoredEvent = Omit<TelemetryEvent, 'sequence'>;

export const STATUSES: readonly EventStatus[] = ['ok', 'warning', 'error', 'unknown'];
const TYPE_CODES = new Map(EVENT_TYPES.map((type, code) => [type, code]));
const STATUS_CODES = new Map(STATUSES.map((status, code) => [status, code]));
/** Longer error messages are counted by their beginning. */
const LONGEST_PROBLEM = 300;

/** Numbers of an event, one array for each; names are numbers of `names`, 0 for none; hashes 0 for none. */
export interface EncodedEvents {
  count: number;
  /** Milliseconds since 1970. */
  ts: Float64Array;
  /** Type and status, see {@link kindOf}. */
  kind: Uint8Array;
  /** Milliseconds; NaN for none. */
  duration: Float64Array;
  source: Uint16Array;
  operation: Uint16Array;
  workspace: Uint16Array;
  /** Its error message. */
  problem: Uint16Array;
  /** Hash of the correlation id; hash of the id of the event that it is about. */
  correlation: Int32Array;
  refers: Int32Array;
  /** 1 where it says something of resources. */
  resources: Uint8Array;
  /** Two hashes of its key, see `hashKey`. */
  keys: Uint32Array;
  /** Pairs of event and table that its migration touched, in order of the events. */
  touched: Uint32Array;
  names: string[];
  /** The events' JSON texts, as they stand in the journal, and where in it each begins and ends. */
  payload: Uint8Array;
  starts: Uint32Array;
  ends: Uint32Array;
}

type Texts = Pick<EncodedEvents, 'payload' | 'starts' | 'ends'>;

/** How many values {@link kindOf} has. */
export const KIND_COUNT = EVENT_TYPES.length * STATUSES.length;

/** Type and status in one byte. */
export function kindOf(type: TelemetryEvent['type'], status: EventStatus): number {
  return ((TYPE_CODES.get(type) ?? 0) << 2) | (STATUS_CODES.get(status) ?? 0);
}

export function typeOfKind(kind: number): TelemetryEvent['type'] {
  return EVENT_TYPES[kind >> 2] as TelemetryEvent['type'];
}

export function typeCode(type: TelemetryEvent['type']): number {
  return TYPE_CODES.get(type) ?? -1;
}

export function statusCode(status: EventStatus): number {
  return STATUS_CODES.get(status) ?? -1;
}

/** Encodes events that are new; the journal gets a line of JSON for each. */
export function encodeEvents(
  events: readonly UnstoredEvent[],
  platform: Pick<Platform, 'encodeTexts'>,
): EncodedEvents {
  return describeEvents(events, linesOf(events, platform));
}

/** Encodes events whose texts are there already. */
export function describeEvents(events: readonly UnstoredEvent[], texts: Texts): EncodedEvents {
  const count = events.length;
  const names = new Names();
  const encoded = emptyColumns(count);
  const touched: number[] = [];
  const sources = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const event = events[i] as UnstoredEvent;
    const { status, operation, durationMs } = facetsOf(event);
    let sourceHash = sources.get(event.source);
    if (sourceHash === undefined) {
      sourceHash = hashText(event.source);
      sources.set(event.source, sourceHash);
    }
    hashKey(sourceHash, event.id, encoded.keys, i * 2);
    encoded.ts[i] = Date.parse(event.timestamp);
    encoded.kind[i] = kindOf(event.type, status);
    encoded.duration[i] = durationMs ?? Number.NaN;
    encoded.source[i] = names.idOf(event.source);
    encoded.operation[i] = names.idOf(operation);
    encoded.workspace[i] = names.idOf(event.metadata.workspace);
    encoded.problem[i] = names.idOf(problemOf(event));
    const { correlationId, resources } = event.metadata;
    if (resources !== undefined) encoded.resources[i] = 1;
    if (correlationId !== undefined) encoded.correlation[i] = hashText(correlationId);
    const refers = refersTo(event);
    if (refers !== undefined) encoded.refers[i] = hashText(refers);
    if (event.type === 'migration_execution') touch(event, i, names, touched);
  }
  return { ...encoded, ...texts, touched: Uint32Array.from(touched), names: names.list() };
}

function linesOf(events: readonly UnstoredEvent[], platform: Pick<Platform, 'encodeTexts'>): Texts {
  const { bytes, ends } = platform.encodeTexts(events.map((event) => `${JSON.stringify(event)}\n`));
  const starts = new Uint32Array(ends.length);
  starts.set(ends.subarray(0, -1), 1);
  return { payload: bytes, starts, ends };
}

/** Where lines begin and end. JSON writes a line feed inside a text as \n, so every line feed ends an event. */
export function lineEnds(payload: Uint8Array, count: number): Pick<Texts, 'starts' | 'ends'> {
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  for (let i = 0, end = 0; i < count; i++) {
    starts[i] = end;
    ends[i] = end = payload.indexOf(LINE_FEED, end) + 1;
  }
  return { starts, ends };
}

const LINE_FEED = 0x0a;

function emptyColumns(
  count: number,
): Omit<EncodedEvents, 'payload' | 'starts' | 'ends' | 'touched' | 'names'> {
  return {
    count,
    ts: new Float64Array(count),
    kind: new Uint8Array(count),
    duration: new Float64Array(count),
    source: new Uint16Array(count),
    operation: new Uint16Array(count),
    workspace: new Uint16Array(count),
    problem: new Uint16Array(count),
    correlation: new Int32Array(count),
    refers: new Int32Array(count),
    resources: new Uint8Array(count),
    keys: new Uint32Array(count * 2),
  };
}

/** Only some of the events; their texts stay where they are. */
export function selectEvents(events: EncodedEvents, rows: readonly number[]): EncodedEvents {
  const count = rows.length;
  const chosen = { ...emptyColumns(count), starts: new Uint32Array(count), ends: new Uint32Array(count) };
  const renumbered = new Map<number, number>();
  rows.forEach((row, i) => {
    renumbered.set(row, i);
    for (const name of PER_EVENT) chosen[name][i] = events[name][row] as number;
    chosen.keys[i * 2] = events.keys[row * 2] as number;
    chosen.keys[i * 2 + 1] = events.keys[row * 2 + 1] as number;
  });
  const touched: number[] = [];
  for (let i = 0; i < events.touched.length; i += 2) {
    const row = renumbered.get(events.touched[i] as number);
    if (row !== undefined) touched.push(row, events.touched[i + 1] as number);
  }
  return { ...chosen, touched: Uint32Array.from(touched), names: events.names, payload: events.payload };
}

/** The same events with nothing but their texts in the payload. */
export function compactEvents(events: EncodedEvents): EncodedEvents {
  const starts = new Uint32Array(events.count);
  const ends = new Uint32Array(events.count);
  let end = 0;
  for (let i = 0; i < events.count; i++) {
    starts[i] = end;
    ends[i] = end += (events.ends[i] as number) - (events.starts[i] as number);
  }
  const payload = new Uint8Array(end);
  for (let i = 0; i < events.count; i++) payload.set(textOf(events, i), starts[i]);
  return { ...events, payload, starts, ends };
}

const PER_EVENT = [
  'ts',
  'kind',
  'duration',
  'source',
  'operation',
  'workspace',
  'problem',
  'correlation',
  'refers',
  'resources',
  'starts',
  'ends',
] as const;

/** An event's JSON text, in UTF-8. */
export function textOf({ payload, starts, ends }: Texts, row: number): Uint8Array {
  return payload.subarray(starts[row], ends[row]);
}

/** Events about another event name it: feedback its event, an accuracy its prediction. */
export function refersTo(event: Pick<TelemetryEvent, 'type' | 'data'>): string | undefined {
  const data = event.data as { eventId?: unknown; predictionId?: unknown };
  const id = event.type === 'learning_feedback' ? data.eventId : data.predictionId;
  return typeof id === 'string' ? id.toLowerCase() : undefined;
}

/** What went wrong, in words: by this errors are counted. */
function problemOf({ type, data }: UnstoredEvent): string | undefined {
  const { error, message } = data as { error?: { message?: unknown }; message?: unknown };
  const said = type === 'error_occurrence' ? message : error?.message;
  return typeof said === 'string' && said !== '' ? said.slice(0, LONGEST_PROBLEM) : undefined;
}

function touch(event: UnstoredEvent, row: number, names: Names, touched: number[]): void {
  const { tables } = event.data as { tables?: unknown };
  if (!Array.isArray(tables)) return;
  for (const table of new Set(tables)) {
    const name = typeof table === 'string' ? names.idOf(table) : 0;
    if (name !== 0) touched.push(row, name);
  }
}
