/** What belongs to an event: the others of the same run, in the order in which one thing led to the next. */
import type { TelemetryClient } from '../../core/contract/client.ts';
import type { EventType, TelemetryEvent } from '../../core/contract/event.ts';

export interface Related {
  /** With the event itself, in order. */
  events: readonly TelemetryEvent[];
  /** Whether there are more than were asked for. */
  more: boolean;
  /** The first statement of the run that failed. */
  failedStatement: TelemetryEvent | undefined;
}

const MOST = 500;

/** A prediction comes before what it predicts, its accuracy after; events of one run often carry the same time. */
const ORDER: readonly EventType[] = [
  'user_interaction',
  'ai_prediction',
  'compliance_check',
  'schema_operation',
  'error_occurrence',
  'migration_execution',
  'ai_accuracy',
  'learning_feedback',
  'security_event',
  'model_update',
  'system_health',
  'performance_metric',
];
/** The engine's own measurements of the work belong to the run, but say nothing about it. */
const SHOWN = ORDER.filter((type) => type !== 'performance_metric');

/** Asks for the events with the same correlation id, or the event that this one is about. */
export async function related(
  client: Pick<TelemetryClient, 'call'>,
  event: TelemetryEvent,
): Promise<Related> {
  const { correlationId } = event.metadata;
  const [correlated, referred] = await Promise.all([
    correlationId === undefined
      ? { items: [], nextCursor: undefined }
      : client.call('events.list', { correlationId, type: [...SHOWN], limit: MOST, order: 'oldest' }),
    referredBy(client, event),
  ]);
  const events = inOrder([event, ...referred, ...correlated.items]);
  return {
    events,
    more: correlated.nextCursor !== undefined,
    failedStatement: events.find(
      ({ type, data }) => type === 'schema_operation' && (data as { outcome?: unknown }).outcome === 'failed',
    ),
  };
}

/** By time; what has the same time by what leads to what; statements by their place in the file. Each event once. */
export function inOrder(events: readonly TelemetryEvent[]): TelemetryEvent[] {
  const unique = [...new Map(events.map((event) => [event.sequence, event])).values()];
  return unique.sort(
    (a, b) =>
      a.timestamp.localeCompare(b.timestamp) ||
      ORDER.indexOf(a.type) - ORDER.indexOf(b.type) ||
      statementOf(a) - statementOf(b) ||
      a.sequence - b.sequence,
  );
}

/** The event that feedback or an accuracy is about. */
async function referredBy(
  client: Pick<TelemetryClient, 'call'>,
  { data }: TelemetryEvent,
): Promise<TelemetryEvent[]> {
  const { eventId, predictionId } = data as { eventId?: unknown; predictionId?: unknown };
  const ids = [eventId, predictionId].filter((id) => typeof id === 'string');
  const found = await Promise.all(ids.map((id) => client.call('events.get', { id }).catch(() => undefined)));
  return found.filter((event) => event !== undefined);
}

function statementOf({ data }: TelemetryEvent): number {
  const { statement } = data as { statement?: unknown };
  return typeof statement === 'number' ? statement : 0;
}
