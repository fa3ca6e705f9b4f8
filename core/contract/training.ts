/** Training as it goes on, and the contest between versions. */
import Type, { type Static } from 'typebox';
import { FeatureDrift, FeatureWeight } from './accuracy.ts';
import { LearningModel, ModelId } from './model.ts';
import { closed, DurationMs, Name, optional, Share, Text, Timestamp, Uuid } from './schema.ts';

export const TrainingRun = closed({
  id: Uuid,
  models: Type.Array(ModelId),
  trigger: Type.Enum(['hand', 'labels', 'drift', 'schedule', 'import']),
  state: Type.Enum(['running', 'done', 'cancelled', 'failed']),
  startedAt: Timestamp,
  endedAt: optional(Timestamp),
  modelId: optional(ModelId),
  step: optional(Type.String({ description: 'what is being done now, in words' })),
  progress: Share,
  messages: Type.Array(Text, { description: 'one for each model that is through' }),
});
export type TrainingRun = Static<typeof TrainingRun>;

/** Champion against challenger on the same hold-out. */
export const Contest = closed({
  challenger: Name,
  champion: Name,
  metric: Name,
  challengerValue: Type.Number(),
  championValue: Type.Number(),
  difference: closed({
    low: Type.Number(),
    median: Type.Number(),
    high: Type.Number(),
  }),
  won: Type.Boolean(),
  rule: Type.String({ description: 'the rule that decided, in words' }),
});
export type Contest = Static<typeof Contest>;

/** What the candidates of one training reached on the hold-out; the best is the version. */
export const Candidate = closed({
  algorithm: Name,
  metrics: Type.Record(Type.String(), Type.Number()),
  trainMs: DurationMs,
  chosen: Type.Boolean(),
});
export type Candidate = Static<typeof Candidate>;

/** A version with how it came about. */
export const ModelVersion = closed({
  model: LearningModel,
  champion: Type.Boolean(),
  at: Timestamp,
  reason: Text,
  seed: optional(Type.Integer()),
  contest: optional(Contest),
  candidates: Type.Array(Candidate),
  importance: Type.Array(FeatureWeight),
});
export type ModelVersion = Static<typeof ModelVersion>;

/** When a model will be trained again, and what it waits for. */
export const RetrainOutlook = closed({
  newLabels: Type.Integer({ minimum: 0 }),
  neededLabels: Type.Integer({ minimum: 0 }),
  drift: Type.Array(FeatureDrift),
  errorDrift: optional(Type.Boolean({ description: 'whether recent errors are worse than on the hold-out' })),
  nextScheduled: optional(Timestamp),
});
export type RetrainOutlook = Static<typeof RetrainOutlook>;
