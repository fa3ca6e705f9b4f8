/** Names of things as people say them. */
import type { EventStatus, EventType, Outcome, Severity } from '../../core/contract/event.ts';
import type { EngineName, HealthState } from '../../core/contract/health.ts';
import { MODEL_NAMES, type ModelId, type ModelStatus } from '../../core/contract/model.ts';

export { MODEL_NAMES };

export const EVENT_TYPE_NAMES: Record<EventType, string> = {
  schema_operation: 'Schema operation',
  migration_execution: 'Migration',
  performance_metric: 'Metric',
  error_occurrence: 'Error',
  user_interaction: 'User action',
  system_health: 'Health',
  security_event: 'Security',
  compliance_check: 'Compliance',
  ai_prediction: 'Prediction',
  ai_accuracy: 'Accuracy',
  learning_feedback: 'Feedback',
  model_update: 'Model update',
};

export const STATUS_NAMES: Record<EventStatus, string> = {
  ok: 'OK',
  warning: 'Warning',
  error: 'Error',
  unknown: 'Unknown',
};

export const OUTCOME_NAMES: Record<Outcome, string> = {
  succeeded: 'Succeeded',
  failed: 'Failed',
  rolled_back: 'Rolled back',
  skipped: 'Skipped',
  unknown: 'Unknown',
};

export const SEVERITY_NAMES: Record<Severity, string> = {
  info: 'Info',
  warning: 'Warning',
  error: 'Error',
  critical: 'Critical',
};

export const ENGINE_LABELS: Record<EngineName, string> = {
  'telemetry-engine': 'Telemetry engine',
  'schema-versioning': 'Schema versioning',
  'schema-comparator': 'Schema comparator',
  'manifest-governance': 'Manifest governance',
  'ai-service': 'AI service',
  'database-connector': 'Database connector',
};

export const HEALTH_NAMES: Record<HealthState, string> = {
  ok: 'OK',
  degraded: 'Degraded',
  failing: 'Failing',
  starting: 'Starting',
  stopped: 'Stopped',
};

export const MODEL_STATUS_NAMES: Record<ModelStatus, string> = {
  training: 'Training',
  active: 'Active',
  inactive: 'Not in use',
  deprecated: 'Deprecated',
};

/** The name of a model by its id; the id itself where it is not one of the four. */
export function modelName(id: string): string {
  return id in MODEL_NAMES ? MODEL_NAMES[id as ModelId] : id;
}

/** A workspace as people call it: its name without the hash of its place. */
export function workspaceName(workspace: string): string {
  return workspace.replace(/~[^~]*$/, '') || workspace;
}

/** `create_unique_index` → `create unique index`, `learningRate` → `learning rate`. */
export function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .replace(/\b([A-Z])(?=[a-z])/g, (letter) => letter.toLowerCase())
    .replace(/\bsql\b/g, 'SQL')
    .trim();
}

/** With a capital at the beginning. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
