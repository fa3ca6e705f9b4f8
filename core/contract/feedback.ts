/** What a person, or an outcome that arrived by itself, says about an event or a prediction. */
import Type, { type Static } from 'typebox';
import { Correction } from './event.ts';
import { closed, optional, Share, Text, Timestamp, Uuid } from './schema.ts';

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

export const LearningFeedback = closed({
  ...fields,
  id: Uuid,
  timestamp: Timestamp,
  accuracy: Share,
  corrections: Type.Array(Correction),
  improvements: Type.Array(Text),
});
export type LearningFeedback = Static<typeof LearningFeedback>;
