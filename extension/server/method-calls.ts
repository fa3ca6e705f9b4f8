/** Carries the method table and its live stream over the language server's connection. */
import type { Connection } from 'vscode-languageserver/node';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { MethodName, Params } from '../../core/contract/methods.ts';
import type { Session } from '../../core/node/engine/session.ts';
import {
  type Answer,
  CALL,
  type CallParams,
  EVENTS,
  type EventsParams,
  SUBSCRIBE,
  type SubscribeParams,
  UNSUBSCRIBE,
} from '../protocol.ts';

/** Events that come within this time go out together. */
const GATHER_MS = 50;

/** Answers {@link CALL}, {@link SUBSCRIBE} and {@link UNSUBSCRIBE}. */
export function serveMethods(connection: Connection, session: () => Promise<Session>): void {
  const open = new Map<number, () => void>();
  connection.onRequest<Answer, void>(CALL, ({ method, params }: CallParams) =>
    answered(async () => (await session()).client().call(method as MethodName, params as Params<MethodName>)),
  );
  connection.onRequest<null, void>(SUBSCRIBE, async ({ subscription, ...options }: SubscribeParams) => {
    const gather = gathering((events) => {
      const params: EventsParams = { subscription, events };
      void connection.sendNotification(EVENTS, params);
    });
    open.set(subscription, (await session()).subscribe(options, gather));
    return null;
  });
  connection.onRequest<null, void>(UNSUBSCRIBE, (subscription: number) => {
    open.get(subscription)?.();
    open.delete(subscription);
    return null;
  });
}

/** Hands events on in small batches: an import brings thousands within seconds. */
function gathering(send: (events: TelemetryEvent[]) => void): (event: TelemetryEvent) => void {
  let waiting: TelemetryEvent[] = [];
  return (event) => {
    waiting.push(event);
    if (waiting.length > 1) return;
    setTimeout(() => {
      const events = waiting;
      waiting = [];
      send(events);
    }, GATHER_MS);
  };
}

/** The result of some work, or the problem document of its error. */
export async function answered<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { result: await work() };
  } catch (error) {
    return { problem: TelemetryError.from(error).toProblem() };
  }
}
