/** One handler for each command of the table. The compiler fails when one is missing. */
import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import { DOCTOR, type DoctorParams } from '../protocol.ts';
import type { Dashboard } from './dashboard.ts';
import type { EngineClient } from './engine-client.ts';
import { importWorkspace } from './import-command.ts';
import type { RecordingChoice } from './recording-choice.ts';
import { CHOOSE_RECORDING } from './status-text.ts';

export interface CommandContext {
  engine: EngineClient;
  dashboard: Dashboard;
  choice: RecordingChoice;
  log: vscode.LogOutputChannel;
}

type Handlers = Record<CommandId | typeof CHOOSE_RECORDING, () => unknown>;

/** What goes wrong in a command is shown to whoever ran it. */
export function registerCommands({ engine, dashboard, choice, log }: CommandContext): vscode.Disposable[] {
  const handlers: Handlers = {
    'aibos.openDashboard': () => dashboard.open(),
    'aibos.importWorkspace': () => importWorkspace(engine),
    'aibos.pauseRecording': () => choice.set(false),
    'aibos.resumeRecording': () => choice.set(true),
    'aibos.restartEngine': () => engine.restart(),
    'aibos.runDoctor': () => runDoctor(engine, log),
    'aibos.showLog': () => log.show(),
    [CHOOSE_RECORDING]: () => choice.ask(),
  };
  return Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async () => {
      try {
        await handler();
      } catch (error) {
        log.error(error instanceof Error ? error : String(error));
        void vscode.window.showErrorMessage(`AI-BOS: ${error instanceof Error ? error.message : error}`);
      }
    }),
  );
}

async function runDoctor(engine: EngineClient, log: vscode.LogOutputChannel): Promise<void> {
  const params: DoctorParams = { editor: `${vscode.env.appName}, VS Code ${vscode.version}` };
  const lines = await engine.request<string[]>(DOCTOR, params);
  log.info(`Doctor\n\n${lines.join('\n')}\n`);
  log.show(true);
}
