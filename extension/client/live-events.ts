/** Live events of the engine, whichever process hosts it; taken up again when it comes back. */
import * as vscode from 'vscode';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import { DisposableStore } from './disposables.ts';
import type { EngineClient } from './engine-client.ts';

export class LiveEvents extends DisposableStore {
  readonly #engine: EngineClient;
  readonly #events = this.add(new vscode.EventEmitter<readonly TelemetryEvent[]>());
  readonly #connected = this.add(new vscode.EventEmitter<void>());
  #unsubscribe: (() => void) | undefined;
  #running = false;

  readonly onEvents = this.#events.event;
  /** The engine can be reached, for the first time or again: what was known may be old. */
  readonly onConnected = this.#connected.event;

  constructor(engine: EngineClient) {
    super('live events');
    this.#engine = engine;
    this.add(engine.onStatus(({ engine: state }) => this.#follow(state === 'running')));
    this.add({ dispose: () => this.#unsubscribe?.() });
  }

  #follow(running: boolean): void {
    if (running === this.#running) return;
    this.#running = running;
    this.#unsubscribe = running
      ? this.#engine.subscribe({}, (events) => this.#events.fire(events))
      : undefined;
    if (running) this.#connected.fire();
  }
}
