/**
 * Keeps one engine host running: starts it, watches it, starts it again with a growing delay when it ends by itself, and
 * ends it in order. Never gives up: after {@link FAILING_AFTER} failures in a row it says so and tries on, seldom.
 */
import type { FromHost, ToHost } from '../engine/messages.ts';

/** A running engine host, whatever it runs in. */
export interface HostProcess {
  post(message: ToHost): void;
  onMessage(listener: (message: FromHost) => void): void;
  /** Called once, however the host ended. */
  onExit(listener: (code: number) => void): void;
  kill(): void;
}

/** How the engine is, for the page and the log. `failing`: it failed several times in a row. */
export type EngineState =
  | { kind: 'starting' }
  | { kind: 'ready' }
  | { kind: 'restarting'; why: string }
  | { kind: 'failing'; why: string }
  | { kind: 'stopped' };

export interface SupervisorOptions {
  start(): HostProcess;
  log(line: string): void;
  /** Replaced in tests. */
  after?: Delay;
}

/** Calls `work` after a delay; the result takes that back. */
export type Delay = (ms: number, work: () => void) => () => void;

/** Delay before the first restart; doubled with each failure in a row, up to {@link LONGEST_DELAY_MS}. */
export const FIRST_DELAY_MS = 250;
export const LONGEST_DELAY_MS = 30_000;
/** Running this long makes earlier failures history. */
export const STEADY_MS = 60_000;
/** A host that is not ready by now is ended and started again; it waits up to 15 s for another owner itself. */
export const START_PATIENCE_MS = 45_000;
/** Time to close the session in, before the host is killed. */
export const STOP_PATIENCE_MS = 10_000;
export const FAILING_AFTER = 5;

export class EngineSupervisor {
  readonly #options: Required<SupervisorOptions>;
  readonly #onMessage = new Set<(message: FromHost) => void>();
  readonly #onState = new Set<(state: EngineState) => void>();
  #state: EngineState = { kind: 'stopped' };
  #host: HostProcess | undefined;
  #failures = 0;
  #takeBack = () => {};
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = { after: afterDelay, ...options };
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Starts the first host. */
  start(): void {
    if (this.#host || this.#stopping) return;
    this.#enter({ kind: 'starting' });
    this.#launch();
  }

  /** Hands a message to the host. Only while the state is `ready`: a host that is gone takes none. */
  post(message: ToHost): void {
    this.#host?.post(message);
  }

  /** Answers and events of whichever host runs. */
  onMessage(listener: (message: FromHost) => void): void {
    this.#onMessage.add(listener);
  }

  /** Called at each change of state; the result ends that. */
  onState(listener: (state: EngineState) => void): () => void {
    this.#onState.add(listener);
    return () => this.#onState.delete(listener);
  }

  /** Closes the host's session and waits until the process is gone; kills it where that takes too long. */
  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: string): Promise<void> {
    this.#takeBack();
    const host = this.#host;
    if (host) {
      const gone = new Promise<void>((resolve) => host.onExit(() => resolve()));
      host.post({ kind: 'close', reason });
      const takeBack = this.#options.after(STOP_PATIENCE_MS, () => {
        this.#options.log('the engine did not close in time and is killed');
        host.kill();
      });
      await gone;
      takeBack();
    }
    this.#enter({ kind: 'stopped' });
  }

  #launch(): void {
    const { start, after, log } = this.#options;
    const host = start();
    let why = 'it was not ready in time';
    this.#host = host;
    this.#takeBack = after(START_PATIENCE_MS, () => host.kill());
    host.onMessage((message) => {
      if (host !== this.#host) return;
      if (message.kind === 'ready') this.#ready(message.owner);
      else if (message.kind === 'failed') {
        why = message.problem.detail;
        host.kill();
      } else {
        for (const listener of this.#onMessage) listener(message);
      }
    });
    host.onExit((code) => {
      if (host !== this.#host) return;
      this.#host = undefined;
      if (this.#stopping) return;
      if (this.#state.kind === 'ready') why = `it ended with code ${code}`;
      log(`the engine is gone: ${why}`);
      this.#restart(why);
    });
  }

  #ready(owner: boolean): void {
    this.#takeBack();
    this.#options.log(owner ? 'the engine is ready' : 'attached to the engine of another process');
    this.#takeBack = this.#options.after(STEADY_MS, () => {
      this.#failures = 0;
    });
    this.#enter({ kind: 'ready' });
  }

  #restart(why: string): void {
    this.#takeBack();
    const delay = Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LONGEST_DELAY_MS);
    this.#failures++;
    this.#takeBack = this.#options.after(delay, () => this.#launch());
    this.#enter({ kind: this.#failures >= FAILING_AFTER ? 'failing' : 'restarting', why });
  }

  #enter(state: EngineState): void {
    this.#state = state;
    for (const listener of this.#onState) listener(state);
  }
}

/** By the system's clock. */
export const afterDelay: Delay = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};
