/** The one status bar item. */
import * as vscode from 'vscode';
import type { Alert } from '../../core/contract/alert.ts';
import { COMMANDS } from '../contributions/commands.ts';
import type { Recording, ServerStatus } from '../protocol.ts';
import { statusView } from './status-text.ts';

export class StatusItem implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    this.#item = vscode.window.createStatusBarItem('aibos.status', vscode.StatusBarAlignment.Left, 0);
    this.#item.name = 'AI-BOS Telemetry';
  }

  show(status: ServerStatus, recording: Recording, alerts: readonly Alert[]): void {
    const hasFolder = (vscode.workspace.workspaceFolders?.length ?? 0) > 0;
    const { text, label, tooltip, command, alarm } = statusView({ status, recording, hasFolder, alerts });
    const markdown = new vscode.MarkdownString(tooltip, true);
    markdown.isTrusted = { enabledCommands: Object.keys(COMMANDS) };
    this.#item.text = text;
    this.#item.tooltip = markdown;
    this.#item.command = command;
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.backgroundColor =
      alarm === 'error' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
