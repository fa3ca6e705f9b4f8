/** One health check over all engines. */
import Type, { type Static } from 'typebox';
import { Resources } from './event.ts';
import { Count, closed, Name, optional, Text, Timestamp } from './schema.ts';

export const HealthState = Type.Enum(['ok', 'degraded', 'failing', 'starting', 'stopped']);
export type HealthState = Static<typeof HealthState>;

/** The engines tied together by event forwarding. */
export const ENGINE_NAMES = [
  'telemetry-engine',
  'schema-versioning',
  'schema-comparator',
  'manifest-governance',
  'ai-service',
  'database-connector',
] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export const EngineHealth = closed({
  name: Type.Enum(ENGINE_NAMES),
  state: HealthState,
  message: Text,
  operations: Type.Integer({ minimum: 0, description: 'in the last 24 hours, in every process' }),
  failures: Count,
  lastOperation: optional(Name),
  lastAt: optional(Timestamp),
});
export type EngineHealth = Static<typeof EngineHealth>;

export const Health = closed({
  state: HealthState,
  version: Name,
  startedAt: Timestamp,
  uptimeMs: Count,
  processId: Count,
  engines: Type.Array(EngineHealth),
  resources: Resources,
  store: closed({
    events: Count,
    journalBytes: Count,
    segments: Count,
    queued: Count,
    recovered: optional(Text),
  }),
});
export type Health = Static<typeof Health>;
