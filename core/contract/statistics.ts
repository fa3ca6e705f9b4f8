/** Counts and durations over a filter: what the overview and the report draw. */
import Type, { type Static } from 'typebox';
import { Count, closed, Name, optional, Timeframe, Timestamp } from './schema.ts';

export const DurationSummary = closed({
  operation: Name,
  count: Count,
  failures: Count,
  p50: Type.Number({ description: 'milliseconds' }),
  p95: Type.Number({ description: 'milliseconds' }),
  max: Type.Number({ description: 'milliseconds' }),
});
export type DurationSummary = Static<typeof DurationSummary>;

export const TimeBucket = closed({
  at: Timestamp,
  events: Count,
  migrations: Count,
  failures: Count,
  p50: optional(Type.Number({ description: 'of migration durations, milliseconds' })),
  p95: optional(Type.Number({ description: 'of migration durations, milliseconds' })),
});
export type TimeBucket = Static<typeof TimeBucket>;

const Tally = closed({ name: Name, count: Count });
export type Tally = Static<typeof Tally>;

export const MigrationTotals = closed({
  total: Count,
  succeeded: Count,
  failed: Count,
  other: Count,
  durationP50: optional(Type.Number()),
  durationP95: optional(Type.Number()),
});

export const Statistics = closed({
  timeframe: Timeframe,
  events: Count,
  firstAt: optional(Timestamp),
  lastAt: optional(Timestamp),
  byType: Type.Array(Tally),
  bySource: Type.Array(Tally),
  byStatus: Type.Array(Tally),
  workspaces: Type.Array(Tally),
  migrations: MigrationTotals,
  durations: Type.Array(DurationSummary),
  tables: Type.Array(Tally, { description: 'most changed tables: statements that touch each' }),
  errors: Type.Array(Tally, { description: 'most frequent error messages' }),
  bucket: Type.Enum(['hour', 'day', 'week', 'month']),
  series: Type.Array(TimeBucket),
});
export type Statistics = Static<typeof Statistics>;
