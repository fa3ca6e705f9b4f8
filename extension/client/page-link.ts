/** Between one page and the engine: the messages of `core/contract/bridge.ts`, from one side to the other. */
import { basename, isAbsolute, join, relative } from 'node:path';
import * as vscode from 'vscode';
import type { HostMessage, PageMessage, SavedFile } from '../../core/contract/bridge.ts';
import { PageRequests } from '../../core/contract/page-requests.ts';
import type { EngineClient } from './engine-client.ts';

export class PageLink implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #engine: EngineClient;
  readonly #requests: PageRequests;
  readonly #disposables: vscode.Disposable[];
  #connected = false;
  #ready = false;
  /** Where to go once the page is there. */
  #route: string | undefined;

  constructor(webview: vscode.Webview, engine: EngineClient) {
    this.#webview = webview;
    this.#engine = engine;
    this.#requests = new PageRequests(engine, (message) => this.#post(message));
    this.#disposables = [
      webview.onDidReceiveMessage((message: PageMessage) => this.#receive(message)),
      engine.onStatus(() => this.#tellConnection()),
    ];
  }

  /** Leads the page there; one that is still loading goes when it is. */
  goTo(route: string): void {
    if (this.#ready) this.#post({ kind: 'route', route });
    else this.#route = route;
  }

  /** The editor throws a page away that nobody sees, and loads it anew. */
  hidden(): void {
    this.#ready = false;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#requests.leave();
  }

  #receive(message: PageMessage): void {
    if (this.#requests.receive(message)) return;
    switch (message.kind) {
      case 'ready':
        this.#start();
        break;
      case 'save':
        void this.#report(save(message));
        break;
      case 'open':
        void this.#report(this.#open(message.workspace, message.file, message.line));
        break;
      case 'route':
        // The page keeps it in the webview's own state, which comes back with the panel.
        break;
    }
  }

  /** The page has just been loaded: nothing that an earlier one asked for is wanted any more. */
  #start(): void {
    this.#requests.leave();
    this.#connected = this.#engine.status.engine === 'running';
    this.#post({ kind: 'start', opensFiles: true });
    this.#post({ kind: 'connection', connected: this.#connected });
    this.#ready = true;
    if (this.#route !== undefined) this.#post({ kind: 'route', route: this.#route });
    this.#route = undefined;
  }

  #tellConnection(): void {
    const connected = this.#engine.status.engine === 'running';
    if (connected === this.#connected) return;
    this.#connected = connected;
    this.#post({ kind: 'connection', connected });
  }

  /** Only files below a folder that is open here. */
  async #open(workspace: string, file: string, line = 1): Promise<void> {
    const root = this.#engine.status.folders.find((folder) => folder.workspace === workspace)?.root;
    if (root === undefined) throw new Error(`${file} belongs to ${workspace}, which is not open here.`);
    const path = join(root, file);
    const below = relative(root, path);
    if (below.startsWith('..') || isAbsolute(below)) throw new Error(`${file} lies outside its folder.`);
    const at = new vscode.Position(Math.max(0, line - 1), 0);
    await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(at, at) });
  }

  async #report(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) =>
      vscode.window.showWarningMessage(error instanceof Error ? error.message : String(error)),
    );
  }

  #post(message: HostMessage): void {
    void this.#webview.postMessage(message);
  }
}

/** Asks where, and writes the file there. */
async function save({ name, text, encoding }: SavedFile): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const suggested = folder ? vscode.Uri.joinPath(folder, basename(name)) : undefined;
  const target = await vscode.window.showSaveDialog(suggested ? { defaultUri: suggested } : {});
  if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(text, encoding ?? 'utf8'));
}
