/** One page and its engine: answers what the page says, and tells it when the engine goes and comes back. */

import type { HostMessage, PageMessage, PageTheme, SavedFile } from '../../core/contract/bridge.ts';
import { PageRequests } from '../../core/contract/page-requests.ts';
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
  saveFile(file: SavedFile): void;
  /** Calls `work` after a delay; the result takes that back. Replaced in tests. */
  after?: Delay;
}

/** An engine that is back this soon is not worth a word: its calls are repeated and its events go on. */
export const GRACE_MS = 3_000;

export class PageLink {
  readonly #options: PageLinkOptions;
  readonly #requests: PageRequests;
  #toldGone = false;
  #hasBegun = false;
  #takeBack: (() => void) | undefined;

  constructor(options: PageLinkOptions) {
    this.#options = options;
    this.#requests = new PageRequests(options.relay, options.send);
    options.supervisor.onState((state) => this.#enter(state));
  }

  /** Takes a message that was checked. */
  receive(message: PageMessage): void {
    if (this.#requests.receive(message)) return;
    switch (message.kind) {
      case 'ready':
        this.#begin();
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
    this.#hasBegun = false;
    this.#requests.leave();
  }

  /** Leads the page there, at once or when it has begun. */
  goTo(route: string): void {
    this.#options.keepRoute(route);
    if (this.#hasBegun) this.#options.send({ kind: 'route', route });
  }

  /** Tells the page which theme the reader chose. */
  changeTheme(theme: PageTheme): void {
    this.#options.send({ kind: 'theme', theme });
  }

  #begin(): void {
    const { send, begun, theme, route, supervisor } = this.#options;
    this.leave();
    this.#hasBegun = true;
    this.#toldGone = false;
    const at = route();
    send({ kind: 'start', theme: theme(), ...(at === undefined ? {} : { route: at }) });
    if (supervisor.state.kind !== 'ready') this.#enter(supervisor.state);
    begun();
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
    this.#requests.leave();
    this.#options.send({ kind: 'connection', connected: false });
  }

  #tellBack(): void {
    this.#waitNoMore();
    if (this.#options.relay.hadGap) this.#tellGone();
    if (!this.#toldGone) return;
    this.#toldGone = false;
    this.#requests.endSubscriptions();
    this.#options.send({ kind: 'connection', connected: true });
  }

  #waitNoMore(): void {
    this.#takeBack?.();
    this.#takeBack = undefined;
  }
}
