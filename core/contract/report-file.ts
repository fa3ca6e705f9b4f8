/** Reports as files, when they are made by themselves, and what two periods differ in. */
import Type, { type Static } from 'typebox';
import { closed, Name, optional, Text, Timestamp } from './schema.ts';

export const ReportKind = Type.Enum(['telemetry', 'models', 'health', 'trends', 'accuracy']);
export type ReportKind = Static<typeof ReportKind>;

/**
 * `pdf` needs a browser or the desktop app; the engine says `unavailable` where there is none. `aibos-report` is the page of
 * `html` in a file that the desktop app opens.
 */
export const ReportFormat = Type.Enum(['html', 'markdown', 'csv', 'json', 'pdf', 'aibos-report']);
export type ReportFormat = Static<typeof ReportFormat>;

export const ReportFile = closed({
  fileName: Name,
  contentType: Name,
  encoding: Type.Enum(['utf8', 'base64']),
  content: Type.String(),
});
export type ReportFile = Static<typeof ReportFile>;

export const ReportSchedule = closed({
  id: Name,
  kind: ReportKind,
  format: ReportFormat,
  every: Type.Enum(['day', 'week', 'month']),
  workspace: optional(Name),
  folder: Type.String({
    minLength: 1,
    maxLength: 4_000,
    description: 'absolute path where files are written',
  }),
  enabled: Type.Boolean(),
  lastAt: optional(Timestamp),
  nextAt: optional(Timestamp),
  problem: optional(Text),
});
export type ReportSchedule = Static<typeof ReportSchedule>;

/** One figure in two periods. */
export const Comparison = closed({
  name: Name,
  unit: Text,
  better: Type.Enum(['higher', 'lower', 'neither']),
  now: optional(Type.Number()),
  before: optional(Type.Number()),
  change: optional(Type.Number({ description: 'share of before: 0.5 is half as much again' })),
  noteworthy: Type.Boolean({ description: 'more than chance would explain at the counts there are' }),
});
export type Comparison = Static<typeof Comparison>;
