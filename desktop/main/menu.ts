/** The native menu, as a template: Electron's own roles where there is one. */
import type { MenuItemConstructorOptions } from 'electron';
import type { PageTheme } from '../../core/contract/bridge.ts';
import { THEMES } from './preferences.ts';

export interface MenuOptions {
  platform: NodeJS.Platform;
  theme: PageTheme;
  /** A checkout, not an installed app: the developer tools are in the menu. */
  development: boolean;
  notifications: boolean;
  automaticUpdates: boolean;
  /** Whether a place for updates is set. */
  hasUpdateFeed: boolean;
  setTheme(theme: PageTheme): void;
  /** Leads the window to a page, for example `#/events`. */
  goTo(route: string): void;
  /** Where the reader was before, and back again. */
  goBack(): void;
  goForward(): void;
  importRepository(): void;
  cancelImport(): void;
  openReport(): void;
  setNotifications(on: boolean): void;
  checkForUpdates(): void;
  setAutomaticUpdates(on: boolean): void;
  openLogFolder(): void;
  openDataFolder(): void;
}

const THEME_LABELS: Record<PageTheme, string> = { system: 'Follow the System', light: 'Light', dark: 'Dark' };

/** The pages in the order of their navigation; the first nine have a digit for their key. */
const PAGES: readonly [label: string, route: string][] = [
  ['Overview', '#/overview'],
  ['Events', '#/events'],
  ['Migrations', '#/migrations'],
  ['Anomalies', '#/anomalies'],
  ['Models', '#/models'],
  ['Feedback', '#/feedback'],
  ['Reports', '#/report'],
  ['Schema', '#/schema'],
  ['Governance', '#/governance'],
];

/** The menu bar: App (macOS), File, Edit, View, Go, Window, Help. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = options.platform === 'darwin';
  /** macOS knows no underlined letters. */
  const label = (text: string) => (mac ? text.replace('&', '') : text);
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    { label: label('&File'), submenu: fileMenu(options, mac) },
    { role: 'editMenu' },
    { label: label('&View'), submenu: viewMenu(options) },
    { label: label('&Go'), submenu: goMenu(options, mac) },
    { role: 'windowMenu' },
    { label: label('&Help'), role: 'help', submenu: helpMenu(options, mac) },
  ];
}

function fileMenu(options: MenuOptions, mac: boolean): MenuItemConstructorOptions[] {
  return [
    { label: 'Import Repository…', accelerator: 'CmdOrCtrl+I', click: options.importRepository },
    { label: 'Cancel Import', click: options.cancelImport },
    { label: 'Open Report…', accelerator: 'CmdOrCtrl+O', click: options.openReport },
    { type: 'separator' },
    {
      label: 'Announce New Alerts',
      type: 'checkbox',
      checked: options.notifications,
      click: ({ checked }) => options.setNotifications(checked),
    },
    { label: 'Settings…', accelerator: 'CmdOrCtrl+,', click: () => options.goTo('#/settings') },
    { type: 'separator' },
    mac ? { role: 'close' } : { role: 'quit' },
  ];
}

function goMenu({ goTo, goBack, goForward }: MenuOptions, mac: boolean): MenuItemConstructorOptions[] {
  return [
    { label: 'Back', accelerator: mac ? 'Cmd+[' : 'Alt+Left', click: goBack },
    { label: 'Forward', accelerator: mac ? 'Cmd+]' : 'Alt+Right', click: goForward },
    { type: 'separator' },
    ...PAGES.map(([label, route], i) => ({
      label,
      accelerator: `CmdOrCtrl+${i + 1}`,
      click: () => goTo(route),
    })),
  ];
}

function viewMenu({ theme, development, setTheme }: MenuOptions): MenuItemConstructorOptions[] {
  const themes = THEMES.map((known) => ({
    label: THEME_LABELS[known],
    type: 'radio' as const,
    checked: known === theme,
    click: () => setTheme(known),
  }));
  return [
    { label: 'Theme', submenu: themes },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'reload' },
    { role: 'togglefullscreen' },
    ...(development ? [{ role: 'toggleDevTools' } as const] : []),
  ];
}

function helpMenu(options: MenuOptions, mac: boolean): MenuItemConstructorOptions[] {
  return [
    { label: 'Open Log Folder', click: options.openLogFolder },
    { label: 'Open Data Folder', click: options.openDataFolder },
    { type: 'separator' },
    { label: 'Check for Updates Now', enabled: options.hasUpdateFeed, click: options.checkForUpdates },
    {
      label: 'Check for Updates Every Day',
      type: 'checkbox',
      enabled: options.hasUpdateFeed,
      checked: options.automaticUpdates,
      click: ({ checked }) => options.setAutomaticUpdates(checked),
    },
    ...(mac ? [] : [{ type: 'separator' } as const, { role: 'about' } as const]),
  ];
}
