/** What an answer changed, in a sentence. */
import type { FeedbackEffect, LearningFeedback } from '../../core/contract/feedback.ts';
import { MODEL_NAMES } from '../format/names.ts';
import { count, percent } from '../format/numbers.ts';

/**
 * `Error prediction: 71 % right before, 72 % now, on 40 outcomes, because you say that it failed where …. 8 of 50 new
 * outcomes until the next training.`
 */
export function effectText(effect: FeedbackEffect | undefined): string | undefined {
  if (!effect) return undefined;
  const { modelId, moved = `${MODEL_NAMES[modelId]}:`, newLabels, neededLabels, nextPrediction } = effect;
  const training =
    newLabels >= neededLabels
      ? 'Enough new outcomes for the next training.'
      : `${count(newLabels)} of ${count(neededLabels)} new outcomes until the next training.`;
  return [moved, training, ...(nextPrediction ? [nextPrediction] : [])].join(' ');
}

/** `The threshold of its series went from 50 % to 55.6 %.` */
export function thresholdText({ before, after }: NonNullable<LearningFeedback['threshold']>): string {
  return before === after
    ? `The threshold of its series stayed at ${percent(after)}.`
    : `The threshold of its series went from ${percent(before)} to ${percent(after)}.`;
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
