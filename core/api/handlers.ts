/** One handler for each method of the table. The compiler fails when one is missing. */
import type { MethodName, Params, Result } from '../contract/methods.ts';
import type { AITelemetryEngine } from '../engine/ai-telemetry-engine.ts';
import { allRejected, eventsOfRequest } from '../events/take-in.ts';
import { governingHandlers } from './handlers/governing.ts';
import { learningHandlers } from './handlers/learning.ts';
import { lookingBackHandlers } from './handlers/looking-back.ts';
import { predictingHandlers } from './handlers/predicting.ts';
import { schemaHandlers } from './handlers/schema.ts';
import { watchingHandlers } from './handlers/watching.ts';

export type Handlers = { [M in MethodName]: (params: Params<M>) => Promise<Result<M>> };

export function handlersOf(engine: AITelemetryEngine): Handlers {
  const handlers: Handlers = {
    'events.record': async (params) => {
      const { events, single } = eventsOfRequest(params);
      const result = await engine.recordEvents(events);
      if (result.ids.length === 0) throw allRejected(result.rejected, single);
      return result;
    },
    'events.list': ({ limit, cursor, order, ...filter }) =>
      engine.listEvents(filter, page(limit, cursor, order)),
    'events.get': async ({ id, source }) => engine.getEvent(id, source),
    'feedback.provide': ({ eventId, actualOutcome, ...feedback }) =>
      engine.provideFeedback(eventId, actualOutcome, feedback),
    'feedback.list': ({ eventId, limit, cursor }) => engine.listFeedback(eventId, page(limit, cursor)),
    'analysis.run': (params) => engine.analyzeTelemetry(params),
    'models.train': async ({ models }) => ({ results: await engine.trainModels(models) }),
    'models.list': async () => ({ items: await engine.listModels() }),
    'models.performance': ({ id }) => engine.modelPerformance(id),
    'insights.list': async ({ limit, ...timeframe }) => {
      const { insights, generatedAt } = await engine.analyzeTelemetry(timeframe);
      return { generatedAt, items: insights.slice(0, limit) };
    },
    'health.get': async () => engine.health(),
    'stats.get': async (params) => engine.statistics(params),
    ...schemaHandlers(engine),
    ...learningHandlers(engine),
    ...predictingHandlers(engine),
    ...watchingHandlers(engine),
    ...lookingBackHandlers(engine, (method, params) => handlers[method](params)),
    ...governingHandlers(engine),
  };
  return handlers;
}

function page(limit?: number, cursor?: string, order?: 'newest' | 'oldest') {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(order === undefined ? {} : { order }),
  };
}
