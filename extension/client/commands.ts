/** One handler for each command of the table. The compiler fails when one is missing. */
import * as vscode from 'vscode';
import type { SchemaVersionInfo } from '../../core/contract/schema-version.ts';
import type { CommandId } from '../contributions/commands.ts';
import { DOCTOR, type DoctorParams } from '../protocol.ts';
import type { AlertWatch } from './alerts/alert-watch.ts';
import type { Dashboard } from './dashboard.ts';
import type { EngineClient } from './engine-client.ts';
import type { Feedback } from './feedback/feedback-commands.ts';
import { importWorkspace } from './import-command.ts';
import type { Links } from './links.ts';
import type { ModelCommands } from './models/model-commands.ts';
import type { PredictionCommands } from './prediction-commands.ts';
import type { Observer } from './recording/observer.ts';
import type { RecordingChoice } from './recording-choice.ts';
import { CHOOSE_RECORDING } from './status-text.ts';
import type { TelemetryStore } from './telemetry-store.ts';
import type { SchemaDocuments } from './views/schema-documents.ts';

export interface CommandContext {
  engine: EngineClient;
  dashboard: Dashboard;
  choice: RecordingChoice;
  store: TelemetryStore;
  observer: Observer;
  feedback: Feedback;
  alerts: AlertWatch;
  models: ModelCommands;
  schemas: SchemaDocuments;
  predictions: PredictionCommands;
  links: Links;
  log: vscode.LogOutputChannel;
}

type Handlers = Record<CommandId | typeof CHOOSE_RECORDING, (argument: unknown) => unknown>;

/** What goes wrong in a command is shown to whoever ran it. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const { observer, log } = context;
  return Object.entries(handlersOf(context)).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      const started = performance.now();
      try {
        await handler(argument);
      } catch (error) {
        log.error(error instanceof Error ? error : String(error));
        void vscode.window.showErrorMessage(`AI-BOS: ${error instanceof Error ? error.message : error}`);
      }
      observer.observe({
        type: 'user_interaction',
        source: 'vscode:commands',
        data: { action: id, durationMs: Math.round(performance.now() - started) },
      });
    }),
  );
}

function handlersOf(context: CommandContext): Handlers {
  const { engine, dashboard, choice, store, feedback, alerts, models, schemas, predictions, links, log } =
    context;
  return {
    'aibos.openDashboard': (route) => dashboard.open(typeof route === 'string' ? route : undefined),
    'aibos.importWorkspace': () => importWorkspace(engine),
    'aibos.pauseRecording': () => choice.set(false),
    'aibos.resumeRecording': () => choice.set(true),
    'aibos.openWalkthrough': () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', 'aibos.aibos-telemetry#start'),
    'aibos.restartEngine': () => engine.restart(),
    'aibos.runDoctor': () => runDoctor(engine, log),
    'aibos.showLog': () => log.show(),
    'aibos.giveFeedback': () => feedback.whatHappened(undefined),
    'aibos.feedback.right': (item) => feedback.judge(item, true),
    'aibos.feedback.wrong': (item) => feedback.judge(item, false),
    'aibos.feedback.whatHappened': (item) => feedback.whatHappened(item),
    'aibos.feedback.showPrediction': (item) => feedback.show(item),
    'aibos.showPrediction': (target) => predictions.show(target),
    'aibos.compareTable': (target) => predictions.compareTable(target),
    'aibos.runMigration': (target) => predictions.run(target),
    'aibos.showAlerts': () => vscode.commands.executeCommand('aibos.alerts.focus'),
    'aibos.alert.showEvidence': (item) => alerts.showEvidence(item),
    'aibos.alert.acknowledge': (item) => alerts.acknowledge(item),
    'aibos.alert.snooze': (item) => alerts.snooze(item),
    'aibos.alert.mute': (item) => alerts.mute(item),
    'aibos.alert.unmute': () => alerts.unmute(),
    'aibos.alert.real': (item) => alerts.judge(item, true),
    'aibos.alert.notReal': (item) => alerts.judge(item, false),
    'aibos.trainModels': () => models.train(undefined),
    'aibos.model.train': (item) => models.train(item),
    'aibos.model.rollBack': (item) => models.rollBack(item),
    'aibos.model.open': (item) => dashboard.open(modelRoute(item)),
    'aibos.schema.showChange': (item) =>
      withVersion(item, (version) => schemas.showChange(version, store.known.versions)),
    'aibos.schema.openMigration': (item) => withVersion(item, (version) => schemas.openMigration(version)),
    'aibos.openInDesktop': (item) => links.openInDesktop(item),
    'aibos.refreshViews': () => store.refresh(),
    [CHOOSE_RECORDING]: () => choice.ask(),
  };
}

function withVersion(item: unknown, work: (version: SchemaVersionInfo) => unknown): unknown {
  const { version } = (item ?? {}) as { version?: SchemaVersionInfo };
  return version && work(version);
}

function modelRoute(item: unknown): string {
  const id = (item as { model?: { id: string } } | undefined)?.model?.id;
  return id === undefined ? '#/models' : `#/models/${id}`;
}

async function runDoctor(engine: EngineClient, log: vscode.LogOutputChannel): Promise<void> {
  const params: DoctorParams = { editor: `${vscode.env.appName}, VS Code ${vscode.version}` };
  const lines = await engine.request<string[]>(DOCTOR, params);
  log.info(`Doctor\n\n${lines.join('\n')}\n`);
  log.show(true);
}
