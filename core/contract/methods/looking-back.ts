/** Stories of migrations, the events over time, and reports as files. */
import Type from 'typebox';
import { EventStatus, EventTypeName, Source } from '../event.ts';
import { MigrationStory, MigrationSummary } from '../migration-story.ts';
import { Comparison, ReportFile, ReportFormat, ReportKind, ReportSchedule } from '../report-file.ts';
import { Count, closed, Name, optional, Text, Timestamp } from '../schema.ts';
import { changing, page, reading, timeframe } from './method.ts';

export const lookingBackMethods = {
  'migrations.list': reading(
    'Migrations, newest first, each with its edits, prediction, runs and outcome in a line',
    '/api/migrations',
    closed({
      ...timeframe,
      ...page,
      outcome: optional(Type.Array(Name, { maxItems: 6 })),
      text: optional(Type.String({ minLength: 1, maxLength: 200 })),
      table: optional(Name),
    }),
    closed({ items: Type.Array(MigrationSummary), nextCursor: optional(Type.String()), total: Count }),
  ),
  'migrations.get': reading(
    'One migration from its first edit to its outcome',
    '/api/migrations/story',
    closed({ name: Name, workspace: optional(Name) }),
    MigrationStory,
  ),
  'events.histogram': reading(
    'Events over time by status, for the timeline above a list',
    '/api/telemetry/event-histogram',
    closed({
      ...timeframe,
      type: optional(Type.Array(EventTypeName, { maxItems: 12 })),
      status: optional(Type.Array(EventStatus, { maxItems: 4 })),
      source: optional(Source),
      operation: optional(Name),
      correlationId: optional(Name),
      text: optional(
        Type.String({ minLength: 1, maxLength: 200, description: 'found anywhere in the event' }),
      ),
      buckets: optional(Type.Integer({ minimum: 1, maximum: 500, description: '60 if not given' })),
    }),
    closed({
      from: Timestamp,
      to: Timestamp,
      bucketMs: Count,
      buckets: Type.Array(closed({ at: Timestamp, ok: Count, warning: Count, error: Count, unknown: Count })),
    }),
  ),
  'reports.make': reading(
    'Make a report as a file',
    '/api/reports/file',
    closed({
      ...timeframe,
      kind: optional(ReportKind),
      format: ReportFormat,
      timeZone: optional(Name),
      compareFrom: optional(Timestamp),
      compareTo: optional(Timestamp),
    }),
    ReportFile,
  ),
  'reports.compare': reading(
    'Compare the figures of two periods',
    '/api/reports/compare',
    closed({
      from: Timestamp,
      to: Timestamp,
      compareFrom: Timestamp,
      compareTo: Timestamp,
      workspace: optional(Name),
    }),
    closed({ items: Type.Array(Comparison) }),
  ),
  'reports.schedules': reading(
    'Reports that are made by themselves',
    '/api/reports/schedules',
    closed({}),
    closed({ items: Type.Array(ReportSchedule) }),
  ),
  'reports.schedule': changing(
    'admin',
    'Have a report made by itself, or change how',
    '/api/reports/schedules',
    closed({
      id: optional(Name),
      kind: ReportKind,
      format: ReportFormat,
      every: Type.Enum(['day', 'week', 'month']),
      workspace: optional(Name),
      folder: Text,
      enabled: optional(Type.Boolean()),
    }),
    ReportSchedule,
  ),
  'reports.unschedule': changing(
    'admin',
    'No longer have a report made by itself',
    '/api/reports/schedules/:id/remove',
    closed({ id: Name }),
    closed({ removed: Type.Boolean() }),
  ),
} as const;
