/** What a person, or an outcome that arrived by itself, says about an event or a prediction. */
import Type, { type Static } from 'typebox';
import { Correction } from './event.ts';
import { ModelId } from './model.ts';
import { closed, Name, optional, Share, Text, Timestamp, Uuid } from './schema.ts';

const fields = {
  eventId: Uuid,
  actualOutcome: Type.Unknown({
    description: 'what really happened, for example "succeeded" or {"durationMs":1200}',
  }),
  predictedOutcome: optional(Type.Unknown()),
  feedback: optional(Text),
  userRating: optional(Type.Integer({ minimum: 1, maximum: 5 })),
  corrections: optional(Type.Array(Correction, { maxItems: 100 })),
  improvements: optional(Type.Array(Text, { maxItems: 100 })),
};

/** `accuracy` is worked out from predicted and actual when the sender does not state it. */
export const FeedbackInput = closed({ ...fields, accuracy: optional(Share) });
export type FeedbackInput = Static<typeof FeedbackInput>;

/** What the answer changed, for whoever gave it; only in the answer to giving it. */
export const FeedbackEffect = closed({
  modelId: ModelId,
  modelVersion: Name,
  accuracyBefore: optional(Type.Number({ minimum: 0, maximum: 1, description: 'realised, of this model' })),
  accuracyAfter: optional(Share),
  outcomes: optional(
    Type.Integer({ minimum: 0, description: 'predictions that this accuracy is the mean of' }),
  ),
  moved: optional(
    Type.String({ description: 'how right the model was before and is now, and why, in a sentence' }),
  ),
  newLabels: Type.Integer({ minimum: 0, description: 'since the last training' }),
  neededLabels: Type.Integer({ minimum: 0, description: 'for the next training by itself' }),
  nextPrediction: optional(
    Type.String({ description: 'how the same thing is judged from now on, in a sentence' }),
  ),
});
export type FeedbackEffect = Static<typeof FeedbackEffect>;

export const LearningFeedback = closed({
  ...fields,
  id: Uuid,
  timestamp: Timestamp,
  accuracy: Share,
  corrections: Type.Array(Correction),
  improvements: Type.Array(Text),
  user: optional(Name),
  withdrawn: optional(Type.Boolean({ description: 'taken back; no model learns from it' })),
  effect: optional(FeedbackEffect),
  subject: optional(Type.String({ description: 'what was judged: a migration, a file, an operation' })),
  threshold: optional(
    closed({ before: Type.Number(), after: Type.Number() }, { description: 'of the series of an anomaly' }),
  ),
});
export type LearningFeedback = Static<typeof LearningFeedback>;
