/** Tasks of the editor, which may run where no terminal says anything. */
import * as vscode from 'vscode';
import { type EndedCommand, mayRunMigrations } from '../../../core/migrations/command/ended-command.ts';
import { DisposableStore } from '../disposables.ts';

interface Started {
  at: number;
  clock: number;
}

export class TaskWatch extends DisposableStore {
  readonly #started = new Map<vscode.TaskExecution, Started>();

  constructor(patterns: () => readonly string[], ended: (command: EndedCommand) => void) {
    super('task watch');
    this.add(
      vscode.tasks.onDidStartTaskProcess(({ execution }) => {
        this.#started.set(execution, { at: Date.now(), clock: performance.now() });
      }),
    );
    this.add(
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        const started = this.#started.get(execution);
        this.#started.delete(execution);
        const line = lineOf(execution.task);
        if (!started || line === undefined || !mayRunMigrations(line, patterns())) return;
        ended({
          line,
          folder: folderOf(execution.task),
          confidence: 'task',
          startedAt: started.at,
          durationMs: performance.now() - started.clock,
          exitCode,
          output: '',
          outputWhole: false,
        });
      }),
    );
  }
}

function lineOf({ execution }: vscode.Task): string | undefined {
  if (execution instanceof vscode.ProcessExecution)
    return [execution.process, ...execution.args].map(quoted).join(' ');
  if (!(execution instanceof vscode.ShellExecution)) return undefined;
  if (execution.commandLine !== undefined) return execution.commandLine;
  const words = [execution.command ?? '', ...(execution.args ?? [])];
  return words.map((word) => (typeof word === 'string' ? word : quoted(word.value))).join(' ');
}

function quoted(word: string): string {
  return /[\s"'$&|;<>()]/.test(word) ? `'${word.replaceAll("'", `'"'"'`)}'` : word;
}

function folderOf({ execution, scope }: vscode.Task): string | undefined {
  const given =
    execution instanceof vscode.ShellExecution || execution instanceof vscode.ProcessExecution
      ? execution.options?.cwd
      : undefined;
  const folder =
    typeof scope === 'object' ? scope.uri.fsPath : vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return given?.replace(/\$\{workspaceFolder\}/g, folder ?? '') ?? folder;
}
