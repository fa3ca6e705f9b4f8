/** An engine host without an engine, and a clock that moves when told: what the supervisor needs, under control. */
import assert from 'node:assert/strict';
import type { FromHost, ToHost } from '../../../desktop/engine/messages.ts';
import {
  EngineSupervisor,
  type HostProcess,
  type SupervisorOptions,
} from '../../../desktop/main/engine-supervisor.ts';

export class FakeHost implements HostProcess {
  readonly received: ToHost[] = [];
  killed = false;
  readonly #onMessage: ((message: FromHost) => void)[] = [];
  readonly #onExit: ((code: number) => void)[] = [];

  post(message: ToHost): void {
    this.received.push(message);
  }

  onMessage(listener: (message: FromHost) => void): void {
    this.#onMessage.push(listener);
  }

  onExit(listener: (code: number) => void): void {
    this.#onExit.push(listener);
  }

  kill(): void {
    this.killed = true;
    this.exit(9);
  }

  say(message: FromHost): void {
    for (const listener of this.#onMessage) listener(message);
  }

  ready(): void {
    this.say({ kind: 'ready', owner: true });
  }

  exit(code: number): void {
    for (const listener of this.#onExit.splice(0)) listener(code);
  }
}

export class FakeClock {
  #now = 0;
  #timers: { at: number; work: () => void }[] = [];

  readonly after = (ms: number, work: () => void): (() => void) => {
    const timer = { at: this.#now + ms, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Moves on, and does what is due by then, in order. */
  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      this.#now = next.at;
      this.#timers = this.#timers.filter((other) => other !== next);
      next.work();
    }
    this.#now = until;
  }

  get waiting(): number {
    return this.#timers.length;
  }
}

export interface Supervised {
  supervisor: EngineSupervisor;
  clock: FakeClock;
  hosts: FakeHost[];
  /** The host started last. */
  host(): FakeHost;
  log: string[];
}

/** A supervisor over fake hosts; not started yet. */
export function supervised(options: Partial<SupervisorOptions> = {}): Supervised {
  const hosts: FakeHost[] = [];
  const log: string[] = [];
  const clock = new FakeClock();
  const supervisor = new EngineSupervisor({
    start: () => {
      const host = new FakeHost();
      hosts.push(host);
      return host;
    },
    log: (line) => log.push(line),
    after: clock.after,
    ...options,
  });
  const host = () => hosts.at(-1) ?? assert.fail('no host was started');
  return { supervisor, clock, hosts, host, log };
}
