/**
 * What lenses, hovers and fixes lead to: the prediction in full, a rule explained, a table before and after, the command that
 * runs a migration.
 */
import * as vscode from 'vscode';
import {
  type Page,
  PREDICTION_TEXT,
  type PredictionTarget,
  type PredictionText,
  SHOW_PAGE,
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
    void engine
      .onNotification(SHOW_PAGE, (page: Page) => void this.#read(page))
      .then((ended) => this.add(ended));
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
    await this.#read({ name: target.subject, text: answer.text });
  }

  /** The table before the statement beside the table after it; of the statement at the cursor where none is given. */
  async compareTable(argument: unknown): Promise<void> {
    const target = targetOf(argument) ?? targetAtCursor();
    const shapes = target && (await this.#engine.ask<TableShapes | null>(TABLE_SHAPES, target));
    if (!target || !shapes) {
      void vscode.window.showInformationMessage(t('No migration changes a table here.'));
      return;
    }
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

  async #read({ name, text }: Page): Promise<void> {
    await vscode.commands.executeCommand('markdown.showPreview', this.#document(`${name}.md`, text));
  }

  #document(name: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query: String(++this.#count) });
    this.#texts.set(uri.toString(), text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > MOST_TEXTS && oldest !== undefined) this.#texts.delete(oldest);
    return uri;
  }
}

function targetAtCursor(): PredictionTarget | undefined {
  const editor = vscode.window.activeTextEditor;
  return (
    editor && { uri: editor.document.uri.toString(), line: editor.selection.active.line + 1, subject: '' }
  );
}

function targetOf(argument: unknown): PredictionTarget | undefined {
  const { uri } = (argument ?? {}) as Partial<PredictionTarget>;
  return typeof uri === 'string' ? (argument as PredictionTarget) : undefined;
}
