/** The one window of the app. */
import { writeFile } from 'node:fs/promises';
import { BrowserWindow, dialog, ipcMain, Menu, nativeTheme, screen } from 'electron';
import type { SavedFile } from '../../core/contract/bridge.ts';
import { HOST_CHANNEL } from '../preload/page-message.ts';
import { APP_PAGE } from './app-pages.ts';
import { contextMenu } from './context-menu.ts';
import type { EngineRelay } from './engine-relay.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';
import { PageLink } from './page-link.ts';
import { receivePageMessages } from './page-receiver.ts';
import type { Preferences } from './preferences.ts';
import { saveDialogOptions } from './save-dialog.ts';
import { backgroundColor } from './theme.ts';
import { WEB_PREFERENCES } from './web-security.ts';
import { fitToScreens, MINIMUM_SIZE } from './window-state.ts';

export interface MainWindowOptions {
  title: string;
  preload: string;
  preferences: Preferences;
  relay: EngineRelay;
  supervisor: EngineSupervisor;
  /** Whether the developer tools can be opened. */
  development: boolean;
  log(line: string): void;
}

export interface MainWindow {
  window: BrowserWindow;
  link: PageLink;
}

/** A renderer that crashes more often is left alone: the window then stays as it is. */
const MOST_RELOADS = 3;
/** A page that has painted and whose script does not begin is shown after this all the same. */
const LATEST_SHOW_MS = 2_000;

/** Opens the window on the page; it shows itself when the page has its colours, so without a flash. */
export function openMainWindow(options: MainWindowOptions): MainWindow {
  const { preferences, log, relay, supervisor } = options;
  const { maximized, ...bounds } = fitToScreens(preferences.window, workAreas());
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: options.title,
    show: false,
    backgroundColor: backgroundColor(nativeTheme.shouldUseDarkColors),
    webPreferences: { ...WEB_PREFERENCES, preload: options.preload, devTools: options.development },
  });
  const { webContents: contents } = window;
  let shown = false;
  const show = () => {
    if (shown || window.isDestroyed()) return;
    shown = true;
    if (maximized) window.maximize();
    window.show();
  };
  const link = new PageLink({
    relay,
    supervisor,
    send: (message) => {
      if (!contents.isDestroyed()) contents.send(HOST_CHANNEL, message);
    },
    begun: show,
    theme: () => preferences.theme,
    route: () => preferences.route,
    keepRoute: (route) => {
      preferences.route = route;
    },
    saveFile: (file) => void saveFile(window, file, log),
  });
  receivePageMessages(ipcMain, contents, link, log);
  window.once('ready-to-show', () => setTimeout(show, LATEST_SHOW_MS));
  window.on('close', () => {
    preferences.window = { ...window.getNormalBounds(), maximized: window.isMaximized() };
    link.leave();
  });
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed()) window.setBackgroundColor(backgroundColor(nativeTheme.shouldUseDarkColors));
  });
  contents.on('did-fail-load', (_event, code, reason, url) => {
    log(`the page did not load: ${reason} (${code}) ${url}`);
    show();
  });
  contents.on('context-menu', (_event, place) => {
    const items = contextMenu(place);
    if (items.length > 0) Menu.buildFromTemplate(items).popup({ window });
  });
  let reloads = 0;
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log(`the page is gone: ${reason}, code ${exitCode}`);
    link.leave();
    if (reason !== 'clean-exit' && ++reloads <= MOST_RELOADS) contents.reload();
  });
  // A failure is told by `did-fail-load`.
  window.loadURL(APP_PAGE).catch(() => undefined);
  return { window, link };
}

/** Work areas of all screens, the main one first. */
function workAreas() {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id);
  return [main, ...others].map(({ workArea }) => workArea);
}

async function saveFile(
  window: BrowserWindow,
  { name, mediaType, text, encoding }: SavedFile,
  log: (line: string) => void,
): Promise<void> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, saveDialogOptions(name, mediaType));
  if (canceled || !filePath) return;
  try {
    await writeFile(filePath, text, encoding ?? 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log(`not saved: ${why}`);
    dialog.showErrorBox('The file was not saved', why);
  }
}
