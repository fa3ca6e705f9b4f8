/**
 * As much of Electron as the desktop app uses, in Node: the app's own bundles run on it, with the window as a page of a
 * real Chromium (`app-in-chromium.ts`) and the utility process as a child process. What Electron itself decides, such
 * as the sandbox of the renderer, is not here and is tested with Electron only.
 */
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import { forkHost } from './child-host.ts';

type Handler = (...given: never[]) => unknown;

export class FakeContents extends EventEmitter {
  openWindow: ((details: { url: string }) => { action: string }) | undefined;
  /** Takes what the main process sends to the page. */
  deliver: (channel: string, message: unknown) => void = () => undefined;
  destroyed = false;

  setWindowOpenHandler(handler: typeof this.openWindow): void {
    this.openWindow = handler;
  }

  send(channel: string, message: unknown): void {
    this.deliver(channel, structuredClone(message));
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  /** Prints nothing but its address. */
  printToPDF = async () => Buffer.from(`%PDF of ${this.loaded}`);
  loaded = '';
}

export class BrowserWindow extends EventEmitter {
  readonly options: Record<string, unknown>;
  readonly webContents = new FakeContents();
  readonly calls: string[] = [];
  url: string | undefined;

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    (isHidden(options) ? fake.hidden : fake.windows).push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    this.url = url;
    this.webContents.loaded = url;
    const response = await fake.protocols.get('aibos-app')?.({ url, method: 'GET' });
    if (url.startsWith('aibos-app://document/')) this.shown = await response?.text();
  }

  /** The document that it shows. */
  shown: string | undefined;
  setTitle = (title: string) => void this.calls.push(`title ${title}`);
  setProgressBar = (share: number) => void this.calls.push(`progress ${share.toFixed(2)}`);
  destroy = () => void this.calls.push('destroy');

  getNormalBounds = () => ({ x: 11, y: 12, width: 1000, height: 700 });
  isMaximized = () => true;
  isMinimized = () => true;
  isDestroyed = () => this.webContents.destroyed;
  show = () => void this.calls.push('show');
  focus = () => void this.calls.push('focus');
  restore = () => void this.calls.push('restore');
  maximize = () => void this.calls.push('maximize');
  setBackgroundColor = (color: string) => void this.calls.push(`background ${color}`);

  /** The reader closes it. */
  close(): void {
    this.emit('close');
    this.webContents.destroyed = true;
    app.emit('window-all-closed');
  }
}

/** The app's own window is hidden at first too, but has a preload. */
function isHidden({ show, webPreferences }: Record<string, unknown>): boolean {
  return show === false && !('preload' in (webPreferences as object));
}

class FakeApp extends EventEmitter {
  isPackaged = false;
  readonly paths: Record<string, string> = {};
  readonly calls: string[] = [];
  readonly ready = Promise.withResolvers<void>();
  /** Resolves when nothing holds the app any more. */
  readonly ended = Promise.withResolvers<void>();

  setName = (name: string) => void this.calls.push(`name ${name}`);
  setAboutPanelOptions = () => undefined;
  setPath = (name: string, path: string) => {
    this.paths[name] = path;
  };
  setAppLogsPath = (path: string) => this.setPath('logs', path);
  enableSandbox = () => void this.calls.push('sandbox');
  requestSingleInstanceLock = () => true;
  setAsDefaultProtocolClient = (scheme: string) => void this.calls.push(`links ${scheme}`);
  setBadgeCount = (count: number) => void this.calls.push(`badge ${count}`);
  relaunch = () => void this.calls.push('relaunch');
  whenReady = () => this.ready.promise;

  quit(): void {
    let held = false;
    this.emit('will-quit', { preventDefault: () => (held = true) });
    if (!held) this.ended.resolve();
  }
}

export const app = new FakeApp();
export const ipcMain = new EventEmitter();
export const nativeTheme = Object.assign(new EventEmitter(), { themeSource: '', shouldUseDarkColors: false });

/** What the app did that a test looks at. */
export const fake = {
  windows: [] as BrowserWindow[],
  /** Those that only print. */
  hidden: [] as BrowserWindow[],
  schemes: [] as unknown[],
  protocols: new Map<string, (request: { url: string; method: string }) => Promise<Response>>(),
  handlers: {} as Record<string, Handler>,
  menu: [] as MenuItem[],
  /** Menus that a right click opened. */
  popups: [] as MenuItem[][],
  opened: [] as string[],
  /** Where the reader lets a file be saved. */
  saveTo: '',
  errors: [] as string[],
  /** What the reader answers when asked: the number of a button, the paths chosen. */
  answer: 0,
  chosen: [] as string[],
  questions: [] as string[],
  trays: [] as Tray[],
  notifications: [] as Notification[],
  hosts: [] as number[],
};

export interface MenuItem {
  label?: string;
  role?: string;
  submenu?: MenuItem[];
  click?(): void;
}

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => void fake.schemes.push(...schemes),
  handle: (scheme: string, handler: (request: { url: string; method: string }) => Promise<Response>) =>
    void fake.protocols.set(scheme, handler),
};

const remember = (name: string) => (handler: Handler) => {
  fake.handlers[name] = handler;
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: remember('permission request'),
    setPermissionCheckHandler: remember('permission check'),
    setDevicePermissionHandler: remember('device'),
    setDisplayMediaRequestHandler: remember('screen'),
    webRequest: { onBeforeRequest: remember('request') },
  },
};

export const Menu = {
  buildFromTemplate: (template: MenuItem[]) =>
    Object.assign(template, { popup: () => void fake.popups.push(template) }),
  setApplicationMenu: (menu: MenuItem[]) => {
    fake.menu = menu;
  },
};

export const dialog = {
  showErrorBox: (title: string, text: string) => void fake.errors.push(`${title}: ${text}`),
  showMessageBox: async (_window: unknown, { message, detail }: { message: string; detail: string }) => {
    fake.questions.push(`${message} ${detail.split('\n')[0]}`);
    return { response: fake.answer };
  },
  showOpenDialog: async () => ({ canceled: fake.chosen.length === 0, filePaths: fake.chosen }),
  showSaveDialog: async () => ({ canceled: fake.saveTo === '', filePath: fake.saveTo }),
};

export class Tray extends EventEmitter {
  tip = '';
  menu: MenuItem[] = [];

  constructor() {
    super();
    fake.trays.push(this);
  }

  setToolTip = (tip: string) => {
    this.tip = tip;
  };
  setTitle = () => undefined;
  setContextMenu = (menu: MenuItem[]) => {
    this.menu = menu;
  };
  destroy = () => undefined;
}

export class Notification extends EventEmitter {
  static isSupported = () => true;
  readonly options: { title: string; body: string };

  constructor(options: { title: string; body: string }) {
    super();
    this.options = options;
  }

  show = () => void fake.notifications.push(this);
}

export const nativeImage = { createFromPath: () => ({ resize: () => ({}) }) };

export const shell = {
  openPath: async (path: string) => void fake.opened.push(path),
  openExternal: async (url: string) => void fake.opened.push(url),
};

const display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } };
export const screen = { getPrimaryDisplay: () => display, getAllDisplays: () => [display] };

/** Electron's surface of a child process. */
class FakeUtilityProcess extends EventEmitter {
  readonly #child: ReturnType<typeof forkHost>;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;

  constructor(script: string, env: NodeJS.ProcessEnv) {
    super();
    this.#child = forkHost(script, env);
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#child.on('message', (message) => this.emit('message', message));
    this.#child.on('exit', (code) => this.emit('exit', code ?? 1));
    if (this.pid !== undefined) fake.hosts.push(this.pid);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(message as object);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}

export const utilityProcess = {
  fork: (script: string, _args: string[], options: { env: NodeJS.ProcessEnv }) =>
    new FakeUtilityProcess(script, options.env),
};
