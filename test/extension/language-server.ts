/** The built language server as an editor drives it: a process of its own, spoken to over node IPC. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  IPCMessageReader,
  IPCMessageWriter,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import { TelemetryError } from '../../core/contract/errors.ts';
import type { TelemetryEvent } from '../../core/contract/event.ts';
import type { MethodName, Params, Result } from '../../core/contract/methods.ts';
import type { DataFolder } from '../../core/node/data-folder.ts';
import {
  type Answer,
  CALL,
  PREFERENCES,
  type Preferences,
  type ServerOptions,
  type ServerStatus,
  STATUS,
} from '../../extension/protocol.ts';
import { cleanup, type TestScope } from '../support/temp.ts';

const SERVER = fileURLToPath(new URL('../../dist/language-server.mjs', import.meta.url));

export interface EditorOptions {
  root: string;
  folder: DataFolder;
  preferences?: Partial<Preferences>;
  /** Texts of the server in another language. */
  translations?: Record<string, string>;
}

/** Opens files, types, saves, and asks the engine, as the extension does. */
export class Editor {
  readonly root: string;
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly statuses: ServerStatus[] = [];
  /** What the server says of each file now, by URI. */
  readonly diagnostics = new Map<string, Diagnostic[]>();
  #version = 0;

  private constructor(root: string, server: ChildProcess, connection: ProtocolConnection) {
    this.root = root;
    this.process = server;
    this.connection = connection;
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.diagnostics.set(params.uri, params.diagnostics);
    });
    connection.onNotification(STATUS, (status: ServerStatus) => {
      this.statuses.push(status);
    });
  }

  static async start(
    scope: TestScope,
    { root, folder, preferences, translations }: EditorOptions,
  ): Promise<Editor> {
    const server = fork(SERVER, ['--node-ipc'], { silent: true, execArgv: [] });
    const connection = createProtocolConnection(new IPCMessageReader(server), new IPCMessageWriter(server));
    const editor = new Editor(root, server, connection);
    cleanup(scope, () => editor.close());
    connection.listen();
    const initializationOptions: ServerOptions = {
      preferences: { recording: 'on', trusted: true, ...preferences },
      dataFolder: folder.path,
      ...(translations ? { translations } : {}),
    };
    await connection.sendRequest('initialize', {
      processId: process.pid,
      capabilities: { workspace: { workspaceFolders: true } },
      rootUri: pathToFileURL(root).href,
      workspaceFolders: [{ uri: pathToFileURL(root).href, name: 'test' }],
      initializationOptions,
    });
    await connection.sendNotification('initialized', {});
    return editor;
  }

  /** Opens a file with this text, which is on the disk already or is written there. */
  async open(path: string, text: string): Promise<void> {
    this.#write(path, text);
    const textDocument = { uri: this.uri(path), languageId: 'sql', version: ++this.#version, text };
    await this.connection.sendNotification('textDocument/didOpen', { textDocument });
  }

  /** Replaces the text of an open file, without saving it. */
  async type(path: string, text: string): Promise<void> {
    const textDocument = { uri: this.uri(path), version: ++this.#version };
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument,
      contentChanges: [{ text }],
    });
  }

  /** Replaces the text of an open file and saves it. */
  async save(path: string, text: string): Promise<void> {
    await this.type(path, text);
    this.#write(path, text);
    await this.connection.sendNotification('textDocument/didSave', {
      textDocument: { uri: this.uri(path) },
    });
  }

  async prefer(preferences: Preferences): Promise<void> {
    await this.connection.sendNotification(PREFERENCES, preferences);
  }

  async call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    const answer = await this.connection.sendRequest<Answer<Result<M>>>(CALL, { method, params });
    if ('problem' in answer) throw TelemetryError.fromProblem(answer.problem, answer.problem.status);
    return answer.result;
  }

  /** The events recorded by editors, oldest first, once there are as many. */
  async recorded(count: number): Promise<TelemetryEvent[]> {
    const { items } = await this.until(
      () => this.call('events.list', { source: 'vscode', order: 'oldest', limit: 100 }),
      (page) => page.items.length >= count,
    );
    return items;
  }

  /** Asks until the answer is as wanted; fails after half a minute, and says what the last answer was. */
  async until<T>(ask: () => T | Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
    for (let left = 600; ; left--) {
      const answer = await ask();
      if (isWanted(answer)) return answer;
      if (left === 0) throw new Error(`Still ${JSON.stringify(answer)}`);
      await delay(50);
    }
  }

  uri(path: string): string {
    return pathToFileURL(join(this.root, path)).href;
  }

  /** As an editor that is closed: asks for a shutdown, and waits for the process to end. */
  async close(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    await ended;
    this.connection.dispose();
  }

  /** As a crash. */
  async kill(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
    this.connection.dispose();
  }

  #write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }
}
