/**
 * Calls and subscriptions of the page, across restarts of the engine host. A call that was under way when the host ended
 * is repeated where that does no harm, else refused with the reason; a subscription goes on behind its last event.
 */
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { type MethodName, methods, type Params, type Result } from '../../core/contract/methods.ts';
import { uuidV7Source } from '../../core/events/ids.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import type { FromHost, SubscribeOptions } from '../engine/messages.ts';
import type { EngineState, EngineSupervisor } from './engine-supervisor.ts';

/** A request that ends the host this often is not sent again: it may be what ends it. */
const MOST_TRIES = 3;

interface Pending {
  method: MethodName;
  params: unknown;
  /** How often it was handed to a host. */
  tries: number;
  resolve(result: unknown): void;
  reject(error: TelemetryError): void;
}

interface Subscription {
  /** `after` moves on with the events. */
  options: SubscribeOptions;
  /** Whether a host had it. */
  begun: boolean;
  onEvents(events: TelemetryEvent[]): void;
}

export class EngineRelay {
  readonly #supervisor: EngineSupervisor;
  readonly #newId = uuidV7Source(nodePlatform);
  readonly #pending = new Map<number, Pending>();
  readonly #subscriptions = new Map<number, Subscription>();
  #lastId = 0;
  #gap = false;

  constructor(supervisor: EngineSupervisor) {
    this.#supervisor = supervisor;
    supervisor.onMessage((message) => this.#receive(message));
    supervisor.onState((state) => this.#enter(state));
  }

  /** Waits where the engine is not ready; rejects with `unavailable` where it is not coming. */
  readonly call = <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> => {
    const { state } = this.#supervisor;
    if (state.kind === 'failing' || state.kind === 'stopped') return Promise.reject(notThere(state));
    return new Promise<Result<M>>((resolve, reject) => {
      const id = ++this.#lastId;
      const sent = method === 'events.record' ? this.#named(params) : params;
      this.#pending.set(id, {
        method,
        params: sent,
        tries: 0,
        resolve: resolve as Pending['resolve'],
        reject,
      });
      if (state.kind === 'ready') this.#send(id);
    });
  };

  /** Live events, as many at a time as were recorded together; the result ends it. */
  subscribe(options: SubscribeOptions, onEvents: (events: TelemetryEvent[]) => void): () => void {
    const id = ++this.#lastId;
    this.#subscriptions.set(id, { options: { ...options }, begun: false, onEvents });
    if (this.#isReady) this.#begin(id);
    return () => {
      if (this.#subscriptions.delete(id) && this.#isReady) this.#supervisor.post({ kind: 'unsubscribe', id });
    };
  }

  /**
   * Whether a subscription may have missed events when the engine came back last: it had seen none before, so there
   * was no place to go on from.
   */
  get hadGap(): boolean {
    return this.#gap;
  }

  get #isReady(): boolean {
    return this.#supervisor.state.kind === 'ready';
  }

  #receive(message: FromHost): void {
    switch (message.kind) {
      case 'events':
        this.#deliver(message.id, message.events);
        break;
      case 'result':
        this.#take(message.id)?.resolve(message.result);
        break;
      case 'problem':
        this.#take(message.id)?.reject(TelemetryError.fromProblem(message.problem, message.problem.status));
        break;
    }
  }

  #deliver(id: number, events: TelemetryEvent[]): void {
    const subscription = this.#subscriptions.get(id);
    const last = events.at(-1);
    if (!subscription || !last) return;
    subscription.options.after = last.sequence;
    subscription.onEvents(events);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #enter(state: EngineState): void {
    if (state.kind === 'ready') {
      const all = [...this.#subscriptions.values()];
      this.#gap = all.some(({ begun, options }) => begun && options.after === undefined);
      for (const id of this.#subscriptions.keys()) this.#begin(id);
      for (const id of [...this.#pending.keys()]) this.#send(id);
      return;
    }
    const hopeless = state.kind === 'failing' || state.kind === 'stopped';
    for (const [id, { method, tries, reject }] of this.#pending) {
      if (!hopeless && (tries === 0 || (isRepeatable(method) && tries < MOST_TRIES))) continue;
      this.#pending.delete(id);
      reject(tries > 0 ? cutShort(method) : notThere(state));
    }
  }

  #begin(id: number): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    subscription.begun = true;
    this.#supervisor.post({ kind: 'subscribe', id, options: { ...subscription.options } });
  }

  #send(id: number): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    pending.tries++;
    this.#supervisor.post({ kind: 'call', id, method: pending.method, params: pending.params });
  }

  /** Events with their ids from the first try, so that a repeat is stored once. Malformed ones stay as they are. */
  #named(params: unknown): unknown {
    const named = (event: unknown) =>
      isObject(event) ? { id: this.#newId(), timestamp: new Date().toISOString(), ...event } : event;
    if (Array.isArray(params)) return params.map(named);
    if (!isObject(params) || !('events' in params)) return named(params);
    return Array.isArray(params.events) ? { ...params, events: params.events.map(named) } : params;
  }
}

/** Whether doing it twice is as good as doing it once: it only reads, or what it writes carries its id. */
export function isRepeatable(method: MethodName): boolean {
  const { rest, role } = methods[method];
  return rest.verb === 'GET' || role === 'viewer' || method === 'events.record';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function notThere(state: EngineState): TelemetryError {
  if (!('why' in state)) return new TelemetryError('unavailable', 'The engine is not running.');
  const why = state.why.replace(/\.$/, '');
  return new TelemetryError(
    'unavailable',
    `The engine is not running: ${why}. It is started again by itself.`,
  );
}

function cutShort(method: MethodName): TelemetryError {
  return new TelemetryError(
    'unavailable',
    `The engine ended during ${method}, so it may or may not be done. Look before you try again.`,
  );
}
