/**
 * Says in the editor, while a migration is typed, what the database would say: each statement runs in the shadow on top
 * of the history before it, and what fails is underlined in the engine's own words.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  type Range,
  type TextDocuments,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { NotWanted } from '../../core/node/shadow/judge-process.ts';
import { ShadowService } from '../../core/node/shadow/service.ts';
import type { FileVerdict, StatementVerdict } from '../../core/shadow/verdict.ts';
import type { Preferences } from '../protocol.ts';
import { t } from '../text.ts';
import type { Diagnostics } from './diagnostics.ts';
import { HistoryReader, type InHistory } from './shadow-history.ts';
import type { WorkspaceFolders } from './workspace.ts';

export interface ShadowDiagnosticsOptions {
  documents: TextDocuments<TextDocument>;
  diagnostics: Diagnostics;
  folders: WorkspaceFolders;
  preferences: () => Preferences;
  /** Folder for the states of shadows; asked for when the first migration is judged. */
  cacheFolder: () => string;
  /** What was said of a version of a document, before it is shown. */
  onVerdict?: (document: TextDocument, version: number, verdict: FileVerdict, failed: Range[]) => void;
  log: Connection['console'];
}

const OWNER = 'shadow';
const SOURCE = 'AI-BOS shadow';
/** Someone who types on gets no answer in between. */
const SETTLE_MS = 200;
const ERROR_CODES = 'https://www.postgresql.org/docs/current/errcodes-appendix.html';
/** Such a reason says what the shadow cannot do; others only say what a mistake elsewhere entails. */
const LACKS = /shadow/;

export class ShadowDiagnostics {
  readonly #options: ShadowDiagnosticsOptions;
  readonly #reader = new HistoryReader();
  readonly #asked = new Map<string, AbortController>();
  #service: ShadowService | undefined;

  constructor(options: ShadowDiagnosticsOptions) {
    this.#options = options;
  }

  /** A file was opened or typed into: it is judged once the typing rests. */
  changed(document: TextDocument): void {
    this.#asked.get(document.uri)?.abort();
    if (!this.#isWanted) return;
    const controller = new AbortController();
    this.#asked.set(document.uri, controller);
    this.#judge(document, controller.signal).catch((error: unknown) => {
      if (error instanceof NotWanted || controller.signal.aborted) return;
      this.#options.log.error(
        `${document.uri} was not judged: ${error instanceof Error ? error.message : error}`,
      );
    });
  }

  closed({ uri }: TextDocument): void {
    this.#asked.get(uri)?.abort();
    this.#asked.delete(uri);
    this.#options.diagnostics.set(uri, OWNER, []);
  }

  /** Another file of a history may have changed on the disk, or what is wanted: every open file is judged again. */
  refresh(): void {
    if (!this.#isWanted) {
      for (const controller of this.#asked.values()) controller.abort();
      this.#asked.clear();
      this.#options.diagnostics.clear(OWNER);
      this.close();
    }
    for (const document of this.#options.documents.all()) this.changed(document);
  }

  close(): void {
    this.#service?.close();
    this.#service = undefined;
  }

  get #isWanted(): boolean {
    const { trusted, shadow } = this.#options.preferences();
    return trusted && shadow === true;
  }

  async #judge(document: TextDocument, signal: AbortSignal): Promise<void> {
    await delay(SETTLE_MS, undefined, { signal });
    const text = document.getText();
    const { version } = document;
    const found = await this.#historyOf(document.uri, text);
    if (!found || signal.aborted) return;
    this.#service ??= new ShadowService({
      cacheFolder: this.#options.cacheFolder(),
      background: true,
    });
    const verdict = await this.#service.check(found.history, found.migration, signal);
    if (signal.aborted) return;
    const said = verdict.statements.flatMap(
      (statement) => diagnosticOf(document, statement, verdict.engine) ?? [],
    );
    const failed = said.filter(({ severity }) => severity === DiagnosticSeverity.Error);
    this.#options.onVerdict?.(
      document,
      version,
      verdict,
      failed.map(({ range }) => range),
    );
    this.#options.diagnostics.set(document.uri, OWNER, said);
    for (const note of verdict.notes) this.#options.log.info(`${found.migration.name}: ${note}`);
  }

  async #historyOf(uri: string, text: string): Promise<InHistory | undefined> {
    const { folders, documents } = this.#options;
    const place = folders.placeOf(uri);
    if (!place) return undefined;
    const open = new Map(
      documents
        .all()
        .filter((one) => one.uri.startsWith('file:'))
        .map((one) => [pathToFileURL(fileURLToPath(one.uri)).href, one]),
    );
    return this.#reader.historyOf(place, text, (file) => open.get(pathToFileURL(file).href)?.getText());
  }
}

/** What is said of one statement; undefined where there is nothing to say. */
function diagnosticOf(
  document: TextDocument,
  { verdict, error, errorEnd, reason, start, end }: StatementVerdict,
  engine: string,
): Diagnostic | undefined {
  const to = errorEnd ?? end;
  const from = Math.max(start, Math.min(error?.position ?? start, to - 1));
  const range = { start: document.positionAt(from), end: document.positionAt(to) };
  if (verdict === 'unjudged' && reason && LACKS.test(reason)) {
    const message = t('Not judged: {0}.', reason);
    return { range, message, severity: DiagnosticSeverity.Information, source: SOURCE };
  }
  if (verdict !== 'fails' || !error) return undefined;
  const isPostgres = engine.startsWith('PostgreSQL');
  return {
    range,
    message: [error.message, error.detail, error.hint && t('Hint: {0}', error.hint)]
      .filter(Boolean)
      .join('\n'),
    severity: DiagnosticSeverity.Error,
    source: SOURCE,
    ...(error.sqlState ? { code: error.sqlState } : {}),
    ...(error.sqlState && isPostgres ? { codeDescription: { href: ERROR_CODES } } : {}),
  };
}
