/** Which events the list shows: read from the query of the address, as the API wants it, and for live events. */
import {
  EVENT_TYPES,
  type EventStatus,
  type EventType,
  type TelemetryEvent,
} from '../../core/contract/event.ts';
import { facetsOf } from '../../core/contract/facets.ts';
import type { EventFilter } from '../../core/contract/methods.ts';

export const STATUSES: readonly EventStatus[] = ['ok', 'warning', 'error', 'unknown'];

/** What is shown where nothing is chosen: what the engines say of themselves is much, and the overview sums it up. */
export const DEFAULT_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) => type !== 'performance_metric' && type !== 'system_health',
);

type Query = Readonly<Record<string, string | undefined>>;

/** The types in the query. */
export function typesOf({ type }: Query): readonly EventType[] {
  if (type === undefined) return DEFAULT_TYPES;
  if (type === 'all') return EVENT_TYPES;
  const names = type.split(',');
  return EVENT_TYPES.filter((name) => names.includes(name));
}

/** The types as they go into the query; undefined for those that are shown anyhow. */
export function typesQuery(types: readonly EventType[]): string | undefined {
  if (types.length === EVENT_TYPES.length) return 'all';
  const usual = types.length === DEFAULT_TYPES.length && DEFAULT_TYPES.every((type) => types.includes(type));
  return usual ? undefined : types.join(',') || 'none';
}

/** The states in the query; none means any. */
export function statusesOf({ status }: Query): readonly EventStatus[] {
  const names = status?.split(',') ?? [];
  return STATUSES.filter((name) => names.includes(name));
}

/** The whole query as the API's filter. */
export function filterOf(query: Query, timeframe: Pick<EventFilter, 'from' | 'workspace'>): EventFilter {
  const types = typesOf(query);
  const status = statusesOf(query);
  const { source, text, operation, correlation, from, to } = query;
  return {
    ...timeframe,
    ...(types.length === EVENT_TYPES.length ? {} : { type: [...types] }),
    ...(status.length === 0 ? {} : { status: [...status] }),
    ...(source ? { source } : {}),
    ...(text ? { text: text.slice(0, 200) } : {}),
    ...(operation ? { operation } : {}),
    ...(correlation ? { correlationId: correlation } : {}),
    ...(isTime(from) ? { from } : {}),
    ...(isTime(to) ? { to } : {}),
  };
}

/** Whether a part of the address is a time that the API takes. */
export function isTime(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Whether a live event belongs into a list with this filter; as the engine's store would say. */
export function matches(event: TelemetryEvent, filter: EventFilter): boolean {
  const { type, status, source, from, to, workspace, operation, correlationId, text } = filter;
  const facets = facetsOf(event);
  const { sequence: _, ...body } = event;
  return (
    (type === undefined || type.includes(event.type)) &&
    (status === undefined || status.includes(facets.status)) &&
    (source === undefined || event.source === source) &&
    (from === undefined || event.timestamp >= from) &&
    (to === undefined || event.timestamp < to) &&
    (workspace === undefined || event.metadata.workspace === workspace) &&
    (operation === undefined || facets.operation === operation) &&
    (correlationId === undefined || event.metadata.correlationId === correlationId) &&
    (text === undefined || JSON.stringify(body).toLowerCase().includes(asJson(text)))
  );
}

/** A text as it stands in JSON. */
function asJson(text: string): string {
  return JSON.stringify(text).slice(1, -1).toLowerCase();
}
