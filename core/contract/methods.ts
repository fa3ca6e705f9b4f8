/**
 * THE METHOD TABLE: every method once, the larger nouns in `methods/`. From it come the REST routes and their validation, the OpenAPI document, the
 * typed clients, the role checks, the audit entries and the CLI's list of methods. A new capability is one row here
 * and one handler in `core/api`.
 */
import Type, { type Static } from 'typebox';
import { Insight, TelemetryAIAnalysis } from './analysis.ts';
import { EventInput, EventStatus, EventTypeName, Source, TelemetryEvent } from './event.ts';
import { FeedbackInput, LearningFeedback } from './feedback.ts';
import { Health } from './health.ts';
import { governingMethods } from './methods/governing.ts';
import { learningMethods } from './methods/learning.ts';
import { lookingBackMethods } from './methods/looking-back.ts';
import { method, page, timeframe } from './methods/method.ts';
import { schemaMethods } from './methods/schema.ts';
import { watchingMethods } from './methods/watching.ts';
import { LearningModel, ModelId, ModelPerformance, RealisedAccuracy, TrainingResult } from './model.ts';
import { FieldError } from './problem.ts';
import { Count, closed, Name, optional, Text, Timestamp, Uuid } from './schema.ts';
import { Statistics } from './statistics.ts';

export { type MethodSpec, ROLES, type Role } from './methods/method.ts';

/** Which events: every given condition must hold. */
const eventFilter = {
  type: optional(Type.Array(EventTypeName, { maxItems: 12, description: 'any of these types' })),
  source: optional(Source),
  status: optional(Type.Array(EventStatus, { maxItems: 4, description: 'any of these' })),
  from: optional(Timestamp),
  to: optional(Timestamp),
  workspace: optional(Name),
  operation: optional(Name),
  correlationId: optional(Name),
  text: optional(Type.String({ minLength: 1, maxLength: 200, description: 'found anywhere in the event' })),
};
export const EventFilter = closed(eventFilter);
export type EventFilter = Static<typeof EventFilter>;

/** The largest number of events in one request. */
export const MAX_BATCH = 10_000;

export const RecordResult = closed({
  accepted: Type.Integer({ minimum: 0, description: 'stored durably by this call' }),
  duplicates: Type.Integer({ minimum: 0, description: 'already stored, same source and id' }),
  ids: Type.Array(Uuid, { description: 'of the accepted and the duplicates, in the order given' }),
  rejected: Type.Array(closed({ index: Count, errors: Type.Array(FieldError) }), {
    description: 'malformed events; the others of the batch are stored all the same',
  }),
});
export type RecordResult = Static<typeof RecordResult>;

const EventBatch = Type.Array(EventInput, { minItems: 1, maxItems: MAX_BATCH });

export const methods = {
  'events.record': method({
    summary: 'Record one event or a batch; acknowledged once it is durable',
    rest: { verb: 'POST', path: '/api/telemetry/events', status: 201 },
    role: 'recorder',
    audited: false,
    params: Type.Union([EventInput, closed({ events: EventBatch }), EventBatch]),
    result: RecordResult,
  }),
  'events.list': method({
    summary: 'List events, newest first, a page at a time',
    rest: { verb: 'GET', path: '/api/telemetry/events', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({
      ...eventFilter,
      ...page,
      order: optional(Type.Enum(['newest', 'oldest'])),
    }),
    result: closed({ items: Type.Array(TelemetryEvent), nextCursor: optional(Type.String()) }),
  }),
  'events.get': method({
    summary: 'Read one event',
    rest: { verb: 'GET', path: '/api/telemetry/events/:id', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({ id: Uuid, source: optional(Source) }),
    result: TelemetryEvent,
  }),
  'feedback.provide': method({
    summary: 'Say what really happened to an event or a prediction',
    rest: { verb: 'POST', path: '/api/telemetry/feedback', status: 201 },
    role: 'reviewer',
    audited: true,
    params: FeedbackInput,
    result: LearningFeedback,
  }),
  'feedback.list': method({
    summary: 'List feedback, newest first',
    rest: { verb: 'GET', path: '/api/telemetry/feedback', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({ eventId: optional(Uuid), ...page }),
    result: closed({ items: Type.Array(LearningFeedback), nextCursor: optional(Type.String()) }),
  }),
  'analysis.run': method({
    summary: 'Analyse a timeframe: insights, recommendations, patterns, anomalies, trends, predictions',
    rest: { verb: 'POST', path: '/api/telemetry/analyze', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({
      ...timeframe,
      fresh: optional(
        Type.Boolean({
          description:
            'made anew where anything has happened since; else one that took long is given out for a while',
        }),
      ),
    }),
    result: TelemetryAIAnalysis,
  }),
  'models.train': method({
    summary: 'Train the models on what was recorded',
    rest: { verb: 'POST', path: '/api/telemetry/train-models', status: 200 },
    role: 'reviewer',
    audited: true,
    params: closed({ models: optional(Type.Array(ModelId, { minItems: 1, maxItems: 4 })) }),
    result: closed({ results: Type.Array(TrainingResult) }),
  }),
  'models.list': method({
    summary: 'List the learning models with their active versions',
    rest: { verb: 'GET', path: '/api/telemetry/models', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({}),
    result: closed({ items: Type.Array(LearningModel) }),
  }),
  'models.performance': method({
    summary: 'How well a model does: on its hold-out, and predicted against actual since',
    rest: { verb: 'GET', path: '/api/telemetry/models/:id/performance', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({ id: ModelId }),
    result: closed({
      modelId: ModelId,
      version: Name,
      performance: optional(ModelPerformance),
      realised: RealisedAccuracy,
      message: optional(Text),
    }),
  }),
  'insights.list': method({
    summary: 'The insights of the latest analysis, strongest first',
    rest: { verb: 'GET', path: '/api/telemetry/insights', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({ ...timeframe, limit: optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
    result: closed({ generatedAt: Timestamp, items: Type.Array(Insight) }),
  }),
  'health.get': method({
    summary: 'One health check over all engines, the store and the process',
    rest: { verb: 'GET', path: '/api/telemetry/health', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({}),
    result: Health,
  }),
  'stats.get': method({
    summary: 'Counts, durations and failures over a timeframe',
    rest: { verb: 'GET', path: '/api/telemetry/stats', status: 200 },
    role: 'viewer',
    audited: false,
    params: closed({
      ...timeframe,
      bucket: optional(Type.Enum(['hour', 'day', 'week', 'month'])),
    }),
    result: Statistics,
  }),
  ...schemaMethods,
  ...learningMethods,
  ...watchingMethods,
  ...lookingBackMethods,
  ...governingMethods,
} as const;

export type MethodName = keyof typeof methods;
export const METHOD_NAMES = Object.keys(methods) as MethodName[];

export type Params<M extends MethodName> = Static<(typeof methods)[M]['params']>;
export type Result<M extends MethodName> = Static<(typeof methods)[M]['result']>;

/** The live stream: not a request with one result, so it stands beside the table and not in it. */
export const stream = {
  summary:
    'Recorded events as they become durable (server-sent events); Last-Event-ID resumes without a gap. A notice `learned`, without an id, says that what outcomes taught is written',
  path: '/api/telemetry/stream',
  role: 'viewer',
  params: closed({ type: eventFilter.type, workspace: optional(Name) }),
} as const;
