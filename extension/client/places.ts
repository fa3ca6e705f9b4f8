/** Where things that were recorded stand in the folders that are open here. */
import { join } from 'node:path';
import * as vscode from 'vscode';

/** Undefined where its folder is not open in this window. */
export function predictionUri(
  { workspace, file }: { workspace?: string; file?: string },
  folders: readonly { workspace: string; root: string }[],
): vscode.Uri | undefined {
  if (file === undefined) return undefined;
  const folder =
    folders.find((candidate) => candidate.workspace === workspace) ?? (workspace ? undefined : folders[0]);
  return folder && vscode.Uri.file(join(folder.root, file));
}

/** The beginning of a line, which counts from 1. */
export function filePlace(line = 1): vscode.Range {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  return new vscode.Range(at, at);
}
