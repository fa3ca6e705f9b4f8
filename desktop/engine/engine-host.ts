/**
 * Answers the main process with the session of a data folder: calls of the method table, and live events. Knows no
 * Electron, so that it runs behind any channel.
 */
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { uuidV7Source } from '../../core/events/ids.ts';
import type { Backend } from '../../core/node/engine/host.ts';
import type { Session } from '../../core/node/engine/session.ts';
import { nodePlatform } from '../../core/node/platform.ts';
import type { FromHost, SubscribeOptions, ToHost } from './messages.ts';

/** What the host needs of a session. */
export type HostSession = Backend & Pick<Session, 'isOwner' | 'close'>;

export class EngineHost {
  readonly #session: Promise<HostSession>;
  readonly #post: (message: FromHost) => void;
  readonly #newId = uuidV7Source(nodePlatform);
  readonly #sessionId = this.#newId();
  readonly #subscriptions = new Map<number, () => void>();

  /** Opens the session at once and says `ready`, or `failed` with the reason. */
  constructor(open: () => Promise<HostSession>, post: (message: FromHost) => void) {
    this.#post = post;
    this.#session = open();
    this.#session.then(
      ({ isOwner }) => post({ kind: 'ready', owner: isOwner }),
      (error) => post({ kind: 'failed', problem: problemOf(error) }),
    );
  }

  /** Takes one message of the main process; `close` resolves when the session is closed. */
  async handle(message: ToHost): Promise<void> {
    switch (message.kind) {
      case 'call':
        return this.#call(message);
      case 'subscribe':
        return this.#subscribe(message.id, message.options);
      case 'unsubscribe':
        return this.#unsubscribe(message.id);
      case 'close':
        return this.close(message.reason);
    }
  }

  /** Ends subscriptions and session: everything acknowledged is on the disk when this resolves. */
  async close(reason: string): Promise<void> {
    for (const id of [...this.#subscriptions.keys()]) this.#unsubscribe(id);
    const session = await this.#session.catch(() => undefined);
    await session?.close(reason);
  }

  async #call({ id, method, params }: Extract<ToHost, { kind: 'call' }>): Promise<void> {
    const requestId = this.#newId();
    try {
      const session = await this.#session;
      const caller = { role: 'admin', via: 'desktop', requestId, sessionId: this.#sessionId } as const;
      this.#post({ kind: 'result', id, result: await session.dispatch(method, params as never, caller) });
    } catch (error) {
      this.#post({ kind: 'problem', id, problem: problemOf(error, requestId) });
    }
  }

  /** Events that are recorded together are handed over together. */
  async #subscribe(id: number, options: SubscribeOptions): Promise<void> {
    const session = await this.#session;
    let waiting: TelemetryEvent[] = [];
    const flush = () => {
      const events = waiting;
      waiting = [];
      if (this.#subscriptions.has(id)) this.#post({ kind: 'events', id, events });
    };
    this.#unsubscribe(id);
    this.#subscriptions.set(
      id,
      session.subscribe(options, (event) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push(event);
      }),
    );
  }

  #unsubscribe(id: number): void {
    this.#subscriptions.get(id)?.();
    this.#subscriptions.delete(id);
  }
}

/** Unexpected errors go to the log with their stack and to the page without it. */
function problemOf(error: unknown, requestId?: string) {
  if (TelemetryError.is(error)) return error.toProblem(requestId);
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return new TelemetryError(
    'internal',
    'Something went wrong in the engine; its log has the details.',
  ).toProblem(requestId);
}
