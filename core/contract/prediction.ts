/** Predictions as people follow them up: what was said, what came of it, what people said of that. */
import Type, { type Static } from 'typebox';
import { Outcome } from './event.ts';
import { LearningFeedback } from './feedback.ts';
import { ModelId } from './model.ts';
import { Count, closed, DurationMs, Name, optional, Share, Text, Timestamp, Uuid } from './schema.ts';

/** An 80 % interval and its middle, in milliseconds. */
export const DurationRange = closed({ p10: DurationMs, p50: DurationMs, p90: DurationMs });
export type DurationRange = Static<typeof DurationRange>;

/** `awaiting`: nobody knows yet what happened. `resolved`: outcome or feedback is there. */
export const PredictionState = Type.Enum(['awaiting', 'resolved', 'abstained']);
export type PredictionState = Static<typeof PredictionState>;

/** One `ai_prediction` event with everything that came of it. */
export const PredictionRecord = closed({
  id: Uuid,
  at: Timestamp,
  modelId: ModelId,
  modelVersion: Name,
  subject: Text,
  subjectType: Type.Enum(['statement', 'migration', 'other']),
  workspace: optional(Name),
  file: optional(Text),
  line: optional(Count),
  state: PredictionState,
  failureProbability: optional(Share),
  durationMs: optional(DurationRange),
  confidence: Share,
  reasons: Type.Array(Text),
  basis: Type.Array(Name),
  outcome: optional(
    closed({ at: Timestamp, outcome: Outcome, durationMs: optional(DurationMs), eventId: optional(Uuid) }),
  ),
  accuracy: optional(Share),
  feedback: Type.Array(LearningFeedback),
});
export type PredictionRecord = Static<typeof PredictionRecord>;

/** Something a person's answer would teach the models most about. */
export const QueueItem = closed({
  kind: Type.Enum(['uncertain', 'surprising', 'disagreement', 'anomaly', 'awaiting']),
  eventId: Uuid,
  title: Text,
  because: Type.String({ description: 'why this one, in a sentence with its figures' }),
  teaches: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'how much an answer teaches; sorts the queue',
  }),
  prediction: optional(PredictionRecord),
  anomalyId: optional(Name),
});
export type QueueItem = Static<typeof QueueItem>;

/** How far people who judged the same events agree. */
export const Agreement = closed({
  people: Count,
  judgedTwice: Type.Integer({ minimum: 0, description: 'events that at least two people judged' }),
  agreed: Count,
  kappa: optional(
    Type.Number({ description: 'Fleiss’ kappa over right and wrong; 1 is full agreement, 0 is chance' }),
  ),
  disagreements: Type.Array(
    closed({
      eventId: Uuid,
      title: Text,
      answers: Type.Array(closed({ user: Name, right: Type.Boolean() })),
    }),
  ),
});
export type Agreement = Static<typeof Agreement>;
