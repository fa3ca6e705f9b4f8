/** The audit trail, what is stored about people, settings of the engine, and keys to it. */
import Type, { type Static } from 'typebox';
import { AlertAction, AlertKind } from './alert.ts';
import { Count, closed, Name, optional, Text, Timestamp, Uuid } from './schema.ts';

export const AuditEntry = closed({
  eventId: Uuid,
  sequence: Count,
  at: Timestamp,
  method: Name,
  role: Name,
  via: Name,
  result: Name,
  user: optional(Name),
  detail: optional(Text),
  hash: Type.String({ description: 'SHA-256 over the entry and the hash before it' }),
});
export type AuditEntry = Static<typeof AuditEntry>;

export const AuditVerdict = closed({
  entries: Count,
  intact: Type.Boolean(),
  firstBroken: optional(Count),
  head: optional(Type.String({ description: 'hash of the newest entry; keep it to prove the trail later' })),
  message: Text,
});
export type AuditVerdict = Static<typeof AuditVerdict>;

/** Events that go for good: hidden at once, erased when the time of grace is over. */
export const Erasure = closed({
  id: Uuid,
  events: Type.Integer({ minimum: 0, description: 'that were, or would be, erased' }),
  done: Type.Boolean({ description: 'erased for good; false for a preview and within the time of grace' }),
  undoUntil: optional(Timestamp),
});
export type Erasure = Static<typeof Erasure>;

/** What the data folder holds, and about whom. */
export const PrivacyOverview = closed({
  dataFolder: Text,
  bytes: Count,
  events: Count,
  from: optional(Timestamp),
  to: optional(Timestamp),
  me: optional(Type.String({ description: 'pseudonym of whoever runs the engine' })),
  people: Type.Array(closed({ user: Name, events: Count, from: Timestamp, to: Timestamp })),
  workspaces: Type.Array(closed({ workspace: Name, events: Count })),
  retentionDays: optional(Count),
  erasures: Type.Array(Erasure, { description: 'ordered, and can still be taken back' }),
  redaction: Type.Array(Text, { description: 'what is taken out before anything is stored' }),
  leavesTheMachine: Type.Array(Text, { description: 'empty unless the user set up an action that sends' }),
});
export type PrivacyOverview = Static<typeof PrivacyOverview>;

export const Settings = closed({
  retentionDays: optional(
    Type.Integer({ minimum: 1, maximum: 36_500, description: 'kept for ever where absent' }),
  ),
  mutedAlerts: Type.Array(AlertKind),
  alertActions: Type.Array(AlertAction),
  retrain: closed({
    auto: Type.Boolean(),
    everyLabels: Type.Integer({ minimum: 1, maximum: 100_000 }),
    everyDays: Type.Integer({ minimum: 0, maximum: 3_650, description: '0: not by schedule' }),
    onDrift: Type.Boolean(),
  }),
  maxMemoryMb: Type.Integer({
    minimum: 64,
    maximum: 1_048_576,
    description: 'for what can be loaded again; counts from the next start',
  }),
});
export type Settings = Static<typeof Settings>;

/** What is not given stays. */
export const SettingsChange = closed({
  retentionDays: optional(
    Type.Union([Settings.properties.retentionDays, Type.Null()], { description: 'null: keep for ever' }),
  ),
  mutedAlerts: optional(Settings.properties.mutedAlerts),
  alertActions: optional(Settings.properties.alertActions),
  retrain: optional(Type.Partial(Settings.properties.retrain)),
  maxMemoryMb: optional(Settings.properties.maxMemoryMb),
});
export type SettingsChange = Static<typeof SettingsChange>;

/** A token for programs and colleagues. The secret is shown once. */
export const AccessKey = closed({
  id: Name,
  name: Name,
  role: Name,
  createdAt: Timestamp,
  lastUsedAt: optional(Timestamp),
  expiresAt: optional(Timestamp),
});
export type AccessKey = Static<typeof AccessKey>;
