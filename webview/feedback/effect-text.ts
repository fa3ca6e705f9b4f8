/** What an answer changed, in a sentence. */
import type { FeedbackEffect, LearningFeedback } from '../../core/contract/feedback.ts';
import { MODEL_NAMES } from '../format/names.ts';
import { count, percent } from '../format/numbers.ts';

/** `Error prediction: right so far 71 % → 72 %; 8 of 50 new outcomes until the next training.` */
export function effectText(effect: FeedbackEffect | undefined): string | undefined {
  if (!effect) return undefined;
  const { modelId, accuracyBefore, accuracyAfter, newLabels, neededLabels, nextPrediction } = effect;
  const parts = [
    accuracyText(accuracyBefore, accuracyAfter),
    newLabels >= neededLabels
      ? 'enough new outcomes for the next training'
      : `${count(newLabels)} of ${count(neededLabels)} new outcomes until the next training`,
  ].filter((part) => part !== undefined);
  const next = nextPrediction ? ` ${nextPrediction}` : '';
  return `${MODEL_NAMES[modelId]}: ${parts.join('; ')}.${next}`;
}

/** The feedback once more, as it was given: what taking back a withdrawal sends. */
export function givenAgain({
  eventId,
  actualOutcome,
  predictedOutcome,
  feedback,
  userRating,
  corrections,
  improvements,
  accuracy,
}: LearningFeedback) {
  return {
    eventId,
    actualOutcome,
    accuracy,
    corrections,
    improvements,
    ...(predictedOutcome === undefined ? {} : { predictedOutcome }),
    ...(feedback === undefined ? {} : { feedback }),
    ...(userRating === undefined ? {} : { userRating }),
  };
}

function accuracyText(before: number | undefined, after: number | undefined): string | undefined {
  if (after === undefined) return undefined;
  if (before === undefined || before === after) return `right so far ${percent(after)}`;
  return `right so far ${percent(before)} → ${percent(after)}`;
}
