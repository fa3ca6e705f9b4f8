/**
 * An event as its columns say it: enough to decide whether somebody cares. The whole event is read, and its JSON parsed,
 * only when it is asked for; who listens to everything must not cost as much as recording it.
 */
import type { EventStatus, EventType, TelemetryEvent } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import { type EncodedEvents, STATUSES, textOf, typeOfKind, type UnstoredEvent } from './encode.ts';
import {
  type EventSource,
  type Place,
  parseEvent,
  placesOf,
  type ReadText,
  type TypeSet,
} from './event-source.ts';

type Numbers = Pick<
  EncodedEvents,
  'ts' | 'kind' | 'duration' | 'source' | 'operation' | 'workspace' | 'resources'
>;

export class Glance {
  readonly sequence: number;
  readonly type: EventType;
  readonly status: EventStatus;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly source: string;
  readonly operation: string | undefined;
  readonly workspace: string | undefined;
  readonly durationMs: number | undefined;
  /** Whether it says anything of resources. */
  readonly hasResources: boolean;
  readonly #read: () => TelemetryEvent;
  #event: TelemetryEvent | undefined;

  constructor(
    columns: Numbers,
    row: number,
    sequence: number,
    nameOf: (id: number) => string,
    read: () => TelemetryEvent,
  ) {
    const kind = columns.kind[row] as number;
    const duration = columns.duration[row] as number;
    this.sequence = sequence;
    this.type = typeOfKind(kind);
    this.status = STATUSES[kind & 3] as EventStatus;
    this.at = columns.ts[row] as number;
    this.source = nameOf(columns.source[row] as number);
    this.operation = nameOf(columns.operation[row] as number) || undefined;
    this.workspace = nameOf(columns.workspace[row] as number) || undefined;
    this.durationMs = Number.isNaN(duration) ? undefined : duration;
    this.hasResources = columns.resources[row] === 1;
    this.#read = read;
  }

  /** The event itself; read once. */
  event(): TelemetryEvent {
    this.#event ??= this.#read();
    return this.#event;
  }
}

/** The events of a frame, of some types or all. */
export function glancesOfFrame(
  events: EncodedEvents,
  firstSequence: number,
  types: ReadonlySet<EventType> | undefined,
  { decodeUtf8 }: Pick<Platform, 'decodeUtf8'>,
): Glance[] {
  const nameOf = (id: number) => (id === 0 ? '' : (events.names[id - 1] ?? ''));
  const glances: Glance[] = [];
  for (let row = 0; row < events.count; row++) {
    if (types && !types.has(typeOfKind(events.kind[row] as number))) continue;
    const sequence = firstSequence + row;
    const read = () => ({
      ...(JSON.parse(decodeUtf8(textOf(events, row))) as UnstoredEvent),
      sequence,
    });
    glances.push(new Glance(events, row, sequence, nameOf, read));
  }
  return glances;
}

/** Stored events behind a sequence, of some types or all, oldest first. Fewer than `limit` are all that there are. */
export function glancesBehind(
  sources: readonly EventSource[],
  read: ReadText,
  sequence: number,
  limit: number,
  types?: TypeSet,
): Glance[] {
  const glances: Glance[] = [];
  for (const source of sources) {
    if (source.count === 0 || source.runs.sequenceOf(source.count - 1) <= sequence) continue;
    const columns = source.columns();
    const nameOf = (id: number) => columns.names.textOf(id);
    const rows: number[] = [];
    for (let row = source.runs.rowAfter(sequence, source.count); row < source.count; row++) {
      if (glances.length + rows.length >= limit) break;
      if (!types || types.has(typeOfKind(columns.kind[row] as number))) rows.push(row);
    }
    const places = placesLater(source, rows, types);
    rows.forEach((row, i) => {
      const event = () => parseEvent(places(i), read);
      glances.push(new Glance(columns, row, source.runs.sequenceOf(row), nameOf, event));
    });
    if (glances.length >= limit) return glances;
  }
  return glances;
}

/** Places of rows: found together, when one of them is first asked for. */
function placesLater(
  source: EventSource,
  rows: readonly number[],
  types: TypeSet | undefined,
): (i: number) => Place {
  let places: Place[] | undefined;
  return (i) => {
    places ??= placesOf(source, rows, types);
    return places[i] as Place;
  };
}
