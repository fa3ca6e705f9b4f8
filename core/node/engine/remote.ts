/** Another process's engine, over its local socket: the same backend as the engine itself. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Caller } from '../../api/dispatch.ts';
import { httpTransport, type Subscribe, streamTarget, TRACE_HEADERS } from '../../contract/client.ts';
import { TelemetryError } from '../../contract/errors.ts';
import type { TelemetryEvent } from '../../contract/event.ts';
import type { EventFilter, MethodName, Params } from '../../contract/methods.ts';
import { LEARNED } from '../http/stream.ts';
import type { Backend } from './host.ts';

const RECONNECT_MS = 200;

/** On whose behalf a process calls over the socket. */
export const CALLER_HEADERS = {
  role: 'x-caller-role',
  via: 'x-caller-via',
  user: 'x-caller-user',
} as const;

export function remoteBackend(socketPath: string): Backend {
  return {
    dispatch: <M extends MethodName>(method: M, params: Params<M>, caller: Caller) =>
      httpTransport(socketFetch(socketPath), '', () => headersOf(caller))(method, params),
    subscribe: subscribeOver(socketPath),
    onLearned: learnedOver(socketPath),
  };
}

/** `fetch`, as far as the transport needs it, over a local socket. */
function socketFetch(socketPath: string): Parameters<typeof httpTransport>[0] {
  return (path, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const sent = {
        ...headers,
        host: 'localhost',
        ...(body ? { 'content-length': Buffer.byteLength(body) } : {}),
      };
      const request = httpRequest({ socketPath, path, method, headers: sent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          resolve({
            status,
            ok: status >= 200 && status < 300,
            json: async () => JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown,
          });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
}

function headersOf({ role, via, user, requestId, correlationId, sessionId }: Caller): Record<string, string> {
  return {
    [CALLER_HEADERS.role]: role,
    [CALLER_HEADERS.via]: via,
    ...(user ? { [CALLER_HEADERS.user]: user } : {}),
    ...(requestId ? { [TRACE_HEADERS.requestId]: requestId } : {}),
    ...(correlationId ? { [TRACE_HEADERS.correlationId]: correlationId } : {}),
    ...(sessionId ? { [TRACE_HEADERS.sessionId]: sessionId } : {}),
  };
}

/** Stays subscribed: after a break it goes on behind the last event it saw. */
function subscribeOver(socketPath: string): Subscribe {
  return ({ after, filter }, onEvent) => {
    let seen = after;
    return stayOn(socketPath, filter, {
      headers: () => (seen === undefined ? {} : { 'last-event-id': String(seen) }),
      onMessage: ({ id, data }) => {
        if (id === undefined) return;
        seen = Number(id);
        onEvent(JSON.parse(data) as TelemetryEvent);
      },
    });
  };
}

/** What was written during a break nobody told: it counts as written when the break is over. */
function learnedOver(socketPath: string): Backend['onLearned'] {
  return (listener) => {
    let known = false;
    return stayOn(
      socketPath,
      { type: ['ai_accuracy'] },
      {
        onOpen: () => {
          if (known) listener();
          known = true;
        },
        onMessage: ({ event }) => {
          if (event === LEARNED) listener();
        },
      },
    );
  };
}

interface StreamListener {
  /** Of each request, on top. */
  headers?: () => Record<string, string>;
  onOpen?: () => void;
  onMessage: (message: EventSourceMessage) => void;
}

/** Reads the live stream, and opens it again after each break, until the result is called. */
function stayOn(
  socketPath: string,
  filter: Pick<EventFilter, 'type' | 'workspace'> | undefined,
  { headers, onOpen, onMessage }: StreamListener,
): () => void {
  let open = true;
  let response: IncomingMessage | undefined;
  const again = () => {
    if (open) setTimeout(connect, RECONNECT_MS).unref();
  };
  const connect = () => {
    if (!open) return;
    const parser = createParser({
      onEvent: (message) => {
        if (open) onMessage(message);
      },
    });
    const sent = { host: 'localhost', ...headers?.() };
    const request = httpRequest({ socketPath, path: streamTarget(filter), headers: sent }, (answer) => {
      response = answer;
      onOpen?.();
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => parser.feed(text));
      answer.on('close', again);
    });
    request.on('error', again);
    request.end();
  };
  connect();
  return () => {
    open = false;
    response?.destroy();
  };
}

/** Whether an engine answers at a socket. */
export async function answersAt(socketPath: string): Promise<boolean> {
  try {
    const caller: Caller = { role: 'admin', via: 'socket' };
    await remoteBackend(socketPath).dispatch('health.get', {}, caller);
    return true;
  } catch (error) {
    return TelemetryError.is(error) && error.code !== 'unavailable';
  }
}
