/** Import This Workspace: progress with cancel, then the summary in the log and a way to the dashboard. */
import * as vscode from 'vscode';
import {
  IMPORT,
  IMPORT_PROGRESS,
  type ImportParams,
  type ImportProgressParams,
  type ImportReport,
} from '../protocol.ts';
import type { EngineClient } from './engine-client.ts';

const DASHBOARD = 'Open Dashboard';
const SUMMARY = 'Show Summary';

/** One import at a time: a second one would only run the same migrations again. */
let running = false;

export async function importWorkspace(engine: EngineClient, log: vscode.LogOutputChannel): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) return;
  if (running) {
    void vscode.window.showInformationMessage('An import is running; its progress is in the notifications.');
    return;
  }
  running = true;
  try {
    await show(await importFolder(engine, folder), folder, log);
  } finally {
    running = false;
  }
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1
    ? vscode.window.showWorkspaceFolderPick({ placeHolder: 'Which folder’s migrations?' })
    : folders[0];
}

function importFolder(engine: EngineClient, folder: vscode.WorkspaceFolder): Thenable<ImportReport> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Importing ${folder.name}`,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    let shown = 0;
    const listener = await engine.onNotification(
      IMPORT_PROGRESS,
      ({ message, share }: ImportProgressParams) => {
        const increment = Math.max(0, share * 100 - shown);
        shown = share * 100;
        progress.report({ message, increment });
      },
    );
    try {
      const params: ImportParams = { root: folder.uri.fsPath };
      return await engine.request<ImportReport>(IMPORT, params, token);
    } finally {
      listener.dispose();
    }
  });
}

async function show(
  { text, histories, imported, failed, cancelled }: ImportReport,
  folder: vscode.WorkspaceFolder,
  log: vscode.LogOutputChannel,
): Promise<void> {
  log.info(`Import of ${folder.uri.fsPath}\n\n${text}\n`);
  if (histories === 0) {
    log.show(true);
    void vscode.window.showWarningMessage(
      `No SQL migrations were found in ${folder.name}. The log says what was looked for.`,
    );
    return;
  }
  const done = imported === 1 ? '1 new migration' : `${imported} new migrations`;
  const message = cancelled
    ? `Import stopped after ${done}; what was imported is kept.`
    : `${done} imported from ${folder.name}, ${failed} failed in the throw-away database.`;
  if (!cancelled) log.show(true);
  const choice = await vscode.window.showInformationMessage(message, DASHBOARD, SUMMARY);
  if (choice === DASHBOARD) await vscode.commands.executeCommand('aibos.openDashboard');
  if (choice === SUMMARY) log.show();
}
