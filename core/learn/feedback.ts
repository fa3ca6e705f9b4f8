/** Feedback: what it says of the event it is about, and how it reads back. */
import { TelemetryError } from '../contract/errors.ts';
import { type EventData, isType, type TelemetryEvent } from '../contract/event.ts';
import type { FeedbackInput, LearningFeedback } from '../contract/feedback.ts';
import type { AnomalyVerdict } from '../contract/series.ts';
import { significant } from '../numbers.ts';
import { accuracyOf } from './accuracy.ts';
import { verdictOf } from './truth.ts';

/**
 * The `learning_feedback` data of what someone said about an event. `accuracy` is worked out where it was not given:
 * from prediction and outcome, else from the rating. Throws `invalid-request` where neither is possible.
 */
export function feedbackData(
  about: TelemetryEvent,
  actualOutcome: unknown,
  given: Omit<FeedbackInput, 'eventId' | 'actualOutcome'>,
): EventData<'learning_feedback'> & { accuracy: number } {
  const predictedOutcome = given.predictedOutcome ?? predictedBy(about);
  const accuracy =
    given.accuracy ??
    judgedShare(actualOutcome) ??
    accuracyOf(predictedOutcome, actualOutcome) ??
    ratingShare(given.userRating);
  if (accuracy === undefined) {
    throw new TelemetryError(
      'invalid-request',
      'How right was it? Give accuracy (0 to 1) or userRating (1 to 5).',
      { errors: [{ pointer: '/accuracy', message: 'cannot be worked out for this event; give it' }] },
    );
  }
  return {
    ...given,
    eventId: about.id,
    actualOutcome,
    accuracy: significant(accuracy),
    ...(predictedOutcome === undefined ? {} : { predictedOutcome }),
  };
}

/** The `ai_accuracy` data that joins a prediction with what a person said happened. */
export function judgement(
  prediction: TelemetryEvent<'ai_prediction'>,
  actual: unknown,
  accuracy: number,
  feedbackId: string,
): EventData<'ai_accuracy'> {
  const { modelId, modelVersion, subject } = prediction.data;
  return {
    predictionId: prediction.id,
    modelId,
    accuracy,
    subject,
    ...(modelVersion ? { modelVersion } : {}),
    predicted: predictedBy(prediction),
    actual,
    feedbackId,
  };
}

/** A recorded feedback as the contract gives it out. */
export function feedbackOf(event: TelemetryEvent<'learning_feedback'>): LearningFeedback {
  const { eventId, actualOutcome, accuracy, predictedOutcome, feedback, userRating } = event.data;
  const { corrections, improvements } = event.data;
  return {
    id: event.id,
    timestamp: event.timestamp,
    eventId,
    actualOutcome,
    accuracy: accuracy ?? 0,
    ...(predictedOutcome === undefined ? {} : { predictedOutcome }),
    ...(feedback === undefined ? {} : { feedback }),
    ...(userRating === undefined ? {} : { userRating }),
    corrections: corrections ?? [],
    improvements: improvements ?? [],
    ...(event.metadata.user === undefined ? {} : { user: event.metadata.user }),
    ...thresholdsOf(event.data),
  };
}

/** What a verdict about an anomaly did to the threshold of its series. */
function thresholdsOf({ verdict }: EventData<'learning_feedback'>): Pick<LearningFeedback, 'threshold'> {
  const { thresholdBefore: before, thresholdAfter: after } = (verdict ?? {}) as Partial<AnomalyVerdict>;
  return typeof before === 'number' && typeof after === 'number' ? { threshold: { before, after } } : {};
}

/** What an event is about, for whoever reads that it was judged. */
export function subjectOf({ data }: TelemetryEvent): string | undefined {
  const { subject, migration, operation, file } = data as Record<string, unknown>;
  return [subject, migration, operation, file].find((name) => typeof name === 'string') as string | undefined;
}

/** What an event said would happen, or for an outcome what did. */
function predictedBy(event: TelemetryEvent): unknown {
  if (isType(event, 'ai_prediction')) {
    const { failureProbability, durationMs } = event.data;
    return {
      ...(failureProbability === undefined ? {} : { failureProbability }),
      ...(durationMs === undefined ? {} : { durationMs }),
    };
  }
  const { outcome } = event.data as { outcome?: unknown };
  return outcome;
}

/** “right” is 1, “wrong” is 0. */
function judgedShare(actualOutcome: unknown): number | undefined {
  const right = verdictOf({ actualOutcome });
  return right === undefined ? undefined : Number(right);
}

function ratingShare(rating: number | undefined): number | undefined {
  return rating === undefined ? undefined : (rating - 1) / 4;
}
