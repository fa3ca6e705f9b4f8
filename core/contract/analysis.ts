/** What an analysis of a timeframe found. Every sentence carries the numbers and events that it stands on. */
import Type, { type Static } from 'typebox';
import { EventTypeName, Severity } from './event.ts';
import { Count, closed, Name, optional, Share, Text, Timeframe, Timestamp, Uuid } from './schema.ts';

/** Where a reader can check a statement: some of its events, and the filter that finds all of them. */
export const Evidence = closed({
  events: Type.Array(Uuid, { maxItems: 50 }),
  count: Count,
  filter: optional(
    closed({
      type: optional(EventTypeName),
      status: optional(Name),
      operation: optional(Name),
      text: optional(Text),
      source: optional(Name),
    }),
  ),
});
export type Evidence = Static<typeof Evidence>;

const Numbers = Type.Record(Type.String(), Type.Number());

export const Insight = closed({
  id: Name,
  kind: Name,
  title: Text,
  severity: Severity,
  impact: Type.Number({
    description: 'the rank: hours that acting on it would have saved, a failure counted as one hour',
  }),
  saves: optional(closed({ failures: Type.Number(), hours: Type.Number() })),
  firstSeen: optional(Timestamp),
  lastSeen: optional(Timestamp),
  note: optional(
    Type.String({ description: 'what acting on it would have saved, and since when it is known, in a line' }),
  ),
  numbers: Numbers,
  evidence: Evidence,
});
export type Insight = Static<typeof Insight>;

export const Recommendation = closed({ id: Name, action: Text, because: Text, insight: optional(Name) });
export type Recommendation = Static<typeof Recommendation>;

/** A regularity: a frequent sequence, things that happen together, a time of day. */
export const Pattern = closed({
  id: Name,
  kind: Type.Enum(['sequence', 'co_occurrence', 'periodicity', 'concentration']),
  title: Text,
  support: Count,
  strength: Type.Number({ description: 'lift over independence, or share, as the title says' }),
  interval: optional(
    Type.Object(
      { low: Type.Number(), high: Type.Number() },
      { additionalProperties: false, description: '95 % interval of the effect' },
    ),
  ),
  effect: optional(Type.Number({ description: 'difference of shares, from −1 to 1' })),
  p: optional(Type.Number({ description: 'chance of it where there is no such pattern' })),
  tested: optional(
    Type.Integer({ description: 'patterns that were looked for; p is judged by their number' }),
  ),
  evidence: Evidence,
});
export type Pattern = Static<typeof Pattern>;

/** A value outside its expected range. `score` 0 to 1. */
export const Anomaly = closed({
  id: Name,
  series: Name,
  at: Timestamp,
  value: Type.Number(),
  expected: closed({ low: Type.Number(), median: Type.Number(), high: Type.Number() }),
  unit: Name,
  score: Share,
  severity: Severity,
  title: Text,
  eventId: optional(Uuid),
  evidence: Evidence,
});
export type Anomaly = Static<typeof Anomaly>;

export const Trend = closed({
  id: Name,
  series: Name,
  title: Text,
  direction: Type.Enum(['rising', 'falling', 'steady']),
  changePerDay: Type.Number(),
  unit: Name,
  points: Count,
  confidence: Share,
  shownUnit: optional(
    Type.String({ description: 'of history, forecast and backtest, where it is not `unit`' }),
  ),
  changePoint: optional(
    closed({
      at: Timestamp,
      before: Type.Number({ description: 'median' }),
      after: Type.Number({ description: 'median' }),
      p: Type.Number({ description: 'chance of a step like this in a series without any' }),
    }),
  ),
  history: optional(
    Type.Array(closed({ at: Timestamp, value: Type.Number() }), { maxItems: 60, description: 'by week' }),
  ),
  forecast: optional(
    Type.Array(closed({ at: Timestamp, value: Type.Number(), low: Type.Number(), high: Type.Number() }), {
      description: 'the next weeks, with an interval that eight of ten should lie in',
    }),
  ),
  backtest: optional(
    closed({
      forecasts: Type.Integer({ description: 'earlier weeks that were forecast from those before them' }),
      error: Type.Number({ description: 'median absolute error' }),
      naiveError: Type.Number({ description: 'of “as last week”' }),
      coverage: Type.Number({ description: 'share that lay in the interval' }),
    }),
  ),
});
export type Trend = Static<typeof Trend>;

/** What the models expect next. `basis` says what it rests on. */
export const Prediction = closed({
  id: Name,
  subject: Text,
  title: Text,
  value: optional(Type.Number()),
  low: optional(Type.Number()),
  high: optional(Type.Number()),
  unit: optional(Name),
  confidence: Share,
  basis: Type.Array(Name),
});
export type Prediction = Static<typeof Prediction>;

export const TelemetryAIAnalysis = closed({
  id: Uuid,
  generatedAt: Timestamp,
  timeframe: Timeframe,
  workspace: optional(Name),
  eventsAnalysed: Count,
  confidence: Share,
  confidenceReason: Text,
  insights: Type.Array(Insight),
  recommendations: Type.Array(Recommendation),
  patterns: Type.Array(Pattern),
  anomalies: Type.Array(Anomaly),
  trends: Type.Array(Trend),
  predictions: Type.Array(Prediction),
});
export type TelemetryAIAnalysis = Static<typeof TelemetryAIAnalysis>;
