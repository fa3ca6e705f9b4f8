/** An event in a line: what it is about, and what there is to know of it. */
import type { EventData, EventType, TelemetryEvent } from '../../core/contract/event.ts';
import { modelName, OUTCOME_NAMES, sentence, words } from '../format/names.ts';
import { duration, percent, plural } from '../format/numbers.ts';

export interface Description {
  title: string;
  detail: string;
}

type AnyEvent = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

/** Total: every type has an answer. */
export function describe(event: Pick<TelemetryEvent, 'type' | 'data'>): Description {
  const { type, data } = event as AnyEvent;
  switch (type) {
    case 'schema_operation':
      return {
        title: [sentence(words(data.operation)), listed(data.objects ?? [])].filter(Boolean).join(' '),
        detail: data.error?.message ?? data.migration ?? '',
      };
    case 'migration_execution':
      return { title: data.migration, detail: data.error?.message ?? data.reason ?? ranOf(data) };
    case 'performance_metric':
      return {
        title: `${data.component ? `${sentence(words(data.component))}: ` : ''}${words(data.operation)}`,
        detail: data.count === undefined ? '' : `${plural(data.count, 'time')}`,
      };
    case 'error_occurrence':
      return { title: data.message, detail: joined(data.component, data.code, data.file) };
    case 'user_interaction':
      return { title: sentence(words(data.action)), detail: data.target ?? '' };
    case 'system_health':
      return { title: `${sentence(words(data.component))} ${data.state}`, detail: data.message ?? '' };
    case 'security_event':
      return { title: sentence(words(data.kind)), detail: data.message ?? '' };
    case 'compliance_check':
      return {
        title: `${sentence(words(data.rule))}: ${words(data.result)}`,
        detail: data.message ?? data.subject ?? '',
      };
    case 'ai_prediction':
      return { title: data.subject, detail: expectation(data) };
    case 'ai_accuracy':
      return { title: data.subject ?? modelName(data.modelId), detail: judgement(data) };
    case 'learning_feedback':
      return {
        title: `Actually ${typeof data.actualOutcome === 'string' ? words(data.actualOutcome) : JSON.stringify(data.actualOutcome)}`,
        detail: joined(
          data.accuracy === undefined ? undefined : `${percent(data.accuracy)} right`,
          data.feedback,
        ),
      };
    case 'model_update':
      return {
        title: `${modelName(data.modelId)} version ${data.version}`,
        detail: joined(data.status, data.reason),
      };
  }
}

/** What a prediction says, in words. */
export function expectation({
  abstained,
  failureProbability,
  durationMs,
}: EventData<'ai_prediction'>): string {
  if (abstained) return 'Abstained: too little is known';
  const parts = [
    failureProbability === undefined ? undefined : `${percent(failureProbability)} likely to fail`,
    durationMs === undefined
      ? undefined
      : `takes ${duration(durationMs.p50)} (${duration(durationMs.p10)} to ${duration(durationMs.p90)})`,
  ];
  return sentence(joined(...parts));
}

/** What became of a prediction, in words. */
export function judgement({ modelId, predicted, actual, accuracy }: EventData<'ai_accuracy'>): string {
  const right = `${percent(accuracy)} right`;
  if (predicted === undefined || actual === undefined) return right;
  return `${right}: predicted ${modelValue(modelId, predicted)}, actual ${modelValue(modelId, actual)}`;
}

/** A predicted or actual value as its model means it. */
export function modelValue(modelId: string, value: unknown): string {
  if (typeof value === 'number') {
    if (modelId === 'performance-prediction') return duration(value);
    if (modelId !== 'error-prediction') return String(value);
    return value === 0 ? 'succeeded' : value === 1 ? 'failed' : percent(value);
  }
  if (typeof value === 'string') return words(value);
  if (typeof value !== 'object' || value === null) return String(value ?? 'unknown');
  const { failureProbability, durationMs, outcome } = value as Record<string, unknown>;
  const time = typeof durationMs === 'object' ? (durationMs as { p50?: unknown } | null)?.p50 : durationMs;
  const known = joined(
    typeof outcome === 'string' ? words(outcome) : undefined,
    typeof failureProbability === 'number' ? percent(failureProbability) : undefined,
    typeof time === 'number' ? duration(time) : undefined,
  );
  return known || JSON.stringify(value);
}

function ranOf({ outcome, statements, tool }: EventData<'migration_execution'>): string {
  return joined(
    OUTCOME_NAMES[outcome],
    statements === undefined ? undefined : plural(statements, 'statement'),
    tool,
  );
}

function listed(names: readonly string[]): string {
  const [first, ...others] = names;
  if (first === undefined) return '';
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function joined(...parts: (string | undefined)[]): string {
  return parts.filter(Boolean).join(', ');
}
