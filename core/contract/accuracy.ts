/** The scoreboard: predicted against actual, with the baseline beside it, and what was expected before outcomes came. */
import Type, { type Static } from 'typebox';
import { Count, closed, Name, optional, Share, Text, Timeframe, Timestamp, Uuid } from './schema.ts';

const Figure = Type.Number();

/** Probabilities of failure against what happened. Undefined figures: too few outcomes of one kind. */
export const FailureAccuracy = closed({
  resolved: Count,
  failed: Count,
  brier: optional(Type.Number({ description: 'mean squared error of the probability; lower is better' })),
  baselineBrier: optional(Type.Number({ description: 'of always saying the rate of the outcomes before' })),
  auroc: optional(Figure),
  calibrationError: optional(
    Type.Number({ description: 'expected calibration error over ten bins of equal width' }),
  ),
  accuracy: optional(Share),
  precision: optional(Share),
  recall: optional(Share),
  f1: optional(Share),
  confusion: closed({ truePositive: Count, falsePositive: Count, trueNegative: Count, falseNegative: Count }),
  calibration: Type.Array(closed({ predicted: Share, observed: Share, count: Count })),
  roc: Type.Array(closed({ falsePositiveRate: Share, truePositiveRate: Share })),
  precisionRecall: Type.Array(closed({ recall: Share, precision: Share })),
});
export type FailureAccuracy = Static<typeof FailureAccuracy>;

/** Durations against what they were. Ratios are of the predicted median to the actual. */
export const DurationAccuracy = closed({
  resolved: Count,
  medianAbsoluteLogRatio: optional(
    Type.Number({ description: 'median |ln(predicted / actual)|; 0.69 is off by a factor of two' }),
  ),
  baselineMedianAbsoluteLogRatio: optional(
    Type.Number({ description: 'of the median of the outcomes before' }),
  ),
  coverage80: optional(Type.Number({ description: 'share of outcomes between p10 and p90; 0.8 is right' })),
  bias: optional(Type.Number({ description: 'median ln(predicted / actual); above 0: said too long' })),
});
export type DurationAccuracy = Static<typeof DurationAccuracy>;

const Slice = closed({
  name: Name,
  failure: optional(
    closed({ resolved: Count, failed: Count, brier: optional(Figure), baselineBrier: optional(Figure) }),
  ),
  duration: optional(
    closed({
      resolved: Count,
      medianAbsoluteLogRatio: optional(Figure),
      baselineMedianAbsoluteLogRatio: optional(Figure),
      coverage80: optional(Share),
    }),
  ),
});
export type AccuracySlice = Static<typeof Slice>;

export const AccuracyReport = closed({
  generatedAt: Timestamp,
  timeframe: optional(Timeframe),
  workspace: optional(Name),
  predictions: Count,
  resolved: Count,
  awaiting: Count,
  abstained: Count,
  /** What was expected of the predictions that await their outcome, from their own probabilities. */
  estimated: closed({
    brier: optional(Figure),
    accuracy: optional(Share),
    awaiting: Count,
    method: Text,
  }),
  failure: FailureAccuracy,
  duration: DurationAccuracy,
  byVersion: Type.Array(Slice),
  byOperation: Type.Array(Slice),
  overTime: Type.Array(Slice, { description: 'by month, named 2026-11, oldest first' }),
  scatter: Type.Array(
    closed({
      predictionId: Uuid,
      at: Timestamp,
      subject: Text,
      predictedMs: optional(Figure),
      lowMs: optional(Figure),
      highMs: optional(Figure),
      actualMs: optional(Figure),
      failureProbability: optional(Share),
      failed: optional(Type.Boolean()),
    }),
    { maxItems: 1_000, description: 'the newest outcomes, one by one' },
  ),
});
export type AccuracyReport = Static<typeof AccuracyReport>;

/** How far what a model sees now is from what it was trained on. */
export const FeatureDrift = closed({
  feature: Name,
  unit: Text,
  psi: Type.Number({ description: 'population stability index over ten bins; above 0.2 is drift' }),
  state: Type.Enum(['steady', 'moving', 'drifted']),
  trainedMedian: optional(Figure),
  recentMedian: optional(Figure),
});
export type FeatureDrift = Static<typeof FeatureDrift>;

/** What a model rests on. */
export const FeatureWeight = closed({
  feature: Name,
  unit: Text,
  meaning: Text,
  importance: Type.Number({ description: 'loss of the headline figure when the feature is shuffled' }),
});
export type FeatureWeight = Static<typeof FeatureWeight>;
