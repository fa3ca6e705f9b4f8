/**
 * The pages of the app under `aibos-app://app/`, instead of `file://`: only what stood in the folder of the built pages
 * when the app started is there, by exact name. A path is looked up, never joined, so none leads out of the folder.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export const APP_SCHEME = 'aibos-app';
export const APP_ORIGIN = `${APP_SCHEME}://app`;
export const APP_PAGE = `${APP_ORIGIN}/`;

/** `standard` gives the pages an origin of their own, `secure` makes it a secure context; nothing else is needed. */
export const APP_SCHEME_PRIVILEGES = { scheme: APP_SCHEME, privileges: { standard: true, secure: true } };

/** Scripts and styles of the app only; the engine is reached through the preload, so nothing is fetched. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-cache',
};

/** Files of another kind are not served. */
const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Answers a request of the app's scheme. */
export type PageHandler = (request: { url: string; method: string }) => Promise<Response>;

/** Throws where the folder cannot be read: the app is not built. */
export function pageHandler(folder: string): PageHandler {
  const files = new Map(listFiles(folder).map((name) => [`/${name}`, join(folder, name)]));
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  return async ({ url, method }) => {
    if (method !== 'GET' && method !== 'HEAD') return refusal(405, 'Only GET and HEAD');
    const path = pathOf(url);
    const file = path === undefined ? undefined : files.get(path);
    const type = CONTENT_TYPES[extname(file ?? '')];
    if (file === undefined || type === undefined) return refusal(404, 'Not found');
    const body = await readFile(file);
    return new Response(method === 'HEAD' ? null : new Uint8Array(body), {
      headers: { ...HEADERS, 'content-type': type },
    });
  };
}

/** The decoded path of an address of the app; undefined for any other address, and for what cannot be decoded. */
function pathOf(url: string): string | undefined {
  try {
    const { protocol, host, username, pathname } = new URL(url);
    if (protocol !== `${APP_SCHEME}:` || host !== 'app' || username !== '') return undefined;
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

function refusal(status: number, text: string): Response {
  return new Response(text, { status, headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' } });
}

/** Names relative to the folder, with `/` between the parts; links are not followed. */
function listFiles(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = below + entry.name;
    if (entry.isDirectory()) return listFiles(folder, `${name}/`);
    return entry.isFile() ? [name] : [];
  });
}
