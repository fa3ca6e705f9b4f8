/** A migration from its first edit to its outcome, as one story. */
import Type, { type Static } from 'typebox';
import { Dialect, Environment, Outcome } from './event.ts';
import { PredictionRecord } from './prediction.ts';
import { Count, closed, DurationMs, Name, optional, Share, Text, Timestamp, Uuid } from './schema.ts';

const Run = closed({
  eventId: Uuid,
  at: Timestamp,
  outcome: Outcome,
  environment: Environment,
  durationMs: optional(DurationMs),
  tool: optional(Name),
  error: optional(Text),
});

export const MigrationSummary = closed({
  name: Name,
  workspace: Name,
  file: optional(Text),
  dialect: optional(Dialect),
  firstAt: Timestamp,
  lastAt: Timestamp,
  author: optional(Name),
  statements: Count,
  tables: Type.Array(Name),
  operations: Type.Array(Name),
  edits: Count,
  runs: Count,
  outcome: Type.String({ description: 'of the last run; `not run` where there was none' }),
  durationMs: optional(DurationMs),
  predicted: optional(
    closed({
      failureProbability: optional(Share),
      p10: optional(DurationMs),
      p50: optional(DurationMs),
      p90: optional(DurationMs),
    }),
  ),
  accuracy: optional(Share),
});
export type MigrationSummary = Static<typeof MigrationSummary>;

export const MigrationStory = closed({
  summary: MigrationSummary,
  steps: Type.Array(
    closed({
      eventId: Uuid,
      at: Timestamp,
      step: Type.Enum(['edit', 'check', 'prediction', 'run', 'outcome', 'feedback', 'problem']),
      title: Text,
      detail: optional(Text),
    }),
    { description: 'oldest first' },
  ),
  statements: Type.Array(
    closed({
      index: Count,
      line: optional(Count),
      sql: optional(Text),
      operation: Name,
      objects: Type.Array(Name),
      outcome: optional(Outcome),
      durationMs: optional(DurationMs),
      error: optional(Text),
    }),
  ),
  predictions: Type.Array(PredictionRecord),
  runs: Type.Array(Run),
  similar: Type.Array(
    closed({ name: Name, workspace: Name, because: Text, outcome: Name, durationMs: optional(DurationMs) }),
  ),
});
export type MigrationStory = Static<typeof MigrationStory>;
