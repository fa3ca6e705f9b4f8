/** What the renderer may do: see `desktop/SECURITY.md`. Kept free of Electron, which gets these as plain values. */
import { APP_ORIGIN, APP_SCHEME } from './app-pages.ts';

/** Every one that matters is written out, defaults too, so that a changed default changes nothing here. */
export const WEB_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const;

/** Hosts whose pages a link may open in the system's browser: the manuals of the databases. */
const LINK_HOSTS = new Set(['www.postgresql.org', 'dev.mysql.com', 'mariadb.com', 'www.sqlite.org']);

/** Whether a link may be handed to the system's browser: https, a known host, no credentials, no other port. */
export function mayOpenOutside(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'https:') return false;
  return LINK_HOSTS.has(parsed.hostname) && parsed.port === '' && !parsed.username && !parsed.password;
}

/** Whether an address is the app's own page. A frame that is there may send messages; going there is a reload. */
export function isAppPage(url: string): boolean {
  const path = URL.parse(url)?.href.split(/[?#]/)[0];
  return path === `${APP_ORIGIN}/` || path === `${APP_ORIGIN}/index.html`;
}

/** What is known of the frame that sent a message. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** Whether a message comes from the app's own page in the top frame, and not from another page or a frame in it. */
export function isTrustedSender(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isAppPage(frame.url);
}

/** The part of an Electron session that grants. */
export interface GrantingSession {
  setPermissionRequestHandler(
    handler: (
      contents: unknown,
      permission: string,
      callback: (granted: boolean) => void,
      details: { requestingUrl: string },
    ) => void,
  ): void;
  setPermissionCheckHandler(
    handler: (contents: unknown, permission: string, requestingOrigin: string) => boolean,
  ): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  setDisplayMediaRequestHandler(handler: (request: unknown, callback: (streams: null) => void) => void): void;
}

/** The one that the pages use: the reader clicks, and a text goes to the clipboard. It reads nothing from there. */
const GRANTED = 'clipboard-sanitized-write';

/** Denies every other permission, to every page: no camera, no place, no notifications, no devices. */
export function denyPermissions(session: GrantingSession, log: (line: string) => void): void {
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl }) => {
    const granted = permission === GRANTED && isAppPage(requestingUrl);
    if (!granted) log(`denied to the page: ${permission}`);
    callback(granted);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => permission === GRANTED && isAppPage(`${origin.replace(/\/$/, '')}/`),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
}

/** The part of Electron's web contents that leads elsewhere. */
export interface GuardedContents {
  setWindowOpenHandler(handler: (details: { url: string }) => { action: 'deny' }): void;
  on(
    event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect',
    listener: (details: { url: string; preventDefault(): void }) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (details: { preventDefault(): void }) => void): unknown;
}

/** No second window, no way to another page, no `<webview>`; a link that may be opened goes to the system's browser. */
export function guardContents(
  contents: GuardedContents,
  openOutside: (url: string) => void,
  log: (line: string) => void,
): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) openOutside(url);
    else log(`window refused: ${url.slice(0, 200)}`);
    return { action: 'deny' };
  });
  for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect'] as const) {
    contents.on(event, (details) => {
      if (event !== 'will-redirect' && isAppPage(details.url)) return;
      details.preventDefault();
      log(`${event} refused: ${details.url.slice(0, 200)}`);
    });
  }
  contents.on('will-attach-webview', (details) => details.preventDefault());
}

/** The part of an Electron session that sees every request. */
export interface RequestingSession {
  webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, callback: (answer: { cancel: boolean }) => void) => void,
    ): void;
  };
}

/** What the renderer may load: the app's own files, what is inside a page already, and the developer tools. */
const LOCAL_PROTOCOLS = new Set([`${APP_SCHEME}:`, 'data:', 'blob:', 'devtools:']);

/** Keeps every request of the renderer on this machine, whatever a page or Chromium itself would like to fetch. */
export function blockNetwork({ webRequest }: RequestingSession, log: (line: string) => void): void {
  webRequest.onBeforeRequest(({ url }, callback) => {
    const cancel = !LOCAL_PROTOCOLS.has(URL.parse(url)?.protocol ?? '');
    if (cancel) log(`request refused: ${url.slice(0, 200)}`);
    callback({ cancel });
  });
}
