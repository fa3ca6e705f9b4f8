/** One page and its engine: answers what the page says, and tells it when the engine goes and comes back. */
import type { HostMessage, PageMessage, PageTheme } from '../../core/contract/bridge.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { EngineRelay } from './engine-relay.ts';
import { afterDelay, type Delay, type EngineState, type EngineSupervisor } from './engine-supervisor.ts';

export interface PageLinkOptions {
  relay: EngineRelay;
  supervisor: EngineSupervisor;
  send(message: HostMessage): void;
  /** A page is there: its script runs, and what it draws first has its colours. */
  begun(): void;
  theme(): PageTheme;
  /** Where the reader was when the app was closed. */
  route(): string | undefined;
  keepRoute(route: string): void;
  saveFile(file: { name: string; mediaType: string; text: string }): void;
  /** Calls `work` after a delay; the result takes that back. Replaced in tests. */
  after?: Delay;
}

/** An engine that is back this soon is not worth a word: its calls are repeated and its events go on. */
export const GRACE_MS = 1_500;

export class PageLink {
  readonly #options: PageLinkOptions;
  readonly #subscriptions = new Map<number, () => void>();
  /** Counts the pages: an answer for a page that was left since is dropped. */
  #page = 0;
  #toldGone = false;
  #takeBack: (() => void) | undefined;

  constructor(options: PageLinkOptions) {
    this.#options = options;
    options.supervisor.onState((state) => this.#enter(state));
  }

  /** Takes a message that was checked. */
  receive(message: PageMessage): void {
    switch (message.kind) {
      case 'ready':
        this.#begin();
        break;
      case 'request':
        void this.#answer(message);
        break;
      case 'subscribe':
        this.#subscribe(message);
        break;
      case 'unsubscribe':
        this.#unsubscribe(message.id);
        break;
      case 'route':
        this.#options.keepRoute(message.route);
        break;
      case 'save':
        this.#options.saveFile(message);
        break;
    }
  }

  /** The page is gone, or about to be loaded again: it gets no more answers and no more events. */
  leave(): void {
    this.#page++;
    this.#endSubscriptions();
  }

  /** Tells the page which theme the reader chose. */
  changeTheme(theme: PageTheme): void {
    this.#options.send({ kind: 'theme', theme });
  }

  #begin(): void {
    const { send, begun, theme, route, supervisor } = this.#options;
    this.leave();
    this.#toldGone = false;
    const at = route();
    send({ kind: 'start', theme: theme(), ...(at === undefined ? {} : { route: at }) });
    if (supervisor.state.kind !== 'ready') this.#enter(supervisor.state);
    begun();
  }

  async #answer({ id, method, params }: Extract<PageMessage, { kind: 'request' }>): Promise<void> {
    const page = this.#page;
    const answer = await this.#options.relay.call(method, params as never).then(
      (result): HostMessage => ({ kind: 'response', id, result }),
      (error): HostMessage => ({ kind: 'response', id, problem: problemOf(error) }),
    );
    if (page === this.#page) this.#options.send(answer);
  }

  #subscribe({ id, after, filter }: Extract<PageMessage, { kind: 'subscribe' }>): void {
    const { relay, send } = this.#options;
    this.#unsubscribe(id);
    const options = {
      ...(after === undefined ? {} : { after }),
      ...(filter === undefined ? {} : { filter }),
    };
    this.#subscriptions.set(
      id,
      relay.subscribe(options, (events) => send({ kind: 'events', id, events })),
    );
  }

  #unsubscribe(id: number): void {
    this.#subscriptions.get(id)?.();
    this.#subscriptions.delete(id);
  }

  #endSubscriptions(): void {
    for (const id of [...this.#subscriptions.keys()]) this.#unsubscribe(id);
  }

  #enter(state: EngineState): void {
    if (state.kind === 'failing') this.#tellGone();
    else if (state.kind === 'restarting' && !this.#toldGone) {
      const { after = afterDelay } = this.#options;
      this.#takeBack ??= after(GRACE_MS, () => this.#tellGone());
    } else if (state.kind === 'ready') this.#tellBack();
  }

  /** The page gives up what it asked for, and subscribes again when it is told that the engine is back. */
  #tellGone(): void {
    this.#waitNoMore();
    if (this.#toldGone) return;
    this.#toldGone = true;
    this.leave();
    this.#options.send({ kind: 'connection', connected: false });
  }

  #tellBack(): void {
    this.#waitNoMore();
    if (this.#options.relay.hadGap) this.#tellGone();
    if (!this.#toldGone) return;
    this.#toldGone = false;
    this.#endSubscriptions();
    this.#options.send({ kind: 'connection', connected: true });
  }

  #waitNoMore(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }
}

function problemOf(error: unknown) {
  if (TelemetryError.is(error)) return error.toProblem();
  return new TelemetryError('internal', error instanceof Error ? error.message : String(error)).toProblem();
}
