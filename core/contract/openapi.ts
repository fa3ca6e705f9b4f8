/** The OpenAPI 3.1 document, made from the method table. Served at `/openapi.json`. */
import type { TSchema } from 'typebox';
import { EVENT_TYPES, EventInput, eventData } from './event.ts';
import { MAX_BATCH, type MethodSpec, methods, stream } from './methods.ts';
import { Problem } from './problem.ts';

type Json = Record<string, unknown>;

/** The whole document for a server of this version. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, spec] of Object.entries(methods) as [string, MethodSpec][]) {
    const path = openApiPath(spec.rest.path);
    paths[path] = { ...paths[path], [spec.rest.verb.toLowerCase()]: operation(name, spec) };
  }
  paths[stream.path] = { get: streamOperation() };
  return {
    openapi: '3.1.0',
    info: {
      title: 'AI-BOS Telemetry',
      version,
      description: 'Records database schema changes and their outcomes, and learns from them.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Problem: plain(Problem),
        EventInput: eventByType(),
        ...Object.fromEntries(EVENT_TYPES.map((type) => [`EventData_${type}`, plain(eventData[type])])),
      },
    },
  };
}

/** `/events/:id` as OpenAPI writes it: `/events/{id}`. */
export function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function operation(name: string, spec: MethodSpec): Json {
  const inPath = [...spec.rest.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const properties = (spec.params as { properties?: Record<string, TSchema> }).properties ?? {};
  const required = new Set((spec.params as { required?: string[] }).required ?? []);
  const parameters = Object.entries(properties)
    .filter(([key]) => spec.rest.verb === 'GET' || inPath.includes(key))
    .map(([key, schema]) => parameter(key, schema, inPath.includes(key), required.has(key)));
  return {
    operationId: name,
    summary: spec.summary,
    'x-role': spec.role,
    'x-audited': spec.audited,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(spec.rest.verb === 'POST'
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: bodySchema(name, spec) } },
          },
        }
      : {}),
    responses: {
      [spec.rest.status]: {
        description: 'Done',
        content: { 'application/json': { schema: plain(spec.result) } },
      },
      ...(name === 'events.record'
        ? {
            200: { description: 'All were stored before', content: jsonOf(spec.result) },
            207: { description: 'Some were malformed; the others are stored', content: jsonOf(spec.result) },
          }
        : {}),
      default: problemResponse,
    },
  };
}

/** A recording is one event, an array of events, or an object with one; each by the schema of its type. */
function bodySchema(name: string, spec: MethodSpec): Json {
  if (name !== 'events.record') return plain(spec.params);
  const event = { $ref: '#/components/schemas/EventInput' };
  const batch = { type: 'array', items: event, minItems: 1, maxItems: MAX_BATCH };
  const wrapped = {
    type: 'object',
    properties: { events: batch },
    required: ['events'],
    additionalProperties: false,
  };
  return { anyOf: [event, batch, wrapped] };
}

/** The envelope, with the schema of `data` chosen by `type`. */
function eventByType(): Json {
  const choices = EVENT_TYPES.map((type) => ({
    if: { properties: { type: { const: type } }, required: ['type'] },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
    then: { properties: { data: { $ref: `#/components/schemas/EventData_${type}` } } },
  }));
  return { ...plain(EventInput), allOf: choices };
}

function parameter(name: string, schema: TSchema, inPath: boolean, required: boolean): Json {
  return { name, in: inPath ? 'path' : 'query', required: inPath || required, schema: plain(schema) };
}

function streamOperation(): Json {
  const properties = Object.entries(stream.params.properties) as [string, TSchema][];
  return {
    operationId: 'events.stream',
    summary: stream.summary,
    'x-role': stream.role,
    parameters: [
      ...properties.map(([name, schema]) => parameter(name, schema, false, false)),
      { name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'integer', minimum: 0 } },
    ],
    responses: {
      200: {
        description: 'A stream that stays open',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      default: problemResponse,
    },
  };
}

const jsonOf = (schema: TSchema) => ({ 'application/json': { schema: plain(schema) } });

const problemResponse = {
  description: 'A problem (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** The schema as plain JSON, without the markers that TypeBox keeps on it. */
function plain(schema: TSchema): Json {
  return JSON.parse(JSON.stringify(schema)) as Json;
}
