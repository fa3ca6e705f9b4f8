/**
 * The typed client, inferred from the method table. A transport carries a call; there are three: in-process
 * (`core/api`), HTTP (here; a socket in `core/node`), and a message channel (VS Code webview, Electron).
 */
import { TelemetryError } from './errors.ts';
import type { TelemetryEvent } from './event.ts';
import type { EventFilter, MethodName, Params, Result } from './methods.ts';
import { methods, stream } from './methods.ts';

/** Carries one call of the method table. Rejects with a {@link TelemetryError}. */
export type Transport = <M extends MethodName>(method: M, params: Params<M>) => Promise<Result<M>>;

/** Ids that tie together what one user action caused. */
export interface CallContext {
  requestId?: string;
  correlationId?: string;
  sessionId?: string;
}

/** Live events. `after` is the sequence already seen; the result ends the subscription. */
export type Subscribe = (
  options: { after?: number; filter?: Pick<EventFilter, 'type' | 'workspace'> },
  onEvent: (event: TelemetryEvent) => void,
) => () => void;

export interface TelemetryClient {
  call: Transport;
  subscribe: Subscribe;
}

/** Every event that a filter finds, oldest first, page by page. */
export async function allEvents(
  client: Pick<TelemetryClient, 'call'>,
  filter: EventFilter,
): Promise<TelemetryEvent[]> {
  const events: TelemetryEvent[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.call('events.list', {
      ...filter,
      order: 'oldest',
      limit: 500,
      ...(cursor ? { cursor } : {}),
    });
    events.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return events;
}

/** The parts of `fetch` that the HTTP transport needs, so that neither DOM nor Node types are required here. */
export type FetchLike = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{ status: number; ok: boolean; json(): Promise<unknown> }>;

/** Header names of the tracing ids. */
export const TRACE_HEADERS = {
  requestId: 'x-request-id',
  correlationId: 'x-correlation-id',
  sessionId: 'x-session-id',
} as const;

/** Where a call goes: `/api/telemetry/events/018f…?source=cli`. Arrays repeat their name. */
export function requestTarget<M extends MethodName>(
  method: M,
  params: Params<M>,
): { verb: string; path: string; body?: string } {
  const { verb, path } = methods[method].rest;
  const rest: Record<string, unknown> = { ...(params as Record<string, unknown>) };
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = encodeURIComponent(String(rest[name]));
    delete rest[name];
    return value;
  });
  if (verb === 'POST') return { verb, path: filled, body: JSON.stringify(params) };
  return { verb, path: filled + queryString(rest) };
}

/** An HTTP transport over `fetch`. `headers` is asked before each call, so a token can change. */
export function httpTransport(
  fetch: FetchLike,
  base: string,
  headers: () => Record<string, string>,
): Transport {
  return async (method, params) => {
    const { verb, path, body } = requestTarget(method, params);
    const sent = { ...headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    let response: Awaited<ReturnType<FetchLike>>;
    try {
      response = await fetch(base + path, {
        method: verb,
        headers: sent,
        ...(body === undefined ? {} : { body }),
      });
    } catch (cause) {
      throw new TelemetryError('unavailable', 'The engine cannot be reached. Is it still running?', {
        cause,
      });
    }
    const answer = await response.json().catch(() => undefined);
    if (!response.ok) throw TelemetryError.fromProblem(answer, response.status);
    return answer as Awaited<Result<typeof method>>;
  };
}

/** `?a=1&b=2`, with each element of an array as its own pair; empty when there is nothing to say. */
export function queryString(values: Record<string, unknown>): string {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((item) => item !== undefined)
      .map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(String(item))}`),
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Path and query of the live stream. */
export function streamTarget(filter: Pick<EventFilter, 'type' | 'workspace'> = {}): string {
  return stream.path + queryString(filter);
}
