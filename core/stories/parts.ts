/** The parts of a migration's story, each from its events in order of time. */
import { isType, type TelemetryEvent } from '../contract/event.ts';
import type { MigrationStory } from '../contract/migration-story.ts';
import { MODEL_NAMES, type ModelId } from '../contract/model.ts';
import type { PredictionRecord } from '../contract/prediction.ts';
import { feedbackOf } from '../learn/feedback.ts';
import { duration, percent, plural } from '../report/format.ts';
import { isEdit } from './migration-index.ts';

type Step = MigrationStory['steps'][number];
type Events = readonly TelemetryEvent[];
type Feedback = readonly TelemetryEvent<'learning_feedback'>[];

/** Statements that were saved together are one edit, statements that ran belong to their run. */
export function stepsOf(events: Events, feedback: Feedback): Step[] {
  const steps: Step[] = [];
  const edits = new Map<string, { step: Step; statements: number }>();
  for (const event of events) {
    if (isType(event, 'schema_operation') && isEdit(event)) {
      const known = edits.get(event.timestamp);
      if (known) {
        known.statements++;
        known.step.title = `Edited: ${plural(known.statements, 'statement')}`;
        continue;
      }
      const step: Step = { ...base(event), step: 'edit', title: `Edited: ${event.data.operation}` };
      edits.set(event.timestamp, { step, statements: 1 });
      steps.push(step);
    } else {
      const step = stepOf(event);
      if (step) steps.push(step);
    }
  }
  for (const said of feedback) {
    const { accuracy, feedback: text, userRating } = said.data;
    const right = accuracy === undefined ? '' : accuracy >= 0.5 ? ': it was right' : ': it was wrong';
    steps.push({
      ...base(said),
      step: 'feedback',
      title: `Somebody said what happened${right}${userRating ? ` (${userRating} of 5)` : ''}`,
      ...(text ? { detail: text } : {}),
    });
  }
  return steps.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || RANK[a.step] - RANK[b.step]);
}

/** What happened in the same moment, as an import records it, in the order in which one leads to the next. */
const RANK: Record<Step['step'], number> = {
  edit: 0,
  check: 1,
  prediction: 2,
  run: 3,
  problem: 4,
  outcome: 5,
  feedback: 6,
};

function nameOf(modelId: string): string {
  return modelId in MODEL_NAMES ? MODEL_NAMES[modelId as ModelId] : modelId;
}

function stepOf(event: TelemetryEvent): Step | undefined {
  if (isType(event, 'migration_execution')) {
    const { outcome, environment, durationMs, error, reason } = event.data;
    const where = environment && environment !== 'unknown' ? ` in ${environment}` : '';
    const took = durationMs === undefined ? '' : ` after ${duration(durationMs)}`;
    const detail = error?.message ?? reason;
    const known = outcome === 'unknown' || outcome === 'skipped' ? `Not run${where}` : undefined;
    return {
      ...base(event),
      step: 'run',
      title: known ?? `${RAN[outcome] ?? outcome}${where}${took}`,
      ...(detail ? { detail } : {}),
    };
  }
  if (isType(event, 'ai_prediction')) {
    const { failureProbability, durationMs, abstained, reasons } = event.data;
    const parts = [
      ...(failureProbability === undefined ? [] : [`${percent(failureProbability)} likely to fail`]),
      ...(durationMs
        ? [`takes ${duration(durationMs.p50)} (${duration(durationMs.p10)} to ${duration(durationMs.p90)})`]
        : []),
    ];
    return {
      ...base(event),
      step: 'prediction',
      title: abstained ? 'No prediction: too little is known' : `Predicted: ${parts.join(', ')}`,
      ...(reasons?.length ? { detail: reasons.join('; ') } : {}),
    };
  }
  if (isType(event, 'ai_accuracy'))
    return {
      ...base(event),
      step: 'outcome',
      title: `${nameOf(event.data.modelId)} was ${percent(event.data.accuracy)} right`,
    };
  if (isType(event, 'compliance_check'))
    return {
      ...base(event),
      step: 'check',
      title: `${event.data.rule}: ${event.data.result.replace('_', ' ')}`,
      ...(event.data.message ? { detail: event.data.message } : {}),
    };
  if (isType(event, 'error_occurrence'))
    return { ...base(event), step: 'problem', title: event.data.message };
  return undefined;
}

const RAN: Record<string, string> = {
  succeeded: 'Succeeded',
  failed: 'Failed',
  rolled_back: 'Would work, rolled back',
};

function base({ id, timestamp }: TelemetryEvent): Pick<Step, 'eventId' | 'at'> {
  return { eventId: id, at: timestamp };
}

/** Each statement as it was seen last; where it ran, as it ran last. */
export function statementsOf(events: Events): MigrationStory['statements'] {
  const statements = new Map<number, MigrationStory['statements'][number]>();
  for (const event of events) {
    if (!isType(event, 'schema_operation')) continue;
    const { data } = event;
    const index = data.statement ?? 0;
    const known = statements.get(index);
    const ran = !isEdit(event);
    statements.set(index, {
      ...known,
      index,
      operation: data.operation,
      objects: data.objects ?? known?.objects ?? [],
      ...(data.line === undefined ? {} : { line: data.line }),
      ...(data.sql === undefined ? {} : { sql: data.sql }),
      ...(ran && data.outcome ? { outcome: data.outcome } : {}),
      ...(ran && data.durationMs !== undefined ? { durationMs: data.durationMs } : {}),
      ...(ran && data.error ? { error: data.error.message } : {}),
    });
  }
  return [...statements.values()].sort((a, b) => a.index - b.index);
}

export function runsOf(events: Events): MigrationStory['runs'] {
  return events
    .filter((event) => isType(event, 'migration_execution'))
    .map(({ id, timestamp, data }) => {
      const said = data.error?.message ?? data.reason;
      return {
        eventId: id,
        at: timestamp,
        outcome: data.outcome,
        environment: data.environment ?? ('unknown' as const),
        ...(data.durationMs === undefined ? {} : { durationMs: data.durationMs }),
        ...(data.tool ? { tool: data.tool } : {}),
        ...(said ? { error: said } : {}),
      };
    });
}

/** Predictions with what came of each: the judgement, and the first run after it. */
export function predictionsOf(events: Events, feedback: Feedback): PredictionRecord[] {
  const runs = runsOf(events).filter(({ outcome }) => outcome !== 'unknown' && outcome !== 'skipped');
  const accuracies = new Map<string, number>();
  for (const event of events)
    if (isType(event, 'ai_accuracy')) accuracies.set(event.data.predictionId, event.data.accuracy);
  return events
    .filter((event) => isType(event, 'ai_prediction'))
    .map((event): PredictionRecord => {
      const { id, timestamp, data, metadata } = event;
      const run = runs.find(({ at }) => at >= timestamp);
      const said = feedback.filter((one) => one.data.eventId === id).map(feedbackOf);
      const accuracy = accuracies.get(id);
      const resolved = run !== undefined || accuracy !== undefined || said.length > 0;
      const { file, line } = data as { file?: string; line?: number };
      return {
        id,
        at: timestamp,
        modelId: data.modelId as ModelId,
        modelVersion: data.modelVersion ?? '0',
        subject: data.subject,
        subjectType:
          data.subjectType === 'statement' || data.subjectType === 'migration' ? data.subjectType : 'other',
        ...(metadata.workspace ? { workspace: metadata.workspace } : {}),
        ...(file ? { file } : {}),
        ...(line === undefined ? {} : { line }),
        state: data.abstained ? 'abstained' : resolved ? 'resolved' : 'awaiting',
        ...(data.failureProbability === undefined ? {} : { failureProbability: data.failureProbability }),
        ...(data.durationMs ? { durationMs: data.durationMs } : {}),
        confidence: data.confidence,
        reasons: data.reasons ?? [],
        basis: data.basis ?? [],
        ...(run
          ? {
              outcome: {
                at: run.at,
                outcome: run.outcome,
                eventId: run.eventId,
                ...(run.durationMs === undefined ? {} : { durationMs: run.durationMs }),
              },
            }
          : {}),
        ...(accuracy === undefined ? {} : { accuracy }),
        feedback: said,
      };
    });
}
