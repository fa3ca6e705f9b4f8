/**
 * The desktop app: one window on the built pages, the engine in a process beside it. This file and the few that import
 * `electron` only connect the parts; what they decide is decided in files without it.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog, Menu, nativeTheme, protocol, session, shell } from 'electron';
import type { PageTheme } from '../../core/contract/bridge.ts';
import { DataFolder } from '../../core/node/data-folder.ts';
import { VERSION } from '../../core/node/version.ts';
import { APP_SCHEME, APP_SCHEME_PRIVILEGES, pageHandler } from './app-pages.ts';
import { EngineRelay } from './engine-relay.ts';
import { EngineSupervisor } from './engine-supervisor.ts';
import { LogFile } from './log-file.ts';
import { type MainWindow, openMainWindow } from './main-window.ts';
import { menuTemplate } from './menu.ts';
import { readPreferences, writePreferences } from './preferences.ts';
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

if (app.requestSingleInstanceLock()) {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, openOutside, log));
  app.whenReady().then(run).catch(giveUp);
} else {
  app.quit();
}

function run(): void {
  log(`${TITLE} ${VERSION} starts on ${folder.path}`);
  protocol.handle(APP_SCHEME, pageHandler(join(HERE, '..', 'webview')));
  denyPermissions(session.defaultSession, log);
  blockNetwork(session.defaultSession, log);

  const preferencesPath = folder.in('desktop', 'preferences.json');
  const preferences = readPreferences(preferencesPath);
  nativeTheme.themeSource = preferences.theme;
  const supervisor = new EngineSupervisor({
    start: () => startUtilityHost(join(HERE, '..', 'desktop-engine.mjs'), folder, log),
    log,
  });
  const main = openMainWindow({
    title: TITLE,
    preload: join(HERE, 'preload.cjs'),
    preferences,
    relay: new EngineRelay(supervisor),
    supervisor,
    development: !app.isPackaged,
    log,
  });
  supervisor.start();

  const setTheme = (theme: PageTheme) => {
    preferences.theme = theme;
    nativeTheme.themeSource = theme;
    main.link.changeTheme(theme);
  };
  const template = menuTemplate({
    platform: process.platform,
    theme: preferences.theme,
    development: !app.isPackaged,
    setTheme,
    openLogFolder: () => void shell.openPath(folder.folder('logs')),
    openDataFolder: () => void shell.openPath(folder.path),
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  app.on('second-instance', () => comeForward(main));
  app.on('window-all-closed', () => app.quit());
  quitInOrder(supervisor, () => writePreferences(preferencesPath, preferences, log));
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
