/**
 * What the editor shows beside the SQL: lenses, hovers, diagnostics and the rest. Judging happens in the language thread;
 * here it is decided when, and what of it is shown.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { CancellationToken, Connection, Range, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { DataFolder } from '../../../core/node/data-folder.ts';
import type { Session } from '../../../core/node/engine/session.ts';
import type { FileVerdict } from '../../../core/shadow/verdict.ts';
import type { Faces, Preferences } from '../../protocol.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { isExcluded } from '../recording/excluded.ts';
import type { WorkspaceFolders } from '../workspace.ts';
import { diagnosticsOf } from './findings.ts';
import type { Judged, Notice, Question, Questions } from './messages.ts';
import { PastRuns } from './past.ts';
import { Predictions } from './predictions.ts';
import { settingsFrom } from './settings.ts';
import { NotWanted, ThreadLink } from './thread-link.ts';

export interface LanguageFacesOptions {
  connection: Connection;
  documents: TextDocuments<TextDocument>;
  diagnostics: Diagnostics;
  folders: WorkspaceFolders;
  preferences: () => Preferences;
  session: () => Promise<Session>;
  dataFolder: () => string;
}

const OWNER = 'check';
/** Someone who types on gets no answer in between. */
const SETTLE_MS = 60;

interface Pending {
  version: number;
  judged: Promise<Judged | undefined>;
}

export class LanguageFaces {
  readonly past: PastRuns;
  readonly predictions: Predictions;
  readonly #options: LanguageFacesOptions;
  readonly #thread: ThreadLink;
  readonly #typing = new Map<string, AbortController>();
  readonly #pending = new Map<string, Pending>();
  /** Where the shadow has failed, and in which version. */
  readonly #failed = new Map<string, { version: number; ranges: Range[] }>();
  #told = '';
  #endFollowing: (() => void) | undefined;

  constructor(options: LanguageFacesOptions) {
    this.#options = options;
    this.past = new PastRuns(options.session, () => this.#askAgain());
    this.predictions = new Predictions(() => new DataFolder(options.dataFolder()));
    this.#thread = new ThreadLink(
      () => this.#everything(),
      (message) => options.connection.console.info(message),
    );
  }

  get documents(): TextDocuments<TextDocument> {
    return this.#options.documents;
  }

  get folders(): WorkspaceFolders {
    return this.#options.folders;
  }

  get preferences(): Preferences {
    return this.#options.preferences();
  }

  shows(face: keyof Faces): boolean {
    return this.preferences.faces?.[face] === true;
  }

  /** A document was opened or typed into. */
  changed(document: TextDocument): void {
    this.#thread.tell(textOf(document));
    this.#settle(document, SETTLE_MS);
  }

  /** What comes of predictions moves the next ones, and is told in its file: open files say it as soon as it is known. */
  async followOutcomes(): Promise<void> {
    const session = await this.#options.session();
    const endLearned = session.onLearned(() => {
      for (const document of this.documents.all()) this.#judgeAnew(document);
    });
    const endRuns = session.subscribe({ filter: { type: ['migration_execution'] } }, ({ data }) => {
      if (!this.documents.all().some(({ uri }) => this.folders.placeOf(uri)?.path === data.file)) return;
      this.past.forgetRuns();
      this.#askAgain();
    });
    this.#endFollowing = () => {
      endLearned();
      endRuns();
    };
  }

  closed({ uri }: TextDocument): void {
    this.#typing.get(uri)?.abort();
    this.#typing.delete(uri);
    this.#pending.delete(uri);
    this.#failed.delete(uri);
    this.#thread.tell({ tell: 'closed', uri });
    this.#options.diagnostics.set(uri, OWNER, []);
  }

  /** A file was saved: those behind it in its history stand on another schema, and its prediction is made. */
  saved(document: TextDocument): void {
    for (const other of this.documents.all()) if (other.uri !== document.uri) this.#again(other);
    void this.#record(document);
  }

  /** Preferences or workspace folders may have changed. */
  refresh(): void {
    const settings = settingsFrom(this.folders.all, this.preferences, this.#options.dataFolder());
    const told = JSON.stringify([settings, this.preferences.faces]);
    if (told === this.#told) return;
    this.#told = told;
    this.#thread.tell({ tell: 'settings', settings });
    if (!this.shows('diagnostics')) this.#options.diagnostics.clear(OWNER);
    for (const document of this.documents.all()) this.#again(document);
    this.#askAgain();
  }

  /** The shadow has run a version of a document. */
  ran(document: TextDocument, version: number, verdict: FileVerdict, failed: Range[]): void {
    this.#failed.set(document.uri, { version, ranges: failed });
    this.#thread.tell({ tell: 'verdict', uri: document.uri, version, verdict });
    if (document.version === version) this.#judgeAnew(document);
  }

  /** The document as it is now, judged. Undefined for what is no migration. */
  judged(document: TextDocument): Promise<Judged | undefined> {
    const { uri, version } = document;
    const known = this.#pending.get(uri);
    if (known?.version === version) return known.judged;
    const judged = this.ask('judge', { uri });
    this.#pending.set(uri, { version, judged });
    judged.catch(() => {
      if (this.#pending.get(uri)?.judged === judged) this.#pending.delete(uri);
    });
    return judged;
  }

  ask<Q extends Question>(
    question: Q,
    params: Questions[Q]['params'],
    token?: CancellationToken,
  ): Promise<Questions[Q]['result']> {
    return this.#thread.ask(question, params, token);
  }

  close(): Promise<void> {
    this.#endFollowing?.();
    return this.#thread.close();
  }

  get #isWanted(): boolean {
    const { faces = {} } = this.preferences;
    return Object.values(faces).some(Boolean);
  }

  /** Something else than its text has changed. */
  #judgeAnew(document: TextDocument): void {
    if (!this.#isWanted) return;
    const before = this.#pending.get(document.uri)?.judged;
    this.#again(document);
    void this.#refreshIfOther(document, before);
  }

  #again(document: TextDocument): void {
    this.#pending.delete(document.uri);
    this.#settle(document, 0);
  }

  #settle(document: TextDocument, ms: number): void {
    this.#typing.get(document.uri)?.abort();
    if (!this.#isWanted) return;
    const controller = new AbortController();
    this.#typing.set(document.uri, controller);
    this.#publish(document, ms, controller.signal).catch((error: unknown) => {
      if (controller.signal.aborted || error instanceof NotWanted) return;
      const why = error instanceof Error ? error.message : error;
      this.#options.connection.console.error(`${document.uri} was not judged: ${why}`);
    });
  }

  async #publish(document: TextDocument, ms: number, signal: AbortSignal): Promise<void> {
    if (ms > 0) await delay(ms, undefined, { signal });
    const { uri, version } = document;
    const judged = await this.judged(document);
    if (signal.aborted || document.version !== version) return;
    if (!judged || !this.shows('diagnostics')) return this.#options.diagnostics.set(uri, OWNER, []);
    const failed = this.#failed.get(uri);
    const lineAt = (line: number) =>
      document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
    const said = diagnosticsOf(judged, lineAt, failed?.version === version ? failed.ranges : []);
    this.#options.diagnostics.set(uri, OWNER, said);
  }

  /** Editors ask for lenses when a text changes; what the shadow adds comes later. */
  async #refreshIfOther(
    document: TextDocument,
    before: Promise<Judged | undefined> | undefined,
  ): Promise<void> {
    try {
      const [old, now] = await Promise.all([before, this.judged(document)]);
      if (JSON.stringify(old?.file) !== JSON.stringify(now?.file)) this.#askAgain();
    } catch {
      // It is judged again when it is asked for.
    }
  }

  #askAgain(): void {
    const { languages } = this.#options.connection;
    if (this.shows('codeLens'))
      void this.#options.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
    if (this.shows('inlayHints')) void languages.inlayHint.refresh().catch(() => undefined);
  }

  async #record(document: TextDocument): Promise<void> {
    const place = this.folders.placeOf(document.uri);
    const { recording, exclude = [] } = this.preferences;
    if (recording !== 'on' || !place || isExcluded(place.path, exclude) || !this.#isWanted) return;
    try {
      const judged = await this.judged(document);
      if (!judged) return;
      const session = await this.#options.session();
      if (await this.predictions.record(judged, place.workspace, session)) this.#askAgain();
    } catch (error) {
      if (error instanceof NotWanted) return;
      const why = error instanceof Error ? error.message : error;
      this.#options.connection.console.error(`${place.path}: its prediction was not recorded: ${why}`);
    }
  }

  #everything(): Notice[] {
    const settings = settingsFrom(this.folders.all, this.preferences, this.#options.dataFolder());
    return [{ tell: 'settings', settings }, ...this.documents.all().map(textOf)];
  }
}

function textOf(document: TextDocument): Notice {
  const { uri, version, languageId: language } = document;
  return { tell: 'text', uri, version, text: document.getText(), language };
}
