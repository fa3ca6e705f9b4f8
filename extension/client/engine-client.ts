/**
 * The editor's end of the language server: starts it, starts it again when it crashes, and carries calls to the engine
 * that it hosts or is attached to.
 */
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import type { TelemetryClient } from '../../core/contract/client.ts';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import {
  type Answer,
  CALL,
  EVENTS,
  type EventsParams,
  PREFERENCES,
  type Preferences,
  type ServerOptions,
  type ServerStatus,
  STATUS,
  SUBSCRIBE,
  type SubscribeParams,
  UNSUBSCRIBE,
} from '../protocol.ts';
import { RestartPolicy } from './restart-policy.ts';

export interface EngineClientOptions {
  /** Path of the bundled server. */
  module: string;
  log: vscode.LogOutputChannel;
  preferences: () => Preferences;
  /** Path of the data folder; empty for the usual one. */
  dataFolder: () => string;
}

/** A closing editor gives its extensions about four seconds. */
const STOP_MS = 3_500;

export class EngineClient implements vscode.Disposable {
  readonly #options: EngineClientOptions;
  readonly #policy = new RestartPolicy();
  readonly #statusChanged = new vscode.EventEmitter<ServerStatus>();
  readonly #listeners = new Map<number, (events: TelemetryEvent[]) => void>();
  readonly #client: LanguageClient;
  #status: ServerStatus = {
    engine: 'starting',
    hostedHere: false,
    dataFolder: '',
    folders: [],
    today: [],
  };
  #subscriptions = 0;
  #saidOnce = false;
  #ended = false;

  readonly onStatus = this.#statusChanged.event;

  constructor(options: EngineClientOptions) {
    this.#options = options;
    this.#client = this.#makeClient();
    this.#client.onNotification(STATUS, (status: ServerStatus) => this.#set(status));
    this.#client.onNotification(EVENTS, ({ subscription, events }: EventsParams) =>
      this.#listeners.get(subscription)?.(events),
    );
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** Resolves when the server answers; where that fails, the status says so. */
  async start(): Promise<void> {
    try {
      await this.#client.start();
    } catch (error) {
      this.#lost(said(error));
    }
  }

  /** At a person's request. */
  async restart(): Promise<void> {
    this.#policy.forgive();
    this.#set({ ...withoutProblem(this.#status), engine: 'starting' });
    if (this.#client.state === State.Running) await this.#client.stop(STOP_MS).catch(() => undefined);
    await this.start();
  }

  /** Ends the server; what was acknowledged is on the disk. */
  async stop(): Promise<void> {
    this.#ended = true;
    if (this.#client.state === State.Running) await this.#client.stop(STOP_MS).catch(() => undefined);
  }

  dispose(): void {
    this.#statusChanged.dispose();
  }

  readonly call: TelemetryClient['call'] = (method, params) => this.request(CALL, { method, params });

  /** Live events until the result is called or the engine goes. Subscribe again when it is back. */
  subscribe(
    options: Omit<SubscribeParams, 'subscription'>,
    onEvents: (events: TelemetryEvent[]) => void,
  ): () => void {
    const subscription = ++this.#subscriptions;
    this.#listeners.set(subscription, onEvents);
    const params: SubscribeParams = { subscription, ...options };
    void this.#client.sendRequest(SUBSCRIBE, params).catch(() => undefined);
    return () => {
      this.#listeners.delete(subscription);
      void this.#client.sendRequest(UNSUBSCRIBE, subscription).catch(() => undefined);
    };
  }

  /** Notifications of the server. */
  onNotification<P>(method: string, listener: (params: P) => void): vscode.Disposable {
    return this.#client.onNotification(method, listener);
  }

  /** A request that is answered with an {@link Answer}; rejects with a TelemetryError. */
  async request<T>(method: string, params: unknown, token?: vscode.CancellationToken): Promise<T> {
    let answer: Answer<T>;
    try {
      answer = await this.#client.sendRequest<Answer<T>>(method, params, token);
    } catch (cause) {
      throw new TelemetryError('unavailable', `The engine cannot be reached: ${said(cause)}`, { cause });
    }
    if ('problem' in answer) throw TelemetryError.fromProblem(answer.problem, answer.problem.status);
    return answer.result;
  }

  /** Tells the server that the preferences changed. */
  sendPreferences(): void {
    if (this.#client.state !== State.Running) return;
    void this.#client.sendNotification(PREFERENCES, this.#options.preferences());
  }

  #makeClient(): LanguageClient {
    const { module, log, preferences, dataFolder } = this.#options;
    const server = { module, transport: TransportKind.ipc };
    return new LanguageClient('aibos', 'AI-BOS Telemetry', server, {
      documentSelector: [{ scheme: 'file', pattern: '**/*.sql' }],
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      // The text at the opening is the baseline of what is recorded, so it must be sent at the opening.
      textSynchronization: { delayOpenNotifications: false },
      initializationOptions: (): ServerOptions => ({ preferences: preferences(), dataFolder: dataFolder() }),
      initializationFailedHandler: () => false,
      errorHandler: {
        error: (_error, _message, count) => ({
          action: (count ?? 0) <= 3 ? ErrorAction.Continue : ErrorAction.Shutdown,
          handled: true,
        }),
        closed: () => this.#crashed(),
      },
    });
  }

  async #crashed() {
    this.#listeners.clear();
    const wait = this.#ended ? undefined : this.#policy.afterCrash(Date.now());
    if (wait === undefined) {
      this.#lost('It stopped several times in a row.');
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.#set({ ...withoutProblem(this.#status), engine: 'starting' });
    this.#sayOnce();
    await delay(wait);
    return { action: this.#ended ? CloseAction.DoNotRestart : CloseAction.Restart, handled: true };
  }

  #sayOnce(): void {
    if (this.#saidOnce) return;
    this.#saidOnce = true;
    const message =
      'The AI-BOS engine stopped unexpectedly and is being started again. What was recorded is safe.';
    void vscode.window.showWarningMessage(message, 'Show Log').then((choice) => {
      if (choice) this.#options.log.show();
    });
  }

  #lost(problem: string): void {
    this.#set({ ...this.#status, engine: 'lost', problem, hostedHere: false });
  }

  #set(status: ServerStatus): void {
    this.#status = status;
    if (!this.#ended) this.#statusChanged.fire(status);
  }
}

function withoutProblem({ problem: _, ...status }: ServerStatus): ServerStatus {
  return status;
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
