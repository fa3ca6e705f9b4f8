/** What the lenses and hovers lead to: the prediction in full, a table before and after, the command that runs a migration. */
import * as vscode from 'vscode';
import {
  PREDICTION_TEXT,
  type PredictionTarget,
  type PredictionText,
  TABLE_SHAPES,
  type TableShapes,
} from '../protocol.ts';
import { t } from '../text.ts';
import { DisposableStore } from './disposables.ts';
import type { EngineClient } from './engine-client.ts';
import { filePlace } from './places.ts';
import { runCommand } from './run-command.ts';

const SCHEME = 'aibos-prediction';
/** Texts of the last comparisons; an editor that was closed asks no more for its text. */
const MOST_TEXTS = 20;

export class PredictionCommands extends DisposableStore implements vscode.TextDocumentContentProvider {
  readonly #engine: EngineClient;
  readonly #texts = new Map<string, string>();
  #count = 0;

  constructor(engine: EngineClient) {
    super('prediction commands');
    this.#engine = engine;
    this.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** A statement's prediction as the hover at its beginning; the whole file's as a page. */
  async show(argument: unknown): Promise<void> {
    const target = targetOf(argument);
    if (!target) return;
    if (target.statement !== undefined) {
      await vscode.window.showTextDocument(vscode.Uri.parse(target.uri), {
        selection: filePlace(target.line),
      });
      await vscode.commands.executeCommand('cursorHome');
      await vscode.commands.executeCommand('editor.action.showHover');
      return;
    }
    const answer = await this.#engine.ask<PredictionText | null>(PREDICTION_TEXT, target);
    if (!answer) return;
    const page = this.#document(`${target.subject}.md`, answer.text);
    await vscode.commands.executeCommand('markdown.showPreview', page);
  }

  /** The table before the statement beside the table after it. */
  async compareTable(argument: unknown): Promise<void> {
    const target = targetOf(argument);
    const shapes = target && (await this.#engine.ask<TableShapes | null>(TABLE_SHAPES, target));
    if (!target || !shapes) throw new Error(t('No table is changed here.'));
    const { relation, before = '', after = '' } = shapes;
    await vscode.commands.executeCommand(
      'vscode.diff',
      this.#document(`${relation} before.sql`, before),
      this.#document(`${relation} after.sql`, after),
      t('{0}: before and after line {1}', relation, target.line),
    );
  }

  /** Writes the tool's command into a terminal. Whoever presses Enter has read it. */
  async run(argument: unknown): Promise<void> {
    const target = targetOf(argument);
    if (!target) return;
    const uri = vscode.Uri.parse(target.uri);
    const cwd = vscode.workspace.getWorkspaceFolder(uri)?.uri;
    const terminal = vscode.window.createTerminal({
      name: t('Migration'),
      ...(cwd ? { cwd } : {}),
    });
    terminal.show();
    terminal.sendText(runCommand(target.tool, vscode.workspace.asRelativePath(uri, false)), false);
  }

  #document(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: String(++this.#count) });
    this.#texts.set(uri.toString(), text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MOST_TEXTS && oldest !== undefined) this.#texts.delete(oldest);
    return uri;
  }
}

function targetOf(argument: unknown): PredictionTarget | undefined {
  const { uri } = (argument ?? {}) as Partial<PredictionTarget>;
  return typeof uri === 'string' ? (argument as PredictionTarget) : undefined;
}
