/**
 * The HTTP server: one route for each row of the method table, the stream, the OpenAPI document and the pages. Serves a
 * backend, which may be the engine in this process or another process's.
 */
import rateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RouteOptions,
} from 'fastify';
import type { AccessKeys } from '../../access/access-keys.ts';
import { type Caller, checkRole } from '../../api/dispatch.ts';
import { type CallContext, TRACE_HEADERS } from '../../contract/client.ts';
import { TelemetryError } from '../../contract/errors.ts';
import {
  type MethodName,
  methods,
  type Params,
  type RecordResult,
  ROLES,
  stream,
} from '../../contract/methods.ts';
import { openApiDocument } from '../../contract/openapi.ts';
import { uuidV7Source } from '../../events/ids.ts';
import type { Backend } from '../engine/host.ts';
import { CALLER_HEADERS } from '../engine/remote.ts';
import type { RecordCounts } from '../intake/answer.ts';
import { parseBody } from '../intake/body.ts';
import { LARGE_BODY_BYTES } from '../intake/thread.ts';
import { nodePlatform } from '../platform.ts';
import { VERSION } from '../version.ts';
import { checkOrigin, type Granted, Keys } from './guard.ts';
import { queryParams } from './query.ts';
import { streamEvents } from './stream.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls, and what they may do. */
    caller: Pick<Caller, 'role' | 'via' | 'user'>;
  }
  interface FastifyContextConfig {
    /** Whether its bodies may be large, and be read in another thread. */
    large?: boolean;
  }
}

export interface ServerOptions {
  backend: Backend;
  /** `token`: over TCP, with Host, Origin and token checked. `socket`: a local socket that only its owner can open. */
  access: { kind: 'token'; token: string; keys?: Pick<AccessKeys, 'check'> } | { kind: 'socket' };
  /** Folder of the built pages; no pages without it. */
  pages?: string;
  /** Largest body in bytes. */
  bodyLimit?: number;
  /** Requests a second before `too-many-requests`. */
  requestsPerSecond?: number;
}

export interface TelemetryServer {
  app: FastifyInstance;
  /** Sign-in code for a browser; undefined on a socket. */
  code: string | undefined;
}

const BODY_LIMIT = 16 * 1024 * 1024;
const REQUESTS_PER_SECOND = 500;
const TRACE_ID = /^[\w.:@/-]{1,200}$/;

const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Builds the server; the caller lets it listen. */
export async function buildServer(options: ServerOptions): Promise<TelemetryServer> {
  const { backend, access } = options;
  const newId = uuidV7Source(nodePlatform);
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    forceCloseConnections: true,
    genReqId: (request) => traceId(request.headers[TRACE_HEADERS.requestId]) ?? newId(),
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) =>
      sendProblem(error, request as FastifyRequest, reply as FastifyReply),
  });
  const keys = access.kind === 'token' ? new Keys(access.token, access.keys) : undefined;

  app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
  app.setNotFoundHandler((request, reply) => sendProblem(unknownRoute(request), request, reply));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const elsewhere = request.routeOptions.config.large && backend.record && body.length >= LARGE_BODY_BYTES;
    try {
      done(null, elsewhere ? body : parseBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(PAGE_HEADERS).header(TRACE_HEADERS.requestId, request.id);
    if (keys) checkOrigin(request);
  });
  if (keys) {
    await app.register(rateLimit, {
      max: options.requestsPerSecond ?? REQUESTS_PER_SECOND,
      timeWindow: 1_000,
      errorResponseBuilder: (_request, { max }) =>
        new TelemetryError('too-many-requests', `More than ${max} requests in a second; slow down.`, {
          retryAfterSeconds: 1,
        }),
    });
    app.post('/session', async (request, reply) => {
      const { code } = (request.body ?? {}) as { code?: unknown };
      reply.header('set-cookie', keys.signIn(String(code ?? ''))).header('cache-control', 'no-store');
      return { signedIn: true };
    });
  }

  app.decorateRequest('caller');
  /** Before the body is read: who may not call need not send. */
  const onRequest = async (request: FastifyRequest) => {
    request.caller = keys ? callerOf(keys.grantedTo(request)) : callerBehind(request);
  };
  for (const name of Object.keys(methods) as MethodName[])
    app.route({ ...routeOf(name, backend), onRequest });
  app.get(stream.path, { onRequest }, (request, reply) => streamEvents(backend, request, reply));
  app.get('/openapi.json', async () => openApiDocument(VERSION));
  if (options.pages) await app.register(fastifyStatic, { root: options.pages, index: 'index.html' });
  return { app, code: keys?.code };
}

function routeOf(name: MethodName, backend: Backend): RouteOptions {
  const { rest, params: schema } = methods[name];
  return {
    method: rest.verb,
    url: rest.path,
    config: { large: name === 'events.record' },
    handler: async (request, reply) => {
      const caller: Caller = { ...request.caller, ...contextOf(request) };
      checkRole(name, caller.role);
      reply.header('cache-control', 'no-store');
      if (Buffer.isBuffer(request.body) && backend.record) {
        const { counts, json } = await backend.record(request.body, caller);
        return reply.code(recordStatus(counts)).type('application/json; charset=utf-8').send(json);
      }
      const given = rest.verb === 'GET' ? queryParams(schema, request.query) : (request.body ?? {});
      const params = rest.path.includes(':')
        ? { ...(given as object), ...(request.params as object) }
        : given;
      const result = await backend.dispatch(name, params as Params<typeof name>, caller);
      const status = name === 'events.record' ? recordStatus(result as RecordResult) : rest.status;
      return reply.code(status).send(result);
    },
  };
}

/** 201 where something is new, 200 where all was there, 207 where some were malformed. */
function recordStatus({ accepted, rejected }: RecordCounts): number {
  if (rejected.length > 0) return 207;
  return accepted > 0 ? 201 : 200;
}

function callerOf({ role, key }: Granted): Pick<Caller, 'role' | 'via' | 'user'> {
  return { role, via: 'http', ...(key ? { user: `key-${key}` } : {}) };
}

/** Only its owner can open the socket; a server of theirs says on whose behalf it calls. */
function callerBehind(request: FastifyRequest): Pick<Caller, 'role' | 'via' | 'user'> {
  const {
    [CALLER_HEADERS.role]: role,
    [CALLER_HEADERS.via]: via,
    [CALLER_HEADERS.user]: user,
  } = request.headers;
  return {
    role: ROLES.find((known) => known === role) ?? 'admin',
    via: traceId(via) ?? 'socket',
    ...(traceId(user) ? { user: traceId(user) as string } : {}),
  };
}

function contextOf(request: FastifyRequest): CallContext {
  const correlationId = traceId(request.headers[TRACE_HEADERS.correlationId]);
  const sessionId = traceId(request.headers[TRACE_HEADERS.sessionId]);
  return {
    requestId: request.id,
    ...(correlationId ? { correlationId } : {}),
    ...(sessionId ? { sessionId } : {}),
  };
}

/** An id that a sender chose, where it is of a shape that may go into headers and logs. */
function traceId(given: string | string[] | undefined): string | undefined {
  return typeof given === 'string' && TRACE_ID.test(given) ? given : undefined;
}

function unknownRoute(request: FastifyRequest): TelemetryError {
  const path = request.url.split('?')[0] ?? '';
  const verbs = Object.values(methods)
    .filter(({ rest }) => new RegExp(`^${rest.path.replace(/:\w+/g, '[^/]+')}$`).test(path))
    .map(({ rest }) => rest.verb);
  if (verbs.length > 0) {
    return new TelemetryError(
      'method-not-allowed',
      `${path} takes ${verbs.join(' and ')}, not ${request.method}.`,
    );
  }
  return new TelemetryError(
    'not-found',
    `There is nothing at ${path}. GET /openapi.json lists what there is.`,
  );
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  if (problem.retryAfterSeconds !== undefined)
    reply.header('retry-after', String(Math.ceil(problem.retryAfterSeconds)));
  if (problem.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem.toProblem(request.id)));
}

/** Errors of the framework in our words; anything unexpected says no more than that it happened. */
function problemOf(error: unknown): TelemetryError {
  if (TelemetryError.is(error)) return error;
  const {
    code = '',
    statusCode = 500,
    message = '',
  } = error as { code?: string; statusCode?: number; message?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new TelemetryError(
      'body-too-large',
      'The body is larger than this server takes; send smaller batches.',
    );
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new TelemetryError('unsupported-media-type', 'Send the body as application/json.');
  }
  if (statusCode >= 400 && statusCode < 500) return new TelemetryError('invalid-request', message);
  process.stderr.write(`aibos: ${error instanceof Error ? error.stack : String(error)}\n`);
  return new TelemetryError('internal', 'Something went wrong in the engine; its log has the details.');
}
