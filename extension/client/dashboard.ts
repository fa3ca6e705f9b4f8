/** The dashboard: one panel with the built pages, which come back after a reload of the window. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DASHBOARD_VIEW } from '../contributions/views.ts';
import type { EngineClient } from './engine-client.ts';
import { pageHtml } from './page-html.ts';
import { PageLink } from './page-link.ts';

const TITLE = 'AI-BOS Dashboard';

export class Dashboard implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  readonly #engine: EngineClient;
  readonly #serializer: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #link: PageLink | undefined;

  constructor(extension: vscode.Uri, engine: EngineClient) {
    this.#extension = extension;
    this.#engine = engine;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(DASHBOARD_VIEW, {
      deserializeWebviewPanel: async (panel) => {
        panel.webview.options = this.#options();
        this.#adopt(panel);
      },
    });
  }

  /**
   * Shows the panel, which is made where there is none.
   *
   * @param route where to go in it, for example `#/events?event=…`
   */
  open(route?: string): void {
    if (this.#panel) this.#panel.reveal();
    else {
      const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
      this.#adopt(vscode.window.createWebviewPanel(DASHBOARD_VIEW, TITLE, column, this.#options()));
    }
    if (route !== undefined) this.#link?.goTo(route);
  }

  dispose(): void {
    this.#serializer.dispose();
    this.#panel?.dispose();
  }

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [this.#pages(), this.#media()] };
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel = panel;
    panel.title = TITLE;
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.#media(), 'dashboard-light.svg'),
      dark: vscode.Uri.joinPath(this.#media(), 'dashboard-dark.svg'),
    };
    const link = new PageLink(panel.webview, this.#engine);
    this.#link = link;
    panel.onDidChangeViewState(() => {
      if (!panel.visible) link.hidden();
    });
    panel.onDidDispose(() => {
      link.dispose();
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#link = undefined;
    });
    panel.webview.html = pageHtml({
      script: panel.webview.asWebviewUri(vscode.Uri.joinPath(this.#pages(), 'app.js')).toString(),
      style: panel.webview.asWebviewUri(vscode.Uri.joinPath(this.#pages(), 'app.css')).toString(),
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(18).toString('base64'),
    });
  }

  #pages(): vscode.Uri {
    return vscode.Uri.joinPath(this.#extension, 'dist', 'webview');
  }

  #media(): vscode.Uri {
    return vscode.Uri.joinPath(this.#extension, 'extension', 'media');
  }
}
