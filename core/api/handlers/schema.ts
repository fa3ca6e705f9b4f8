/** The schema as migrations made it, and how far a live database is from it. */
import type { Params, Result } from '../../contract/methods.ts';
import type { AITelemetryEngine } from '../../engine/ai-telemetry-engine.ts';
import { driftEvent, driftOf } from '../../schema/drift.ts';
import { oneTimeline, schemaAt, schemaDiff, schemaVersions } from '../../schema/timeline-queries.ts';
import type { Handlers } from '../handlers.ts';

export function schemaHandlers(engine: AITelemetryEngine) {
  return {
    'schema.versions': async (params) => schemaVersions(engine.timelines, params),
    'schema.get': async (params) => schemaAt(engine.timelines, params),
    'schema.diff': async (params) => schemaDiff(engine.timelines, params),
    'schema.drift': (params) => drift(engine, params),
  } satisfies Partial<Handlers>;
}

/** Leaves one event. The history is looked up first: a database is not reached for nothing. */
async function drift(
  engine: AITelemetryEngine,
  { url, environment, sql, ...which }: Params<'schema.drift'>,
): Promise<Result<'schema.drift'>> {
  const timeline = oneTimeline(engine.timelines, which);
  const read = await engine.readDatabase(url);
  const live = { ...read, environment: environment ?? read.environment };
  const found = driftOf(timeline, live, engine.platform, sql);
  const { type, source, data, metadata } = driftEvent(found, live);
  const event = await engine.recordEvent(type, source, data, metadata);
  const { database, server } = live;
  return {
    ...found,
    database,
    server,
    environment: live.environment,
    checkedAt: event.timestamp,
    eventId: event.id,
  };
}
