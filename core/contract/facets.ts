/** The few values by which events of every type are filtered, counted and drawn. */
import type { EventData, EventStatus, EventType, TelemetryEvent } from './event.ts';

export interface Facets {
  status: EventStatus;
  /** What was done, in a word: `add_column`, the migration's tool, a rule. */
  operation: string | undefined;
  durationMs: number | undefined;
}

type AnyEvent = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

/** The facets of an event. Total: every type has an answer. */
export function facetsOf(event: Pick<TelemetryEvent, 'type' | 'data'>): Facets {
  const { type, data } = event as AnyEvent;
  switch (type) {
    case 'schema_operation':
      return facets(byOutcome(data.outcome), data.operation, data.durationMs);
    case 'migration_execution':
      return facets(byOutcome(data.outcome), data.tool, data.durationMs);
    case 'performance_metric':
      return facets(data.success ? 'ok' : 'error', data.operation, data.durationMs);
    case 'error_occurrence':
      return facets(bySeverity(data.severity ?? 'error'), data.code);
    case 'user_interaction':
      return facets('ok', data.action, data.durationMs);
    case 'system_health':
      return facets(
        data.state === 'failing' ? 'error' : data.state === 'degraded' ? 'warning' : 'ok',
        data.component,
      );
    case 'security_event':
      return facets(bySeverity(data.severity), data.kind);
    case 'compliance_check':
      return facets(data.result === 'fail' ? 'error' : data.result === 'warn' ? 'warning' : 'ok', data.rule);
    case 'ai_prediction':
      return facets(data.abstained ? 'unknown' : 'ok', data.modelId);
    case 'ai_accuracy':
      return facets(data.accuracy >= 0.5 ? 'ok' : 'warning', data.modelId);
    case 'learning_feedback':
      return facets('ok', 'feedback');
    case 'model_update':
      return facets('ok', data.modelId);
  }
}

function facets(status: EventStatus, operation: string | undefined, durationMs?: number): Facets {
  return { status, operation, durationMs };
}

function byOutcome(outcome: EventData<'schema_operation'>['outcome']): EventStatus {
  if (outcome === 'succeeded') return 'ok';
  if (outcome === 'failed') return 'error';
  return outcome === 'rolled_back' || outcome === 'skipped' ? 'warning' : 'unknown';
}

function bySeverity(severity: EventData<'security_event'>['severity']): EventStatus {
  return severity === 'info' ? 'ok' : severity === 'warning' ? 'warning' : 'error';
}
