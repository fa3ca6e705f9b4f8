/** Texts of a project's scripts, read as the editor reads files. */
import * as vscode from 'vscode';
import { projectScripts } from '../../../core/migrations/command/project-scripts.ts';

export const readProjectScript = projectScripts(async (path) => {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(path)));
  } catch {
    return undefined;
  }
});
