/**
 * The editor's end of the language server: starts it, starts it again when it crashes, and carries calls to the engine
 * that it hosts or is attached to.
 */
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
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
  type ServerStatus,
  STATUS,
  SUBSCRIBE,
  type SubscribeParams,
  UNSUBSCRIBE,
} from '../protocol.ts';
import { t, translations } from '../text.ts';
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
  /** Files that were saved while no server could be told. */
  readonly #missed = new Set<string>();
  #made: Promise<LanguageClient> | undefined;
  #status: ServerStatus = { engine: 'starting', hostedHere: false, dataFolder: '', folders: [], today: [] };
  #subscriptions = 0;
  #saidOnce = false;
  #ended = false;

  readonly onStatus = this.#statusChanged.event;

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  get status(): ServerStatus {
    return this.#status;
  }

  /** Resolves when the server answers; where that fails, the status says so. */
  async start(): Promise<void> {
    try {
      await (await this.#client()).start();
    } catch (error) {
      this.#lost(said(error));
    }
  }

  /** At a person's request. */
  async restart(): Promise<void> {
    this.#policy.forgive();
    this.#set({ ...withoutProblem(this.#status), engine: 'starting' });
    await this.#stop();
    await this.start();
  }

  /** Ends the server; what was acknowledged is on the disk. */
  async stop(): Promise<void> {
    this.#ended = true;
    await this.#stop();
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
    const ask = async (method: string, params: unknown) => (await this.#client()).sendRequest(method, params);
    const params: SubscribeParams = { subscription, ...options };
    ask(SUBSCRIBE, params).catch(() => undefined);
    return () => {
      this.#listeners.delete(subscription);
      ask(UNSUBSCRIBE, subscription).catch(() => undefined);
    };
  }

  /** Notifications of the server, until the result is disposed. */
  async onNotification<P>(method: string, listener: (params: P) => void): Promise<vscode.Disposable> {
    return (await this.#client()).onNotification(method, listener);
  }

  /** A question to the language server itself, answered as it is. */
  async ask<T>(method: string, params: unknown): Promise<T> {
    return (await this.#client()).sendRequest<T>(method, params);
  }

  /** A request that is answered with an {@link Answer}; rejects with a TelemetryError. */
  async request<T>(method: string, params: unknown, token?: vscode.CancellationToken): Promise<T> {
    let answer: Answer<T>;
    try {
      answer = await (await this.#client()).sendRequest<Answer<T>>(method, params, token);
    } catch (cause) {
      throw new TelemetryError('unavailable', `The engine cannot be reached: ${said(cause)}`, { cause });
    }
    if ('problem' in answer) throw TelemetryError.fromProblem(answer.problem, answer.problem.status);
    return answer.result;
  }

  /** Tells the server that the preferences changed. One that is not there yet is told when it starts. */
  async sendPreferences(): Promise<void> {
    const client = await this.#made;
    if (client?.isRunning()) await client.sendNotification(PREFERENCES, this.#options.preferences());
  }

  /** Takes note of a save that the server may not hear of, because it is just starting. */
  noteSave({ uri }: vscode.TextDocument): void {
    if (this.#status.engine !== 'running') this.#missed.add(uri.toString());
  }

  #client(): Promise<LanguageClient> {
    this.#made ??= this.#make();
    return this.#made;
  }

  async #make(): Promise<LanguageClient> {
    const { makeLanguageClient } = await import('./language-client.ts');
    const { module, log, preferences, dataFolder } = this.#options;
    const client = makeLanguageClient({
      module,
      log,
      serverOptions: () => ({
        preferences: preferences(),
        dataFolder: dataFolder(),
        translations: translations(),
      }),
      onCrash: () => this.#crashed(),
    });
    client.onNotification(STATUS, (status: ServerStatus) => {
      this.#set(status);
      if (status.engine === 'running') this.#tellMissed(client);
    });
    client.onNotification(EVENTS, ({ subscription, events }: EventsParams) =>
      this.#listeners.get(subscription)?.(events),
    );
    return client;
  }

  /** A save that the server did hear of is told twice, and then has nothing new in it. */
  #tellMissed(client: LanguageClient): void {
    for (const uri of this.#missed)
      void client.sendNotification('textDocument/didSave', { textDocument: { uri } });
    this.#missed.clear();
  }

  async #stop(): Promise<void> {
    const client = await this.#made;
    if (client?.isRunning()) await client.stop(STOP_MS).catch(() => undefined);
  }

  /** Whether to start again; resolves when it is time to. */
  async #crashed(): Promise<boolean> {
    this.#listeners.clear();
    const wait = this.#ended ? undefined : this.#policy.afterCrash(Date.now());
    if (wait === undefined) {
      this.#lost(t('It stopped several times in a row.'));
      return false;
    }
    this.#set({ ...withoutProblem(this.#status), engine: 'starting' });
    this.#sayOnce();
    await delay(wait);
    return !this.#ended;
  }

  #sayOnce(): void {
    if (this.#saidOnce) return;
    this.#saidOnce = true;
    const message = t(
      'The AI-BOS engine stopped unexpectedly and is being started again. What was recorded is safe.',
    );
    void vscode.window.showWarningMessage(message, t('Show Log')).then((choice) => {
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
