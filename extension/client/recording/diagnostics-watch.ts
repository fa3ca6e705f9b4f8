/** Errors that stand in a SQL file when it is saved: each once, from whoever says so. */
import * as vscode from 'vscode';
import { DisposableStore } from '../disposables.ts';
import type { Observer } from './observer.ts';

/** Long enough for checkers to have looked at what was saved. */
const SETTLE_MS = 3_000;
const MOST_REMEMBERED = 2_000;
/** What the recorder of saves records itself. */
const RECORDED_ELSEWHERE = new Set(['sql-syntax', 'unreadable']);

export class DiagnosticsWatch extends DisposableStore {
  readonly #observer: Observer;
  readonly #said = new Set<string>();
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor(observer: Observer) {
    super('diagnostics watch');
    this.#observer = observer;
    this.add(vscode.workspace.onDidSaveTextDocument((document) => this.#saved(document)));
    this.add({
      dispose: () => {
        for (const timer of this.#waiting.values()) clearTimeout(timer);
      },
    });
  }

  #saved({ uri, languageId }: vscode.TextDocument): void {
    if (uri.scheme !== 'file' || !(languageId.includes('sql') || uri.path.endsWith('.sql'))) return;
    const key = uri.toString();
    clearTimeout(this.#waiting.get(key));
    const look = () => {
      this.#waiting.delete(key);
      this.#look(uri);
    };
    this.#waiting.set(key, setTimeout(look, SETTLE_MS));
  }

  #look(uri: vscode.Uri): void {
    for (const { severity, message, code, range, source } of vscode.languages.getDiagnostics(uri)) {
      if (severity !== vscode.DiagnosticSeverity.Error) continue;
      const name = String(typeof code === 'object' ? code.value : (code ?? 'diagnostic'));
      const key = `${uri.toString()} ${name} ${message}`;
      if (RECORDED_ELSEWHERE.has(name) || /^syntax error/i.test(message) || this.#said.has(key)) continue;
      if (this.#said.size >= MOST_REMEMBERED) this.#said.clear();
      this.#said.add(key);
      this.#observer.observe({
        type: 'error_occurrence',
        source: 'vscode:diagnostics',
        data: {
          message: message.slice(0, 2_000),
          code: name.slice(0, 200),
          severity: 'error',
          component: source ?? 'editor',
          file: vscode.workspace.asRelativePath(uri, false),
          line: range.start.line + 1,
        },
        about: uri.fsPath,
      });
    }
  }
}
