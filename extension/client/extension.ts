/** Entry of the extension in the editor. Everything that takes time happens in the language server. */
import * as vscode from 'vscode';
import { type EndedCommand, runsOf } from '../../core/migrations/command/ended-command.ts';
import { CONTEXT } from '../contributions/context.ts';
import { languagePreferences } from '../language-settings.ts';
import { RAN, type RanReport } from '../protocol.ts';
import { translateWith } from '../text.ts';
import { AlertWatch } from './alerts/alert-watch.ts';
import { registerCommands } from './commands.ts';
import { Dashboard } from './dashboard.ts';
import { DisposableStore, leaks } from './disposables.ts';
import { EngineClient } from './engine-client.ts';
import { Feedback } from './feedback/feedback-commands.ts';
import { Links } from './links.ts';
import { LiveEvents } from './live-events.ts';
import { ModelCommands } from './models/model-commands.ts';
import { modelsView } from './models/models-view.ts';
import { Outbox } from './outbox.ts';
import { PredictionCommands } from './prediction-commands.ts';
import { DiagnosticsWatch } from './recording/diagnostics-watch.ts';
import { HostHealth } from './recording/host-health.ts';
import { Observer } from './recording/observer.ts';
import { RecordingChoice } from './recording-choice.ts';
import { StatusItem } from './status-item.ts';
import { TelemetryStore } from './telemetry-store.ts';
import { readProjectScript } from './terminal/project-scripts.ts';
import { RunGate } from './terminal/run-gate.ts';
import { TaskWatch } from './terminal/task-watch.ts';
import { TerminalWatch } from './terminal/terminal-watch.ts';
import { alertsView } from './views/alerts-view.ts';
import { predictionsView } from './views/predictions-view.ts';
import { SchemaDocuments } from './views/schema-documents.ts';
import { schemaView } from './views/schema-view.ts';

let engine: EngineClient | undefined;
let everything: DisposableStore | undefined;
let log: vscode.LogOutputChannel | undefined;

export function activate(context: vscode.ExtensionContext): void {
  translateWith(vscode.l10n.bundle);
  const held = new DisposableStore('extension');
  everything = held;
  log = vscode.window.createOutputChannel('AI-BOS Telemetry', { log: true });
  const choice = new RecordingChoice(context);
  const client = held.add(new EngineClient(clientOptions(context, choice, log)));
  engine = client;
  const live = held.add(new LiveEvents(client));
  const store = held.add(new TelemetryStore(client, live));
  const outbox = new Outbox(client, (message) => log?.warn(message));
  const observer = new Observer(outbox, () => choice.recording === 'on');
  const dashboard = held.add(new Dashboard(context.extensionUri, client));
  const feedback = new Feedback(client, store, context.globalState);
  const alerts = held.add(new AlertWatch(client, store, dashboard, context.globalState));
  const schemas = held.add(new SchemaDocuments(client));
  const predictions = held.add(new PredictionCommands(client));
  const models = new ModelCommands(client, store);
  const links = new Links(client, dashboard);
  const health = held.add(new HostHealth(observer));
  held.addAll(
    predictionsView(store),
    alertsView(store),
    schemaView(store),
    modelsView(store),
    new DiagnosticsWatch(observer),
    vscode.window.registerUriHandler(links),
    ...registerCommands({
      engine: client,
      dashboard,
      choice,
      store,
      observer,
      feedback,
      alerts,
      models,
      schemas,
      predictions,
      links,
      log,
    }),
  );
  watchRuns(held, { outbox, observer, feedback });

  const status = held.add(new StatusItem());
  const show = () => status.show(client.status, choice.recording, store.known.alerts);
  const preferencesChanged = () => {
    void client.sendPreferences();
    show();
  };
  held.addAll(
    client.onStatus(({ engine: state }) => {
      show();
      health.engineIs(state);
      if (state === 'running') void outbox.flush();
      void vscode.commands.executeCommand('setContext', CONTEXT.engineLost, state === 'lost');
      void vscode.commands.executeCommand('setContext', CONTEXT.engineRunning, state === 'running');
    }),
    store.onChange((part) => part === 'alerts' && show()),
    choice.onChange(preferencesChanged),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('aibos')) preferencesChanged();
    }),
    vscode.workspace.onDidSaveTextDocument((document) => client.noteSave(document)),
    vscode.workspace.onDidGrantWorkspaceTrust(preferencesChanged),
    vscode.workspace.onDidChangeWorkspaceFolders(show),
  );
  show();
  void client.start();
  if (vscode.workspace.workspaceFolders?.length) void choice.askOnce().then(show);
}

/** What is held is let go of first: the server, which ends last, is told what still waits. */
export async function deactivate(): Promise<void> {
  try {
    everything?.dispose();
  } catch (error) {
    // The editor has cut off what it holds itself.
    log?.warn(`While ending: ${error instanceof Error ? error.message : error}`);
  }
  const left = leaks();
  if (left.length > 0) log?.error(`Not let go of: ${left.join(', ')}`);
  else log?.info('Everything was let go of.');
  await engine?.stop();
  log?.dispose();
}

function clientOptions(
  context: vscode.ExtensionContext,
  choice: RecordingChoice,
  channel: vscode.LogOutputChannel,
) {
  const setting = <T>(name: string, otherwise: T) =>
    vscode.workspace.getConfiguration('aibos').get(name, otherwise);
  return {
    module: vscode.Uri.joinPath(context.extensionUri, 'dist', 'language-server.mjs').fsPath,
    log: channel,
    preferences: () => ({
      recording: choice.recording,
      trusted: vscode.workspace.isTrusted,
      shadow: setting('shadow.enabled', true),
      exclude: setting<string[]>('record.exclude', []),
      ...languagePreferences(setting),
    }),
    dataFolder: () => setting('dataFolder', ''),
  };
}

/** Terminals and tasks: each run goes to the engine once, and what surprises is asked about. */
function watchRuns(
  held: DisposableStore,
  { outbox, observer, feedback }: { outbox: Outbox; observer: Observer; feedback: Feedback },
): void {
  const patterns = () => vscode.workspace.getConfiguration('aibos').get<string[]>('record.commands', []);
  const wanted = () =>
    observer.isOn && vscode.workspace.getConfiguration('aibos').get('record.terminal', true);
  const tell = async (ended: EndedCommand) => {
    if (!wanted()) return;
    for (const run of await runsOf(ended, patterns(), readProjectScript, observer.newId))
      outbox.add<RanReport>(RAN, run, ({ surprising }) => void feedback.askWhy(surprising));
  };
  const gate = held.add(
    new RunGate(
      (ended) => void tell(ended),
      (work, ms) => {
        const timer = setTimeout(work, ms);
        return { dispose: () => clearTimeout(timer) };
      },
    ),
  );
  held.addAll(
    new TerminalWatch(patterns, (ended) => gate.offer(ended)),
    new TaskWatch(patterns, (ended) => gate.offer(ended)),
  );
}
