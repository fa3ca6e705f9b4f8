/**
 * The desktop app: one window on the built pages, the engine in a process beside it. This file and the few that import
 * `electron` only connect the parts; what they decide is decided in files without it.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, ipcMain, Menu, nativeTheme, protocol, session, shell } from 'electron';
import type { PageTheme } from '../../core/contract/bridge.ts';
import { LINK_SCHEME } from '../../core/contract/links.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import { VERSION } from '../../core/node/version.ts';
import { AlertWatch } from './alert-watch.ts';
import { APP_SCHEME, APP_SCHEME_PRIVILEGES, pageHandler } from './app-pages.ts';
import { type Asked, askedBy, askedByLink, askedByPath, REPORT_EXTENSION } from './asked.ts';
import { hiddenWindow, showReport } from './document-windows.ts';
import { receiveDrops } from './drop-receiver.ts';
import { EngineRelay } from './engine-relay.ts';
import { afterDelay, EngineSupervisor } from './engine-supervisor.ts';
import { Imports } from './imports.ts';
import { LogFile } from './log-file.ts';
import { type MainWindow, openMainWindow } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { readPreferences, writePreferences } from './preferences.ts';
import { showPresence } from './presence.ts';
import { answerPrint, Printer } from './printing.ts';
import { ShownDocuments } from './shown-documents.ts';
import { type Updater, Updates } from './updates.ts';
import { startUtilityHost } from './utility-host.ts';
import { blockNetwork, denyPermissions, guardContents } from './web-security.ts';

const TITLE = 'AI-BOS Telemetry';
/** `dist/desktop`, beside the pages and the engine's bundle. */
const HERE = dirname(fileURLToPath(import.meta.url));

const folder = openFolder();
const log = new LogFile(folder.in('logs')).write;
process.on('uncaughtExceptionMonitor', (error) => log(`error: ${error.stack ?? error.message}`));

app.setName(TITLE);
app.setAboutPanelOptions({ applicationName: TITLE, applicationVersion: VERSION });
// One instance for each data folder: Electron keeps its lock, like everything of its own, in `userData`.
app.setPath('userData', folder.folder('desktop'));
app.setAppLogsPath(folder.in('logs'));
app.enableSandbox();
protocol.registerSchemesAsPrivileged([APP_SCHEME_PRIVILEGES]);

/** What was asked before the window is there; then its taker. */
let take: (asked: Asked) => void = (asked) => early.push(asked);
const early: Asked[] = [];
const takeAny = (asked: Asked | undefined) => {
  if (asked) take(asked);
};

if (app.requestSingleInstanceLock()) {
  // macOS says so by events, from before it is ready on; the other systems by arguments.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    takeAny(askedByLink(url));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    takeAny(askedByPath(path));
  });
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openOutside, log));
  app.whenReady().then(run).catch(giveUp);
} else {
  app.quit();
}

function run(): void {
  log(`${TITLE} ${VERSION} starts on ${folder.path}`);
  const documents = new ShownDocuments();
  const pages = pageHandler(join(HERE, '..', 'webview'));
  protocol.handle(APP_SCHEME, async (request) => documents.answer(request) ?? pages(request));
  denyPermissions(session.defaultSession, log);
  blockNetwork(session.defaultSession, log);
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);

  const preferencesPath = folder.in('desktop', 'preferences.json');
  const preferences = readPreferences(preferencesPath);
  nativeTheme.themeSource = preferences.theme;
  const supervisor = new EngineSupervisor({
    start: () => startUtilityHost(join(HERE, '..', 'desktop-engine.mjs'), folder, log),
    log,
  });
  printFor(supervisor, documents);
  const relay = new EngineRelay(supervisor);
  const main = openMainWindow({
    title: TITLE,
    preload: join(HERE, 'preload.cjs'),
    preferences,
    relay,
    supervisor,
    development: !app.isPackaged,
    log,
  });
  const presence = showPresence(
    {
      title: TITLE,
      icon: join(HERE, 'icon.png'),
      open(route) {
        if (route !== undefined) main.link.goTo(route);
        comeForward(main);
      },
      quit: () => app.quit(),
      announces: () => preferences.notifications,
    },
    log,
  );
  const watch = new AlertWatch({
    call: relay.call,
    show: presence.showAlerts,
    announce: presence.announce,
    after: afterDelay,
  });
  supervisor.onState((state) => watch.enter(state));
  const imports = new Imports({
    supervisor,
    progress: (progress) => showProgress(main, progress),
    tell: presence.tell,
  });
  const updates = new Updates({
    preference: () => preferences.updates,
    load: loadUpdater,
    tell: (text) => presence.tell(TITLE, text),
    log,
    after: afterDelay,
  });
  supervisor.start();
  void followEvents(relay, () => watch.happened());
  updates.plan();

  take = (asked) => {
    if (asked.kind === 'go') main.link.goTo(asked.route);
    else if (asked.kind === 'report') void openReport(asked.path, documents);
    else void confirmImport(main, asked.path, imports);
  };
  receiveDrops(ipcMain, main.window.webContents, take, log);
  const setTheme = (theme: PageTheme) => {
    preferences.theme = theme;
    nativeTheme.themeSource = theme;
    main.link.changeTheme(theme);
  };
  const template = menuTemplate({
    platform: process.platform,
    theme: preferences.theme,
    development: !app.isPackaged,
    notifications: preferences.notifications,
    automaticUpdates: preferences.updates.automatic,
    hasUpdateFeed: preferences.updates.feed !== undefined,
    setTheme,
    goTo: (route) => main.link.goTo(route),
    goBack: () => main.window.webContents.navigationHistory.goBack(),
    goForward: () => main.window.webContents.navigationHistory.goForward(),
    importRepository: () => void chooseFolder(main, (path) => imports.begin(path)),
    cancelImport: () => imports.cancel(),
    openReport: () => void chooseReport(main, (path) => openReport(path, documents)),
    setNotifications(on) {
      preferences.notifications = on;
    },
    checkForUpdates: () => void updates.check(),
    setAutomaticUpdates(on) {
      preferences.updates.automatic = on;
      updates.plan();
    },
    openLogFolder: () => void shell.openPath(folder.folder('logs')),
    openDataFolder: () => void shell.openPath(folder.path),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  app.on('second-instance', (_event, args, from) => {
    takeAny(askedBy(args.slice(1), from));
    comeForward(main);
  });
  app.on('window-all-closed', () => app.quit());
  main.window.on('closed', () => app.quit());
  quitInOrder(supervisor, () => {
    watch.stop();
    updates.stop();
    presence.end();
    writePreferences(preferencesPath, preferences, log);
  });
  for (const asked of early.splice(0)) take(asked);
  takeAny(askedBy(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd()));
}

/** From the newest event on: with a place to go on from, a restart of the engine leaves no gap. */
async function followEvents(relay: EngineRelay, happened: () => void): Promise<void> {
  try {
    const { items } = await relay.call('events.list', { limit: 1 });
    relay.subscribe({ after: items[0]?.sequence ?? 0 }, happened);
  } catch (error) {
    log(`events are not followed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The engine's reports become PDFs here, those that the reader asks for and those that are made by schedule. */
function printFor(supervisor: EngineSupervisor, documents: ShownDocuments): void {
  const printer = new Printer({ documents, open: hiddenWindow, after: afterDelay });
  supervisor.onMessage((message) => {
    if (message.kind === 'print')
      void answerPrint(printer, message).then((answer) => supervisor.post(answer));
  });
}

function showProgress({ window }: MainWindow, progress: { share: number; text: string } | undefined): void {
  if (window.isDestroyed()) return;
  window.setProgressBar(progress ? progress.share : -1);
  window.setTitle(progress ? `${Math.round(progress.share * 100)} % of ${progress.text}` : TITLE);
}

/** What is dropped or named by another program is imported only after a click: a drop is easily made by accident. */
async function confirmImport({ window }: MainWindow, path: string, imports: Imports): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Import the migrations of this folder?',
    detail: `${path}\n\nThey are run in an embedded database; nothing is sent, and the folder stays as it is.`,
    buttons: ['Import', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  });
  if (response === 0) imports.begin(path);
}

async function chooseFolder({ window }: MainWindow, chosen: (path: string) => void): Promise<void> {
  const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openDirectory'] });
  if (filePaths[0] !== undefined) chosen(filePaths[0]);
}

async function chooseReport({ window }: MainWindow, chosen: (path: string) => unknown): Promise<void> {
  const filters = [{ name: 'Reports', extensions: [REPORT_EXTENSION.slice(1), 'html'] }];
  const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openFile'], filters });
  if (filePaths[0] !== undefined) await chosen(filePaths[0]);
}

async function openReport(path: string, documents: ShownDocuments): Promise<void> {
  try {
    await showReport(path, documents);
  } catch (error) {
    dialog.showErrorBox('The report cannot be shown', error instanceof Error ? error.message : String(error));
  }
}

/** A bundle of its own: an app without updates never loads it. */
async function loadUpdater(): Promise<Updater> {
  const bundle = new URL('updater.mjs', import.meta.url).href;
  const { makeUpdater } = (await import(bundle)) as typeof import('./updater.ts');
  return makeUpdater(log);
}

/** The app ends only after the engine has closed its session: nothing that was recorded is lost. */
function quitInOrder(supervisor: EngineSupervisor, save: () => void): void {
  let ended = false;
  app.on('will-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    save();
    void supervisor.stop('the desktop app quits').finally(() => {
      ended = true;
      log('ended');
      app.quit();
    });
  });
}

/** Shows the window to who started the app a second time; the app starts anew where it is just ending. */
function comeForward({ window }: MainWindow): void {
  if (window.isDestroyed()) {
    app.relaunch();
    return;
  }
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function openOutside(url: string): void {
  void shell.openExternal(url);
}

function openFolder(): DataFolder {
  try {
    return new DataFolder();
  } catch (error) {
    dialog.showErrorBox(TITLE, error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

/** An app that cannot start says why and ends, instead of staying without a window. */
function giveUp(error: unknown): void {
  log(`error: ${error instanceof Error ? error.stack : String(error)}`);
  dialog.showErrorBox(TITLE, error instanceof Error ? error.message : String(error));
  app.exit(1);
}
