/** Import This Workspace: progress with cancel, then what came of it, with a way to the summary and to the dashboard. */
import * as vscode from 'vscode';
import {
  IMPORT,
  IMPORT_PROGRESS,
  type ImportParams,
  type ImportProgressParams,
  type ImportReport,
} from '../protocol.ts';
import { t } from '../text.ts';
import type { EngineClient } from './engine-client.ts';

/** One import at a time: a second one would only run the same migrations again. */
let running = false;

export async function importWorkspace(engine: EngineClient): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) return;
  if (running) {
    void vscode.window.showInformationMessage(
      t('An import is running; its progress is in the notifications.'),
    );
    return;
  }
  running = true;
  let report: ImportReport;
  try {
    report = await importFolder(engine, folder);
  } finally {
    running = false;
  }
  await show(report, folder);
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1
    ? vscode.window.showWorkspaceFolderPick({ placeHolder: t('Which folder’s migrations?') })
    : folders[0];
}

function importFolder(engine: EngineClient, folder: vscode.WorkspaceFolder): Thenable<ImportReport> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Importing {0}', folder.name),
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
  { summaryFile, histories, imported, failed, cancelled }: ImportReport,
  { name }: vscode.WorkspaceFolder,
): Promise<void> {
  const choice = await tell({ histories, imported, failed, cancelled }, name);
  if (choice === t('Open Dashboard')) await vscode.commands.executeCommand('aibos.openDashboard');
  else if (choice) await vscode.window.showTextDocument(vscode.Uri.file(summaryFile));
}

/** Resolves with the button that was chosen, if any. */
function tell(
  { histories, imported, failed, cancelled }: Omit<ImportReport, 'summaryFile'>,
  name: string,
): Thenable<string | undefined> {
  const { showInformationMessage: inform, showWarningMessage: warn } = vscode.window;
  const [dashboard, summary] = [t('Open Dashboard'), t('Show Summary')];
  if (histories === 0) return warn(t('No SQL migrations were found in {0}.', name), t('What Was Looked For'));
  if (imported === 0 && !cancelled)
    return inform(t('Nothing new to import from {0}.', name), summary, dashboard);
  const done = imported === 1 ? t('1 new migration') : t('{0} new migrations', imported);
  if (cancelled) return inform(t('Import stopped after {0}; what was imported is kept.', done), dashboard);
  return inform(
    failed === 0
      ? t('{0} imported from {1}, none failed.', done, name)
      : t('{0} imported from {1}, {2} failed in the throw-away database.', done, name, failed),
    summary,
    dashboard,
  );
}
