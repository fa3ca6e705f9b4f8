/** Commands of the integrated terminal, by shell integration: timed from their start, because the end carries no duration. */
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type EndedCommand, mayRunMigrations } from '../../../core/migrations/command/ended-command.ts';
import { DisposableStore } from '../disposables.ts';
import { OutputReader } from './output-reader.ts';

interface Started {
  at: number;
  clock: number;
  output: OutputReader | undefined;
}

/** After its end a command's last output may still be on its way. */
const PATIENCE_MS = 1_000;

const CONFIDENCE = {
  [vscode.TerminalShellExecutionCommandLineConfidence.Low]: 'low',
  [vscode.TerminalShellExecutionCommandLineConfidence.Medium]: 'medium',
  [vscode.TerminalShellExecutionCommandLineConfidence.High]: 'high',
} as const;

export class TerminalWatch extends DisposableStore {
  readonly #started = new WeakMap<vscode.TerminalShellExecution, Started>();
  readonly #patterns: () => readonly string[];
  readonly #ended: (command: EndedCommand) => void;

  constructor(patterns: () => readonly string[], ended: (command: EndedCommand) => void) {
    super('terminal watch');
    this.#patterns = patterns;
    this.#ended = ended;
    this.add(vscode.window.onDidStartTerminalShellExecution(({ execution }) => this.#start(execution)));
    this.add(
      vscode.window.onDidEndTerminalShellExecution(({ execution, exitCode }) => {
        void this.#end(execution, exitCode);
      }),
    );
  }

  #start(execution: vscode.TerminalShellExecution): void {
    const interesting = mayRunMigrations(execution.commandLine.value, this.#patterns());
    this.#started.set(execution, {
      at: Date.now(),
      clock: performance.now(),
      output: interesting ? new OutputReader(execution.read()) : undefined,
    });
  }

  async #end(execution: vscode.TerminalShellExecution, exitCode: number | undefined): Promise<void> {
    const started = this.#started.get(execution);
    // A command that ran before the extension did has no start, and so no duration.
    if (!started) return;
    const durationMs = performance.now() - started.clock;
    const { value: line, confidence } = execution.commandLine;
    if (!mayRunMigrations(line, this.#patterns())) return;
    const said = await started.output?.end(delay(PATIENCE_MS));
    this.#ended({
      line,
      folder: execution.cwd?.fsPath,
      confidence: CONFIDENCE[confidence],
      startedAt: started.at,
      durationMs,
      exitCode,
      output: said?.output ?? '',
      outputWhole: said?.outputWhole ?? false,
    });
  }
}
