/** Predictions as they are read: the event, what came of it, and what people said of that. */
import { type EventData, isType, type TelemetryEvent } from '../contract/event.ts';
import type { LearningFeedback } from '../contract/feedback.ts';
import type { PredictionRecord } from '../contract/prediction.ts';
import { eventsAbout, getEvent } from '../store/event-queries.ts';
import type { EventReader } from '../store/event-reader.ts';
import { feedbackOf } from './feedback.ts';
import type { Ledger } from './ledger.ts';
import type { Entry } from './ledger-entry.ts';

export function recordOf(reader: EventReader, ledger: Ledger, entry: Entry): PredictionRecord {
  const event = getEvent(reader, entry.id) as TelemetryEvent<'ai_prediction'>;
  const { data } = event;
  const { run, duration, workspace, file, failureProbability } = entry;
  const accuracy = ledger.accuracy(entry);
  const line = typeof data.line === 'number' ? data.line : undefined;
  const outcome = outcomeOf(ledger, entry);
  return {
    id: entry.id,
    at: event.timestamp,
    modelId: entry.modelId,
    modelVersion: entry.modelVersion,
    subject: entry.subject,
    subjectType: entry.subjectType,
    ...(workspace === undefined ? {} : { workspace }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    state: ledger.state(entry),
    ...(failureProbability === undefined ? {} : { failureProbability }),
    ...(duration ? { durationMs: { p10: duration[0], p50: duration[1], p90: duration[2] } } : {}),
    confidence: entry.confidence,
    reasons: data.reasons ?? [],
    basis: data.basis ?? [],
    ...(outcome ? { outcome } : {}),
    ...(accuracy === undefined ? {} : { accuracy }),
    feedback: feedbackAbout(reader, ledger, [entry.id, ...(run?.eventId ? [run.eventId] : [])]),
  };
}

/** What was said of events, oldest first; what was taken back is marked. */
export function feedbackAbout(
  reader: EventReader,
  ledger: Ledger,
  eventIds: readonly string[],
): LearningFeedback[] {
  return eventIds
    .flatMap((id) => eventsAbout(reader, 'learning_feedback', id))
    .filter(({ data }) => !isWithdrawal(data))
    .map((event) => markedFeedback(ledger, event));
}

export function markedFeedback(ledger: Ledger, event: TelemetryEvent<'learning_feedback'>): LearningFeedback {
  const feedback = feedbackOf(event);
  return ledger.isWithdrawn(event.id) ? { ...feedback, withdrawn: true } : feedback;
}

/** A `learning_feedback` event that takes another one back. */
export function isWithdrawal(data: EventData<'learning_feedback'>): boolean {
  return typeof data.withdraws === 'string';
}

/** Throws `not-found` where there is no such feedback. */
export function feedbackEvent(
  reader: EventReader,
  id: string,
): TelemetryEvent<'learning_feedback'> | undefined {
  const event = getEvent(reader, id);
  return isType(event, 'learning_feedback') && !isWithdrawal(event.data) ? event : undefined;
}

function outcomeOf(ledger: Ledger, entry: Entry): PredictionRecord['outcome'] {
  const { run } = entry;
  const truth = ledger.truth(entry);
  const at = run?.at ?? entry.judged?.at ?? ledger.answers(entry.id).at(-1)?.at;
  if (at === undefined) return undefined;
  const known =
    truth.failed === undefined ? (run?.outcome ?? 'unknown') : truth.failed ? 'failed' : 'succeeded';
  return {
    at: new Date(at).toISOString(),
    outcome: known,
    ...(truth.durationMs === undefined ? {} : { durationMs: truth.durationMs }),
    ...(run?.eventId === undefined ? {} : { eventId: run.eventId }),
  };
}
