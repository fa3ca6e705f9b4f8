/**
 * The twelve event types and the envelope that carries them.
 *
 * The envelope is closed: an unknown field is an error. `data` has a schema for each type; its known fields are
 * checked, further ones are kept, so a sender may add what it knows.
 */
import Type, { type Static } from 'typebox';
import { Count, closed, DurationMs, Name, open, optional, Share, Text, Timestamp, Uuid } from './schema.ts';

/** How something ended. `rolled_back`: it ran, and a later failure in the same transaction undid it. */
export const Outcome = Type.Enum(['succeeded', 'failed', 'rolled_back', 'skipped', 'unknown']);
export type Outcome = Static<typeof Outcome>;

/** Where a statement or a migration ran. `shadow`: a throw-away embedded database. */
export const Environment = Type.Enum(['shadow', 'development', 'test', 'staging', 'production', 'unknown']);
export type Environment = Static<typeof Environment>;

export const Severity = Type.Enum(['info', 'warning', 'error', 'critical']);
export type Severity = Static<typeof Severity>;

export const Dialect = Type.Enum(['postgres', 'mysql', 'sqlite', 'clickhouse', 'mssql', 'unknown']);
export type Dialect = Static<typeof Dialect>;

/** What a database said when it refused a statement. `position` counts UTF-16 units in the file, from 0. */
export const DatabaseError = open({
  message: Text,
  sqlState: optional(Type.String({ maxLength: 10, description: 'SQLSTATE, or the engine’s own code' })),
  detail: optional(Text),
  hint: optional(Text),
  position: optional(Count),
  line: optional(Count),
  column: optional(Count),
});
export type DatabaseError = Static<typeof DatabaseError>;

/** What the process or machine was using. Bytes are bytes; CPU is percent of one core. */
export const Resources = closed({
  cpuPercent: optional(Type.Number({ minimum: 0 })),
  memoryBytes: optional(Count),
  memoryFreeBytes: optional(Count),
  diskFreeBytes: optional(Count),
  networkReceivedBytes: optional(Count),
  networkSentBytes: optional(Count),
  eventLoopLagMs: optional(Type.Number({ minimum: 0 })),
  databaseConnections: optional(Count),
});
export type Resources = Static<typeof Resources>;

export const EventMetadata = closed({
  requestId: optional(Name),
  correlationId: optional(Name),
  sessionId: optional(Name),
  user: optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'pseudonym, never a name or address' }),
  ),
  workspace: optional(Name),
  resources: optional(Resources),
});
export type EventMetadata = Static<typeof EventMetadata>;

const Quantiles = closed({ p10: DurationMs, p50: DurationMs, p90: DurationMs });

/** One corrected field of a prediction. */
export const Correction = closed({
  field: Name,
  predicted: optional(Type.Unknown()),
  corrected: Type.Unknown(),
});
export type Correction = Static<typeof Correction>;

/** The schema of `data` for each event type. */
export const eventData = {
  schema_operation: open({
    operation: Type.String({ minLength: 1, maxLength: 200, description: 'create_table, add_column, …' }),
    migration: optional(Name),
    file: optional(Text),
    statement: optional(
      Type.Integer({ minimum: 0, description: 'index of the statement in its file, from 0' }),
    ),
    line: optional(Count),
    endLine: optional(Count),
    sql: optional(Text),
    objects: optional(Type.Array(Name, { maxItems: 1_000, description: 'schema-qualified names' })),
    dialect: optional(Dialect),
    environment: optional(Environment),
    outcome: optional(Outcome),
    durationMs: optional(DurationMs),
    destructive: optional(Type.Boolean()),
    error: optional(DatabaseError),
  }),
  migration_execution: open({
    migration: Name,
    outcome: Outcome,
    file: optional(Text),
    tool: optional(Name),
    dialect: optional(Dialect),
    environment: optional(Environment),
    durationMs: optional(DurationMs),
    statements: optional(Count),
    failedStatement: optional(Count),
    exitCode: optional(Type.Integer()),
    command: optional(Text),
    error: optional(DatabaseError),
    reason: optional(Text),
    tables: optional(Type.Array(Name, { maxItems: 10_000 })),
    operations: optional(Type.Array(Name, { maxItems: 10_000 })),
    author: optional(Name),
    commit: optional(Name),
    committedAt: optional(Timestamp),
    checksum: optional(Name),
  }),
  performance_metric: open({
    operation: Name,
    durationMs: DurationMs,
    success: Type.Boolean(),
    component: optional(Name),
    count: optional(Count),
  }),
  error_occurrence: open({
    message: Text,
    code: optional(Name),
    severity: optional(Severity),
    component: optional(Name),
    file: optional(Text),
    line: optional(Count),
  }),
  user_interaction: open({
    action: Name,
    target: optional(Text),
    durationMs: optional(DurationMs),
  }),
  system_health: open({
    component: Name,
    state: Type.Enum(['ok', 'degraded', 'failing', 'starting', 'stopped']),
    message: optional(Text),
  }),
  security_event: open({
    kind: Name,
    severity: Severity,
    message: optional(Text),
  }),
  compliance_check: open({
    rule: Name,
    result: Type.Enum(['pass', 'warn', 'fail', 'not_applicable']),
    subject: optional(Text),
    message: optional(Text),
    severity: optional(Severity),
  }),
  ai_prediction: open({
    modelId: Name,
    subject: Text,
    confidence: Share,
    modelVersion: optional(Name),
    subjectType: optional(Name),
    abstained: optional(Type.Boolean()),
    failureProbability: optional(Share),
    durationMs: optional(Quantiles),
    anomalyScore: optional(Share),
    basis: optional(Type.Array(Name, { maxItems: 20 })),
    reasons: optional(Type.Array(Text, { maxItems: 50 })),
  }),
  ai_accuracy: open({
    predictionId: Uuid,
    modelId: Name,
    accuracy: Share,
    modelVersion: optional(Name),
    subject: optional(Text),
    predicted: optional(Type.Unknown()),
    actual: optional(Type.Unknown()),
  }),
  learning_feedback: open({
    eventId: Uuid,
    actualOutcome: Type.Unknown(),
    accuracy: optional(Share),
    predictedOutcome: optional(Type.Unknown()),
    feedback: optional(Text),
    userRating: optional(Type.Integer({ minimum: 1, maximum: 5 })),
    corrections: optional(Type.Array(Correction, { maxItems: 100 })),
    improvements: optional(Type.Array(Text, { maxItems: 100 })),
  }),
  model_update: open({
    modelId: Name,
    version: Name,
    status: Type.Enum(['training', 'active', 'inactive', 'deprecated']),
    name: optional(Name),
    modelType: optional(Name),
    reason: optional(Text),
    artifact: optional(Name),
  }),
} as const;

export type EventType = keyof typeof eventData;
/** The `data` of an event of type `T`: the fields of its schema, and whatever else the sender knows. */
export type EventData<T extends EventType = EventType> = Static<(typeof eventData)[T]> & {
  [extra: string]: unknown;
};

export const EVENT_TYPES = Object.keys(eventData) as EventType[];
export const EventTypeName = Type.Enum(EVENT_TYPES as [EventType, ...EventType[]], {
  description: 'one of the twelve event types',
});

/** Who recorded it: `vscode`, `cli`, `import:git`, `engine:schema-comparator`, … */
export const Source = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}$',
  description: 'who recorded it: letters, digits and . _ : / @ -, at most 128',
});

/** How an event reads at a glance; derived from its data, see `core/events/facets.ts`. */
export const EventStatus = Type.Enum(['ok', 'warning', 'error', 'unknown']);
export type EventStatus = Static<typeof EventStatus>;

const inputFields = {
  id: optional(Uuid),
  timestamp: optional(Timestamp),
  type: EventTypeName,
  source: Source,
  data: Type.Unsafe<EventData>(
    Type.Object({}, { additionalProperties: true, description: 'see EventData of the type' }),
  ),
  metadata: optional(EventMetadata),
};

/** What a sender may give; `id` and `timestamp` are filled in when absent. */
export const EventInput = closed(inputFields);
export interface EventInput<T extends EventType = EventType> {
  id?: string;
  timestamp?: string;
  type: T;
  source: string;
  data: EventData<T>;
  metadata?: EventMetadata;
}

/** A recorded event. `sequence` is its place in the journal, from 1; it never changes. */
export const TelemetryEvent = closed({
  ...inputFields,
  id: Uuid,
  timestamp: Timestamp,
  metadata: EventMetadata,
  sequence: Type.Integer({ minimum: 1 }),
});
export interface TelemetryEvent<T extends EventType = EventType> {
  id: string;
  timestamp: string;
  type: T;
  source: string;
  data: EventData<T>;
  metadata: EventMetadata;
  sequence: number;
}

/** Narrows an event to one type. */
export function isType<T extends EventType>(event: TelemetryEvent, type: T): event is TelemetryEvent<T> {
  return event.type === type;
}
