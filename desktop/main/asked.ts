/**
 * What somebody asks of the app from outside: a link `aibos://…`, a report file, or a folder to import. It comes by the
 * command line, from a second instance, from the system (macOS), or by drag and drop.
 */
import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';

export type Asked =
  | { kind: 'go'; route: string }
  | { kind: 'report'; path: string }
  | { kind: 'import'; path: string };

/** Of the links that other programs open; the pages themselves have a scheme of their own. */
export const LINK_SCHEME = 'aibos';
/** Of a report that was saved to be shown in the app: one self-contained page. */
export const REPORT_EXTENSION = '.aibos-report';

const LONGEST_LINK = 2_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What each kind of link leads to; undefined for an id that none has. */
const LINKS: Record<string, (id: string) => string | undefined> = {
  event: (id) => (UUID.test(id) ? `#/events?event=${id.toLowerCase()}` : undefined),
  migration: (id) => `#/migrations/${encodeURIComponent(id)}`,
  series: (id) => `#/anomalies/${encodeURIComponent(id)}`,
  model: (id) => (/^[a-z-]{1,40}$/.test(id) ? `#/models/${id}` : undefined),
  page: (id) => (/^[a-z]{1,20}$/.test(id) ? `#/${id}` : undefined),
};

/**
 * The route of `aibos://event/…`, `migration/…`, `series/…`, `model/…` or `page/…`; undefined for anything else. A link
 * can only lead somewhere: none starts, changes or sends anything.
 */
export function routeOfLink(link: string): string | undefined {
  const url = link.length <= LONGEST_LINK ? URL.parse(link) : null;
  if (url?.protocol !== `${LINK_SCHEME}:` || url.username || url.port) return undefined;
  try {
    const id = decodeURIComponent(url.pathname.slice(1));
    const route = Object.hasOwn(LINKS, url.hostname) ? LINKS[url.hostname] : undefined;
    return id === '' || hasControls(id) ? undefined : route?.(id);
  } catch {
    return undefined;
  }
}

/** The first thing that the arguments of a command line ask for; switches and what is not there are passed over. */
export function askedBy(args: readonly string[], folder: string): Asked | undefined {
  for (const arg of args) {
    if (arg.startsWith('-')) continue;
    const asked = arg.startsWith(`${LINK_SCHEME}:`) ? askedByLink(arg) : askedByPath(resolve(folder, arg));
    if (asked) return asked;
  }
  return undefined;
}

export function askedByLink(link: string): Asked | undefined {
  const route = routeOfLink(link);
  return route === undefined ? undefined : { kind: 'go', route };
}

/** A report is shown, a folder is imported; undefined for any other file. */
export function askedByPath(path: string): Asked | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return { kind: 'import', path };
  return found?.isFile() && extname(path) === REPORT_EXTENSION ? { kind: 'report', path } : undefined;
}

function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\u0000-\u001f\u007f]/.test(text);
}
