/** The few values by which events of every type are filtered, counted and drawn. */
import type { EventData, EventStatus, EventType } from '../contract/event.ts';

export interface Facets {
  status: EventStatus;
  /** What was done, in a word: `add_column`, the migration's tool, a rule. */
  operation: string | null;
  durationMs: number | null;
}

type AnyEvent = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

/** The facets of an event. Total: every type has an answer. */
export function facets(event: { type: EventType; data: EventData }): Facets {
  const { type, data } = event as AnyEvent;
  switch (type) {
    case 'schema_operation':
      return of(outcomeStatus(data.outcome), data.operation, data.durationMs);
    case 'migration_execution':
      return of(outcomeStatus(data.outcome), data.tool, data.durationMs);
    case 'performance_metric':
      return of(data.success ? 'ok' : 'error', data.operation, data.durationMs);
    case 'error_occurrence':
      return of(
        data.severity === 'info' ? 'ok' : data.severity === 'warning' ? 'warning' : 'error',
        data.code,
      );
    case 'user_interaction':
      return of('ok', data.action, data.durationMs);
    case 'system_health':
      return of(
        data.state === 'failing' ? 'error' : data.state === 'degraded' ? 'warning' : 'ok',
        data.component,
      );
    case 'security_event':
      return of(severityStatus(data.severity), data.kind);
    case 'compliance_check':
      return of(data.result === 'fail' ? 'error' : data.result === 'warn' ? 'warning' : 'ok', data.rule);
    case 'ai_prediction':
      return of(data.abstained ? 'unknown' : 'ok', data.modelId);
    case 'ai_accuracy':
      return of(data.accuracy >= 0.5 ? 'ok' : 'warning', data.modelId);
    case 'learning_feedback':
      return of('ok', 'feedback');
    case 'model_update':
      return of('ok', data.modelId);
  }
}

function of(status: EventStatus, operation: string | undefined, durationMs?: number): Facets {
  return { status, operation: operation ?? null, durationMs: durationMs ?? null };
}

function outcomeStatus(outcome: EventData<'migration_execution'>['outcome'] | undefined): EventStatus {
  switch (outcome) {
    case 'succeeded':
      return 'ok';
    case 'failed':
      return 'error';
    case 'rolled_back':
    case 'skipped':
      return 'warning';
    default:
      return 'unknown';
  }
}

function severityStatus(severity: EventData<'security_event'>['severity']): EventStatus {
  return severity === 'info' ? 'ok' : severity === 'warning' ? 'warning' : 'error';
}
