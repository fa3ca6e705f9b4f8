/**
 * A session with the engine of a data folder. Whoever comes first takes the lock and hosts the engine; the others
 * attach to it over the local socket. When the host goes, the next call of an attached session takes over or attaches
 * to whoever did, and is repeated there: events carry their ids from the first try, so none is stored twice.
 */
import { chmodSync, rmSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Caller } from '../../api/dispatch.ts';
import type { CallContext, TelemetryClient } from '../../contract/client.ts';
import { TelemetryError } from '../../contract/errors.ts';
import type { EventInput } from '../../contract/event.ts';
import type { MethodName, Params, Result } from '../../contract/methods.ts';
import { uuidV7Source } from '../../events/ids.ts';
import type { DataFolder } from '../data-folder.ts';
import { buildServer } from '../http/server.ts';
import { OwnerLock } from '../owner/lock.ts';
import { nodePlatform } from '../platform.ts';
import { type Backend, type HostedEngine, type HostOptions, hostEngine } from './host.ts';
import { answersAt, remoteBackend } from './remote.ts';

/** How long to wait for an owner that holds the lock and does not answer yet. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 50;

interface Connection {
  backend: Backend;
  hosted?: { engine: HostedEngine; socket: FastifyInstance; lock: OwnerLock };
}

export class Session implements Backend {
  readonly folder: DataFolder;
  readonly #options: HostOptions;
  readonly #newId = uuidV7Source(nodePlatform);
  readonly #sessionId = this.#newId();
  #connection: Connection;
  #reconnecting: Promise<void> | undefined;
  #closed = false;

  private constructor(folder: DataFolder, options: HostOptions, connection: Connection) {
    this.folder = folder;
    this.#options = options;
    this.#connection = connection;
  }

  /** Hosts the engine or attaches to its host. Throws `unavailable` where neither works within fifteen seconds. */
  static async open(folder: DataFolder, options: HostOptions = {}): Promise<Session> {
    return new Session(folder, options, await connect(folder, options));
  }

  /** Whether this process hosts the engine. */
  get isOwner(): boolean {
    return this.#connection.hosted !== undefined;
  }

  readonly dispatch = async <M extends MethodName>(
    method: M,
    params: Params<M>,
    caller: Caller,
  ): Promise<Result<M>> => {
    const sent =
      method === 'events.record' ? (this.#named(params as Params<'events.record'>) as Params<M>) : params;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#connection.backend.dispatch(method, sent, caller);
      } catch (error) {
        const lost = TelemetryError.is(error, 'unavailable') && !this.isOwner && !this.#closed;
        if (!lost || attempt >= 3) throw error;
        await this.#reconnect();
      }
    }
  };

  /** Only where this process hosts the engine; an attached session sends events that carry their ids. */
  get record(): Backend['record'] {
    return this.#connection.backend.record;
  }

  readonly subscribe: Backend['subscribe'] = (options, onEvent) =>
    this.#connection.backend.subscribe(options, onEvent);

  readonly onLearned: Backend['onLearned'] = (listener) => this.#connection.backend.onLearned(listener);

  /** A client that calls with the full role, for code in this process. */
  client(context: CallContext = {}): TelemetryClient {
    const caller = { role: 'admin', via: 'in-process', sessionId: this.#sessionId, ...context } as const;
    return {
      call: (method, params) => this.dispatch(method, params, { requestId: this.#newId(), ...caller }),
      subscribe: this.subscribe,
    };
  }

  /** Ends the session; a host records why and ends the engine. */
  async close(reason = 'closed'): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await end(this.#connection, reason);
  }

  /** The events with ids and times, so that sending them again is harmless. Malformed ones stay as they are. */
  #named(params: Params<'events.record'>): Params<'events.record'> {
    const named = (event: unknown) => {
      if (typeof event !== 'object' || event === null || Array.isArray(event)) return event as EventInput;
      const timestamp = new Date(nodePlatform.now()).toISOString();
      return { id: this.#newId(), timestamp, ...event } as EventInput;
    };
    if (Array.isArray(params)) return params.map(named);
    if (typeof params !== 'object' || params === null || !('events' in params)) return named(params);
    return Array.isArray(params.events) ? { ...params, events: params.events.map(named) } : params;
  }

  #reconnect(): Promise<void> {
    this.#reconnecting ??= connect(this.folder, this.#options)
      .then(async (connection) => {
        if (this.#closed) await end(connection, 'closed');
        else this.#connection = connection;
      })
      .finally(() => {
        this.#reconnecting = undefined;
      });
    return this.#reconnecting;
  }
}

async function connect(folder: DataFolder, options: HostOptions): Promise<Connection> {
  const socketPath = folder.socketPath();
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    const lock = OwnerLock.tryAcquire(folder);
    if (lock) return host(folder, options, socketPath, lock);
    if (await answersAt(socketPath)) return { backend: remoteBackend(socketPath) };
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new TelemetryError(
    'unavailable',
    `Another process holds ${folder.path} and does not answer. End it, or choose another data folder.`,
  );
}

/** A host ends its engine and frees the folder; for an attached session there is nothing to do. */
async function end({ hosted }: Connection, reason: string): Promise<void> {
  if (!hosted) return;
  await hosted.socket.close();
  await hosted.engine.close(reason);
  hosted.lock.release();
}

async function host(
  folder: DataFolder,
  options: HostOptions,
  socketPath: string,
  lock: OwnerLock,
): Promise<Connection> {
  try {
    const engine = await hostEngine(folder, options);
    const { app } = await buildServer({ backend: engine, access: { kind: 'socket' } });
    if (process.platform !== 'win32') rmSync(socketPath, { force: true });
    await app.listen({ path: socketPath });
    if (process.platform !== 'win32') chmodSync(socketPath, 0o600);
    return { backend: engine, hosted: { engine, socket: app, lock } };
  } catch (error) {
    lock.release();
    throw error;
  }
}
