/** Whether to record: a setting, and the question that is asked before it has been answered. */
import * as vscode from 'vscode';
import type { Recording } from '../protocol.ts';
import { t } from '../text.ts';

const SECTION = 'aibos';
const ENABLED = 'record.enabled';
/** Key under which the editor remembers, for all workspaces, that the question was put. */
const ASKED = 'aibos.recording.asked';

export class RecordingChoice {
  readonly #memory: vscode.Memento;

  constructor(context: vscode.ExtensionContext) {
    this.#memory = context.globalState;
  }

  get recording(): Recording {
    const configuration = vscode.workspace.getConfiguration(SECTION);
    if (configuration.get<boolean>(ENABLED)) return 'on';
    const answered = configuration.inspect<boolean>(ENABLED)?.globalValue !== undefined;
    return answered || this.#memory.get(ASKED) === 'answered' ? 'paused' : 'undecided';
  }

  /** Puts the question where it was never put. It may stay unanswered; then nothing is recorded. */
  async askOnce(): Promise<void> {
    if (this.recording === 'undecided' && this.#memory.get(ASKED) === undefined) await this.ask();
  }

  async ask(): Promise<void> {
    const record = t('Record');
    const choice = await vscode.window.showInformationMessage(
      t(
        'Record your schema changes? AI-BOS learns from the migrations you save and run. Everything stays on this machine.',
      ),
      record,
      t('Not now'),
    );
    await this.#memory.update(ASKED, choice === undefined ? 'closed' : 'answered');
    if (choice !== undefined) await this.set(choice === record);
  }

  /** For every window of this person. */
  async set(enabled: boolean): Promise<void> {
    await this.#memory.update(ASKED, 'answered');
    await vscode.workspace
      .getConfiguration(SECTION)
      .update(ENABLED, enabled, vscode.ConfigurationTarget.Global);
  }

  /** Calls when the setting changes, here or in another window. */
  onChange(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.${ENABLED}`)) listener();
    });
  }
}
