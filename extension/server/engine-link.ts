/**
 * The server's link to the engine: opens a session on the data folder, which hosts the engine or attaches to the one
 * that runs, and keeps it up. Where another process hosts the engine and goes, this one takes over at once.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { DataFolder } from '../../core/node/data-folder.ts';
import { Session } from '../../core/node/engine/session.ts';
import type { ServerStatus } from '../protocol.ts';

export type LinkState = Pick<ServerStatus, 'engine' | 'problem' | 'hostedHere'>;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A take-over that is done sooner than this is not worth a word. */
const UNNOTICED_MS = 500;
const BETWEEN_LOOKS_MS = 100;

export class EngineLink {
  readonly #path: string | undefined;
  readonly #onChange: () => void;
  readonly #opened = Promise.withResolvers<Session>();
  #state: LinkState = { engine: 'starting', hostedHere: false };
  #session: Session | undefined;
  #watched: Socket | undefined;
  #closed = false;

  /** @param path of the data folder; undefined for the usual one */
  constructor(path: string | undefined, onChange: () => void) {
    this.#path = path;
    this.#onChange = onChange;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Resolves once the engine can be reached for the first time. */
  session(): Promise<Session> {
    return this.#opened.promise;
  }

  /** Opens the session, trying again for as long as it takes, and stays with it until {@link close}. */
  async run(): Promise<void> {
    for (let wait = FIRST_WAIT_MS; !this.#closed; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        const session = await Session.open(new DataFolder(this.#path || undefined));
        this.#session = session;
        if (this.#closed) return await session.close('editor closed');
        this.#opened.resolve(session);
        this.#running(session);
        return await this.#watchHost(session);
      } catch (error) {
        this.#lost(error);
        await delay(wait);
      }
    }
  }

  async close(reason: string): Promise<void> {
    this.#closed = true;
    this.#watched?.destroy();
    await this.#session?.close(reason);
  }

  /** While another process hosts the engine: when it goes, the next call takes over or attaches to who did. */
  async #watchHost(session: Session): Promise<void> {
    while (!session.isOwner) {
      await this.#hostGone(session.folder.socketPath());
      await delay(BETWEEN_LOOKS_MS);
      if (this.#closed) return;
      const slow = setTimeout(() => this.#set({ engine: 'starting', hostedHere: false }), UNNOTICED_MS);
      try {
        await session.client().call('health.get', {});
        this.#running(session);
      } catch (error) {
        this.#lost(error);
        await delay(FIRST_WAIT_MS);
      } finally {
        clearTimeout(slow);
      }
    }
  }

  /** Resolves when a connection to the host ends, which it does with the host, or cannot be made. */
  #hostGone(socketPath: string): Promise<void> {
    return new Promise((resolve) => {
      this.#watched = connect(socketPath);
      this.#watched.on('error', () => undefined);
      this.#watched.on('close', () => resolve());
      this.#watched.resume();
    });
  }

  #running(session: Session): void {
    this.#set({ engine: 'running', hostedHere: session.isOwner });
  }

  #lost(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.#set({ engine: 'lost', hostedHere: false, problem });
  }

  #set(state: LinkState): void {
    if (this.#closed || JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#onChange();
  }
}
