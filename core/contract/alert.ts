/** Alerts: what needs a look, grouped and said once. */
import Type, { type Static } from 'typebox';
import { Evidence } from './analysis.ts';
import { Severity } from './event.ts';
import { Count, closed, Name, optional, Text, Timestamp } from './schema.ts';

export const ALERT_KINDS = [
  'slow-run',
  'failure-burst',
  'failed-migration',
  'anomaly',
  'schema-drift',
  'accuracy-dropped',
  'security',
  'engine',
] as const;
export const AlertKind = Type.Enum(ALERT_KINDS);
export type AlertKind = Static<typeof AlertKind>;

export const AlertState = Type.Enum(['open', 'acknowledged', 'snoozed', 'closed']);
export type AlertState = Static<typeof AlertState>;

/** One alert; further events of the same kind and group add to `count` instead of raising another. */
export const Alert = closed({
  id: Name,
  kind: AlertKind,
  group: Type.String({ description: 'what it is about: a series, a migration, a model' }),
  severity: Severity,
  title: Text,
  action: optional(Type.String({ description: 'what to do about it' })),
  state: AlertState,
  openedAt: Timestamp,
  lastAt: Timestamp,
  count: Count,
  snoozedUntil: optional(Timestamp),
  muted: Type.Boolean(),
  workspace: optional(Name),
  anomalyId: optional(Name),
  series: optional(Name),
  notify: optional(Type.Boolean({ description: 'an action asks clients to show it at once' })),
  blocksNextRun: optional(
    Type.Boolean({ description: 'while it is open, `aibos run` refuses unless told otherwise' }),
  ),
  evidence: Evidence,
});
export type Alert = Static<typeof Alert>;

/** What an alert may set off. Off unless the user adds one; rate-limited and audited. */
export const AlertAction = closed({
  id: Name,
  do: Type.Enum(['notify', 'webhook', 'command', 'block-next-run']),
  kinds: Type.Array(AlertKind),
  leastSeverity: Severity,
  target: optional(Type.String({ maxLength: 2_000, description: 'address of a webhook, or a command line' })),
  mostPerHour: Type.Integer({ minimum: 1, maximum: 1_000 }),
  enabled: Type.Boolean(),
});
export type AlertAction = Static<typeof AlertAction>;
