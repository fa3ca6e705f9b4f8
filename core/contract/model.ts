/** The learning models, their versions and how well they do. */
import Type, { type Static } from 'typebox';
import { Count, closed, DurationMs, Name, optional, Text, Timestamp, Uuid } from './schema.ts';

export const ModelType = Type.Enum(['classification', 'regression', 'clustering', 'anomaly_detection']);
export type ModelType = Static<typeof ModelType>;

export const ModelStatus = Type.Enum(['training', 'active', 'inactive', 'deprecated']);
export type ModelStatus = Static<typeof ModelStatus>;

/** The four models. Ids are fixed; versions change. */
export const MODEL_IDS = [
  'performance-prediction',
  'anomaly-detection',
  'usage-pattern',
  'error-prediction',
] as const;
export const ModelId = Type.Enum(MODEL_IDS);
export type ModelId = (typeof MODEL_IDS)[number];

/** What people call them. */
export const MODEL_NAMES: Readonly<Record<ModelId, string>> = {
  'performance-prediction': 'Performance prediction',
  'anomaly-detection': 'Anomaly detection',
  'usage-pattern': 'Usage pattern',
  'error-prediction': 'Error prediction',
};

/** One figure on the hold-out, with the same figure of the baseline. */
export const Metric = closed({
  name: Name,
  value: Type.Number(),
  baseline: optional(Type.Number()),
  better: Type.Enum(['higher', 'lower', 'near']),
  unit: optional(Name),
});
export type Metric = Static<typeof Metric>;

export const ModelPerformance = closed({
  metrics: Type.Array(Metric),
  baseline: Type.String({ description: 'what the baseline is, in words' }),
  beatsBaseline: Type.Boolean(),
  headline: optional(Metric),
  holdOut: closed({
    trained: Count,
    tested: Count,
    method: Text,
    from: optional(Timestamp),
    to: optional(Timestamp),
  }),
});
export type ModelPerformance = Static<typeof ModelPerformance>;

export const TrainingData = closed({
  events: Count,
  examples: Count,
  needed: Count,
  positives: optional(Count),
  fingerprint: optional(Type.String({ description: 'SHA-256 of the examples' })),
  from: optional(Timestamp),
  to: optional(Timestamp),
  upTo: optional(Type.Integer({ minimum: 0, description: 'sequence of the newest event that it knew' })),
  feedback: optional(Type.Array(Uuid, { description: 'answers of people that it learnt from' })),
});
export type TrainingData = Static<typeof TrainingData>;

export const LearningModel = closed({
  id: ModelId,
  name: Name,
  type: ModelType,
  version: Type.String({ description: '"0" while never trained' }),
  status: ModelStatus,
  features: Type.Array(Name),
  hyperparameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
  trainingData: TrainingData,
  performance: optional(ModelPerformance),
  lastTrained: optional(Timestamp),
  nextRetrain: optional(Timestamp),
  algorithm: optional(Name),
  artifact: optional(Type.String({ description: 'SHA-256 of the stored model' })),
  message: optional(
    Type.String({ description: 'why it is not active, for example "not enough data: 3 of 20"' }),
  ),
});
export type LearningModel = Static<typeof LearningModel>;

/** One training of one model. */
export const TrainingResult = closed({
  modelId: ModelId,
  trained: Type.Boolean(),
  activated: Type.Boolean(),
  message: Text,
  durationMs: DurationMs,
  model: LearningModel,
});
export type TrainingResult = Static<typeof TrainingResult>;

/** Predicted against actual, as outcomes arrived: the public scoreboard of one model. */
export const RealisedAccuracy = closed({
  predictions: Count,
  resolved: Count,
  abstained: Count,
  accuracy: optional(Type.Number()),
  byVersion: Type.Array(closed({ version: Name, resolved: Count, accuracy: Type.Number() })),
  recent: Type.Array(
    closed({
      at: Timestamp,
      subject: Text,
      version: Name,
      predicted: Type.Unknown(),
      actual: Type.Unknown(),
      accuracy: Type.Number(),
    }),
  ),
});
export type RealisedAccuracy = Static<typeof RealisedAccuracy>;
