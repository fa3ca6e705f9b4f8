/**
 * An event as its columns say it: enough to decide whether somebody cares. The whole event is read, and its JSON parsed,
 * only when it is asked for; who listens to everything must not cost as much as recording it.
 */
import type { EventStatus, EventType, TelemetryEvent } from '../contract/event.ts';
import type { Platform } from '../platform.ts';
import { type EncodedEvents, STATUSES, textOf, typeOfKind, type UnstoredEvent } from './encode.ts';
import { type EventSource, type Place, parseEvent, placesOf, type ReadText } from './event-source.ts';

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

/** Stored events behind a sequence, oldest first. */
export function glancesBehind(
  sources: readonly EventSource[],
  read: ReadText,
  sequence: number,
  limit: number,
): Glance[] {
  const glances: Glance[] = [];
  for (const source of sources) {
    if (source.count === 0 || source.runs.sequenceOf(source.count - 1) <= sequence) continue;
    const columns = source.columns();
    const nameOf = (id: number) => columns.names.textOf(id);
    const first = source.runs.rowAfter(sequence, source.count);
    const end = Math.min(source.count, first + limit - glances.length);
    const places = placesFrom(source, first, end);
    for (let row = first; row < end; row++)
      glances.push(
        new Glance(columns, row, source.runs.sequenceOf(row), nameOf, () => parseEvent(places(row), read)),
      );
    if (glances.length >= limit) return glances;
  }
  return glances;
}

/** Places of the rows from `first` to before `end`: found together, when one of them is first asked for. */
function placesFrom(source: EventSource, first: number, end: number): (row: number) => Place {
  let places: Place[] | undefined;
  return (row) => {
    places ??= placesOf(
      source,
      Array.from({ length: end - first }, (_, i) => first + i),
    );
    return places[row - first] as Place;
  };
}
