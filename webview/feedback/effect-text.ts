/** What an answer changed, in a sentence. */
import type { FeedbackEffect, LearningFeedback } from '../../core/contract/feedback.ts';
import { MODEL_NAMES } from '../format/names.ts';
import { count } from '../format/numbers.ts';

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
