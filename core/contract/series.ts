/** Series that are watched for anomalies, with the band that was expected at each point. */
import Type, { type Static } from 'typebox';
import { Anomaly } from './analysis.ts';
import { Count, closed, Name, optional, Share, Text, Timestamp, Uuid } from './schema.ts';

export const SeriesInfo = closed({
  id: Name,
  title: Text,
  kind: Type.Enum(['duration', 'failure-rate', 'event-rate', 'resource']),
  unit: Name,
  workspace: optional(Name),
  points: Count,
  anomalies: Count,
  threshold: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'score from which a point counts; feedback moves it',
  }),
  lastAt: optional(Timestamp),
  lastValue: optional(Type.Number()),
  seasonal: Type.Boolean(),
});
export type SeriesInfo = Static<typeof SeriesInfo>;

export const SeriesPoint = closed({
  at: Timestamp,
  value: Type.Number(),
  low: optional(Type.Number()),
  median: optional(Type.Number()),
  high: optional(Type.Number()),
  score: Share,
  kind: optional(Type.Enum(['spike', 'dip', 'level-shift', 'drift', 'flat', 'silence'])),
  anomalyId: optional(Name),
  eventId: optional(Uuid),
});
export type SeriesPoint = Static<typeof SeriesPoint>;

/** What someone said of an anomaly, and what it did to the threshold of its series. */
export const AnomalyVerdict = closed({
  anomalyId: Name,
  series: Name,
  real: Type.Boolean(),
  at: Timestamp,
  user: optional(Name),
  feedbackId: optional(Uuid),
  thresholdBefore: Share,
  thresholdAfter: Share,
  fewerAlerts: Type.Integer({
    description: 'anomalies of the last 90 days that the new threshold no longer reports; below 0: more',
  }),
});
export type AnomalyVerdict = Static<typeof AnomalyVerdict>;

export const SeriesDetail = closed({
  series: SeriesInfo,
  points: Type.Array(SeriesPoint, {
    description: 'oldest first, at most 2,000; thinned to those that matter',
  }),
  anomalies: Type.Array(Anomaly),
  verdicts: Type.Array(AnomalyVerdict),
  similar: Type.Array(
    closed({ anomalyId: Name, likeThat: Name, likeness: Share, at: Timestamp, title: Text }),
  ),
});
export type SeriesDetail = Static<typeof SeriesDetail>;
