/** A prediction in the ledger, and what a run says of it. */
import type { Outcome, TelemetryEvent } from '../contract/event.ts';
import { MODEL_IDS, type ModelId } from '../contract/model.ts';
import { type Group, groupOf } from './features.ts';
import { type Truth, truthOf } from './truth.ts';

/** A run with a real outcome. */
export interface Run {
  eventId: string | undefined;
  /** Milliseconds since 1970. */
  at: number;
  outcome: Outcome;
  durationMs: number | undefined;
  environment: string | undefined;
}

export interface Entry {
  id: string;
  sequence: number;
  at: number;
  modelId: ModelId;
  modelVersion: string;
  subject: string;
  subjectType: 'statement' | 'migration' | 'other';
  migration: string | undefined;
  statement: number | undefined;
  workspace: string | undefined;
  file: string | undefined;
  environment: string | undefined;
  group: Group | undefined;
  abstained: boolean;
  confidence: number;
  failureProbability: number | undefined;
  /** p10, p50, p90 in milliseconds. */
  duration: readonly [number, number, number] | undefined;
  run: Run | undefined;
  /** As the `ai_accuracy` event that closed it says; `by` is the feedback that it came from. */
  judged:
    | { accuracy: number; at: number; truth: Truth; by: string | undefined; sequence: number }
    | undefined;
}

export interface StatementOutcome {
  outcome: Outcome;
  durationMs: number | undefined;
}

/** Only these say how it went; a dry run, or one that was not possible, closes nothing. */
export function isReal(outcome: Outcome): boolean {
  return outcome === 'succeeded' || outcome === 'failed';
}

/** A run in the shadow closes only what was said about the shadow; another what was said of its environment or of none. */
export function madeFor(predicted: string | undefined, ran: string | undefined): boolean {
  if (ran === 'shadow' || predicted === 'shadow') return predicted === ran;
  return !predicted || !ran || predicted === 'unknown' || ran === 'unknown' || predicted === ran;
}

/** How one statement of a run went; undefined where it was not reached, or nobody wrote it down. */
export function ofStatement(
  run: Run,
  statement: number,
  recorded: ReadonlyMap<number, StatementOutcome> | undefined,
  failedStatement: number | undefined,
): Run | undefined {
  const own = recorded?.get(statement);
  if (own) {
    const outcome = own.outcome === 'rolled_back' ? 'succeeded' : own.outcome;
    return isReal(outcome) ? { ...run, outcome, durationMs: own.durationMs } : undefined;
  }
  if (run.outcome === 'succeeded') return { ...run, durationMs: undefined };
  if (failedStatement === undefined || statement > failedStatement) return undefined;
  return { ...run, outcome: statement === failedStatement ? 'failed' : 'succeeded', durationMs: undefined };
}

export function judgedTruth(data: TelemetryEvent<'ai_accuracy'>['data'], modelId: ModelId): Truth {
  if (modelId === 'error-prediction' && typeof data.actual === 'number')
    return { failed: data.actual >= 0.5 };
  if (modelId === 'performance-prediction' && typeof data.actual === 'number')
    return { failed: false, durationMs: data.actual };
  return truthOf({ actualOutcome: data.actual });
}

export function entryOf({
  id,
  sequence,
  timestamp,
  data,
  metadata,
}: TelemetryEvent<'ai_prediction'>): Entry | undefined {
  const modelId = MODEL_IDS.find((known) => known === data.modelId);
  if (!modelId) return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const whole = (value: unknown) => (Number.isInteger(value) ? (value as number) : undefined);
  const subjectType =
    data.subjectType === 'migration' || data.subjectType === 'statement' ? data.subjectType : 'other';
  const operations = Array.isArray(data.operations) ? data.operations.map(String) : [];
  const { durationMs } = data;
  return {
    id: id.toLowerCase(),
    sequence,
    at: Date.parse(timestamp),
    modelId,
    modelVersion: data.modelVersion ?? '0',
    subject: data.subject,
    subjectType,
    migration: text(data.migration) ?? (subjectType === 'migration' ? data.subject : undefined),
    statement: subjectType === 'statement' ? whole(data.statement) : undefined,
    workspace: metadata.workspace,
    file: text(data.file),
    environment: text(data.environment),
    group: operations[0] === undefined ? undefined : groupOf(operations[0]),
    abstained: data.abstained === true,
    confidence: data.confidence,
    failureProbability: data.failureProbability,
    duration: durationMs && [durationMs.p10, durationMs.p50, durationMs.p90],
    run: undefined,
    judged: undefined,
  };
}
