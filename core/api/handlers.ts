/** One handler for each method of the table. The compiler fails when one is missing. */
import { TelemetryError } from '../contract/errors.ts';
import type { MethodName, Params, RecordResult, Result } from '../contract/methods.ts';
import type { AITelemetryEngine } from '../engine/ai-telemetry-engine.ts';

export type Handlers = { [M in MethodName]: (params: Params<M>) => Promise<Result<M>> };

export function handlersOf(engine: AITelemetryEngine): Handlers {
  return {
    'events.record': async (params) => {
      const single = !Array.isArray(params) && !('events' in params);
      const events = single ? [params] : Array.isArray(params) ? params : params.events;
      const result = await engine.recordEvents(events);
      if (result.ids.length === 0) throw allRejected(result.rejected, single);
      return result;
    },
    'events.list': async ({ limit, cursor, order, ...filter }) =>
      engine.listEvents(filter, page(limit, cursor, order)),
    'events.get': async ({ id, source }) => engine.getEvent(id, source),
    'feedback.provide': ({ eventId, actualOutcome, ...feedback }) =>
      engine.provideFeedback(eventId, actualOutcome, feedback),
    'feedback.list': async ({ eventId, limit, cursor }) => engine.listFeedback(eventId, page(limit, cursor)),
    'analysis.run': (params) => engine.analyzeTelemetry(params),
    'models.train': async ({ models }) => ({ results: await engine.trainModels(models) }),
    'models.list': async () => ({ items: engine.listModels() }),
    'models.performance': async ({ id }) => engine.modelPerformance(id),
    'insights.list': async ({ limit, ...timeframe }) => {
      const { insights, generatedAt } = await engine.analyzeTelemetry(timeframe);
      return { generatedAt, items: insights.slice(0, limit) };
    },
    'health.get': async () => engine.health(),
    'stats.get': async (params) => engine.statistics(params),
  };
}

/** Nothing of the request was of use: every field at fault, by its place in the request. */
function allRejected(rejected: RecordResult['rejected'], single: boolean): TelemetryError {
  const errors = rejected.slice(0, 20).flatMap(({ index, errors: found }) =>
    found.map(({ pointer, message }) => ({
      pointer: single ? pointer : `/events/${index}${pointer}`,
      message,
    })),
  );
  const said = errors.slice(0, 3).map(({ pointer, message }) => `${pointer || 'the event'} ${message}`);
  return new TelemetryError('invalid-request', `Nothing was stored: ${said.join('; ')}.`, { errors });
}

function page(limit?: number, cursor?: string, order?: 'newest' | 'oldest') {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(order === undefined ? {} : { order }),
  };
}
