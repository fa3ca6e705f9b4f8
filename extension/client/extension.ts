/** Entry of the extension in the editor. Everything that takes time happens in the language server. */
import * as vscode from 'vscode';
import { ENGINE_LOST } from '../contributions.ts';
import { languagePreferences } from '../language-settings.ts';
import { registerCommands } from './commands.ts';
import { Dashboard } from './dashboard.ts';
import { EngineClient } from './engine-client.ts';
import { RecordingChoice } from './recording-choice.ts';
import { StatusItem } from './status-item.ts';

let engine: EngineClient | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('AI-BOS Telemetry', { log: true });
  const choice = new RecordingChoice(context);
  const client = new EngineClient({
    module: vscode.Uri.joinPath(context.extensionUri, 'dist', 'language-server.mjs').fsPath,
    log,
    preferences: () => ({
      recording: choice.recording,
      trusted: vscode.workspace.isTrusted,
      shadow: vscode.workspace.getConfiguration('aibos').get('shadow.enabled', true),
      ...languagePreferences((name, fallback) =>
        vscode.workspace.getConfiguration('aibos').get(name, fallback),
      ),
    }),
    dataFolder: () => vscode.workspace.getConfiguration('aibos').get('dataFolder', ''),
  });
  engine = client;
  const status = new StatusItem();
  const dashboard = new Dashboard(context.extensionUri, client);
  const show = () => status.show(client.status, choice.recording);
  const preferencesChanged = () => {
    void client.sendPreferences();
    show();
  };
  context.subscriptions.push(
    log,
    client,
    status,
    dashboard,
    client.onStatus(({ engine: state }) => {
      show();
      void vscode.commands.executeCommand('setContext', ENGINE_LOST, state === 'lost');
    }),
    choice.onChange(preferencesChanged),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('aibos')) preferencesChanged();
    }),
    vscode.workspace.onDidSaveTextDocument((document) => client.noteSave(document)),
    vscode.workspace.onDidGrantWorkspaceTrust(preferencesChanged),
    vscode.workspace.onDidChangeWorkspaceFolders(show),
    ...registerCommands({ engine: client, dashboard, choice, log }),
  );
  show();
  void client.start();
  if (vscode.workspace.workspaceFolders?.length) void choice.askOnce().then(show);
}

export async function deactivate(): Promise<void> {
  await engine?.stop();
}
