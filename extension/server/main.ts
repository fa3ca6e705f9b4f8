/**
 * The language server: hosts the engine or attaches to it, records saved migrations, and carries the method table to
 * the editor. Speaks the language server protocol over whatever transport its arguments name.
 */

import { setTimeout as delay } from 'node:timers/promises';
import {
  createConnection,
  type InitializeParams,
  type InitializeResult,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DataFolder, defaultDataFolder } from '../../core/node/data-folder.ts';
import { VERSION } from '../../core/node/version.ts';
import { PREFERENCES, type Preferences, type ServerOptions, STATUS } from '../protocol.ts';
import { translateWith } from '../text.ts';
import { Diagnostics } from './diagnostics.ts';
import { serveDoctor } from './doctor.ts';
import { EngineLink } from './engine-link.ts';
import { serveImport } from './import.ts';
import { LanguageFaces } from './language/faces.ts';
import { LANGUAGE_CAPABILITIES, serveLanguage } from './language/requests.ts';
import { serveMethods } from './method-calls.ts';
import { Authors } from './recording/authors.ts';
import { serveObserved } from './recording/observed.ts';
import { serveRuns } from './recording/run-recorder.ts';
import { SaveRecorder } from './recording/save-recorder.ts';
import { ShadowDiagnostics } from './shadow-diagnostics.ts';
import { StatusReporter } from './status.ts';
import { WorkspaceFolders } from './workspace.ts';

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const folders = new WorkspaceFolders();
const textsAtOpen = new Map<string, string>();
/** How long a closing editor waits for saves that are not stored yet. */
const PATIENCE_MS = 1_500;
let preferences: Preferences = { recording: 'undecided', trusted: false };
let dataFolder = '';
let link: EngineLink | undefined;
let status: StatusReporter | undefined;

const session = () => link?.session() ?? Promise.reject(new Error('The server is not initialised.'));
const recording = {
  session,
  preferences: () => preferences,
  authors: new Authors(),
  log: connection.console,
};
const recorder = new SaveRecorder(recording);
const diagnostics = new Diagnostics(connection);
const faces = new LanguageFaces({
  connection,
  documents,
  diagnostics,
  folders,
  preferences: () => preferences,
  session,
  dataFolder: () => dataFolder,
});
const shadow = new ShadowDiagnostics({
  documents,
  diagnostics,
  folders,
  preferences: () => preferences,
  cacheFolder: () => new DataFolder(dataFolder).folder('cache', 'shadow', 'states'),
  onVerdict: (document, version, verdict, failed) => faces.ran(document, version, verdict, failed),
  log: connection.console,
});

connection.onInitialize((params: InitializeParams): InitializeResult => {
  const options = params.initializationOptions as Partial<ServerOptions> | undefined;
  translateWith(options?.translations);
  preferences = options?.preferences ?? preferences;
  dataFolder = options?.dataFolder || defaultDataFolder();
  folders.set((params.workspaceFolders ?? []).map(({ uri }) => uri));
  const opened = new EngineLink(dataFolder, () => status?.publish());
  link = opened;
  status = new StatusReporter({
    state: () => opened.state,
    session,
    dataFolder,
    folders: () => folders.all.map(({ root, workspace }) => ({ root, workspace })),
    publish: (now) => void connection.sendNotification(STATUS, now),
  });
  return {
    serverInfo: { name: 'aibos-telemetry', version: VERSION },
    capabilities: {
      ...LANGUAGE_CAPABILITIES,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
});

connection.onInitialized(() => {
  status?.publish();
  void link?.run();
  void status?.follow();
  void faces.followOutcomes();
  connection.workspace.onDidChangeWorkspaceFolders(async () => {
    const open = await connection.workspace.getWorkspaceFolders();
    folders.set((open ?? []).map(({ uri }) => uri));
    faces.refresh();
    status?.refresh();
  });
});

connection.onNotification(PREFERENCES, (changed: Preferences) => {
  const before = JSON.stringify(preferences);
  preferences = changed;
  if (JSON.stringify(changed) === before) return;
  shadow.refresh();
  faces.refresh();
});

documents.onDidOpen(({ document }) => textsAtOpen.set(document.uri, document.getText()));
documents.onDidChangeContent(({ document }) => {
  shadow.changed(document);
  faces.changed(document);
});
documents.onDidClose(({ document }) => {
  textsAtOpen.delete(document.uri);
  shadow.closed(document);
  faces.closed(document);
});
documents.onDidSave(({ document }) => {
  shadow.refresh();
  faces.saved(document);
  const place = folders.placeOf(document.uri);
  if (!place) return;
  recorder.saved({ place, text: document.getText(), textAtOpen: textsAtOpen.get(document.uri) ?? '' });
});

serveLanguage(connection, faces);
serveMethods(connection, session);
serveImport(connection, session);
serveDoctor(connection, () => dataFolder);
serveRuns(connection, { ...recording, folders });
serveObserved(connection, { ...recording, folders });

connection.onShutdown(() => close('editor closed'));
// The editor's process went without a word: no shutdown will come.
process.on('disconnect', () => void close('editor lost').finally(() => process.exit(1)));
process.on('unhandledRejection', (error) =>
  connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
);

async function close(reason: string): Promise<void> {
  status?.stop();
  shadow.close();
  await Promise.race([recorder.idle(), delay(PATIENCE_MS)]);
  await faces.close();
  await link?.close(reason);
}

documents.listen(connection);
connection.listen();
