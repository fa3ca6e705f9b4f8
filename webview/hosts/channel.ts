/** The client over a message channel, for VS Code and the desktop app: numbered requests, numbered subscriptions. */
import { type Signal, signal } from '@preact/signals';
import type { HostMessage, PreloadBridge } from '../../core/contract/bridge.ts';
import type { Subscribe, TelemetryClient, Transport } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';

interface Pending {
  resolve(result: unknown): void;
  reject(error: TelemetryError): void;
}

interface Subscription {
  filter: Parameters<Subscribe>[0]['filter'];
  onEvent: Parameters<Subscribe>[1];
  /** Sequence of the last event seen. */
  after: number | undefined;
}

export class ChannelClient implements TelemetryClient {
  readonly connected: Signal<boolean> = signal(true);
  readonly #bridge: Pick<PreloadBridge, 'post'>;
  readonly #pending = new Map<number, Pending>();
  readonly #subscriptions = new Map<number, Subscription>();
  #lastId = 0;

  constructor(bridge: PreloadBridge) {
    this.#bridge = bridge;
    bridge.listen((message) => this.#receive(message));
  }

  readonly call: Transport = (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      this.#bridge.post({ kind: 'request', id, method, params });
    });

  readonly subscribe: Subscribe = ({ after, filter }, onEvent) => {
    const id = ++this.#lastId;
    this.#subscriptions.set(id, { filter, onEvent, after });
    this.#ask(id);
    return () => {
      if (this.#subscriptions.delete(id)) this.#bridge.post({ kind: 'unsubscribe', id });
    };
  };

  #ask(id: number): void {
    const { after, filter } = this.#subscriptions.get(id) ?? {};
    this.#bridge.post({
      kind: 'subscribe',
      id,
      ...(after === undefined ? {} : { after }),
      ...(filter ? { filter } : {}),
    });
  }

  #receive(message: HostMessage): void {
    if (message.kind === 'response') this.#answer(message);
    else if (message.kind === 'connection') this.#connection(message.connected);
    else if (message.kind === 'events') {
      const subscription = this.#subscriptions.get(message.id);
      for (const event of subscription ? message.events : []) {
        if (!subscription || event.sequence <= (subscription.after ?? 0)) continue;
        subscription.after = event.sequence;
        subscription.onEvent(event);
      }
    }
  }

  #answer({ id, result, problem }: Extract<HostMessage, { kind: 'response' }>): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (problem) pending?.reject(TelemetryError.fromProblem(problem, problem.status));
    else pending?.resolve(result);
  }

  /** Nothing more comes for what was asked of an engine that went away; a new one is subscribed to where we left off. */
  #connection(connected: boolean): void {
    const before = this.connected.value;
    this.connected.value = connected;
    if (!connected) {
      for (const { reject } of this.#pending.values())
        reject(new TelemetryError('unavailable', 'The engine cannot be reached. It is being started again.'));
      this.#pending.clear();
    } else if (!before) {
      for (const id of this.#subscriptions.keys()) this.#ask(id);
    }
  }
}
