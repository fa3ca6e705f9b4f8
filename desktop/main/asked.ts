/**
 * What somebody asks of the app from outside: a link `aibos://…`, a report file, or a folder to import. It comes by the
 * command line, from a second instance, from the system (macOS), or by drag and drop.
 */
import { statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { LINK_SCHEME, routeTo } from '../../core/contract/links.ts';

export type Asked =
  | { kind: 'go'; route: string }
  | { kind: 'report'; path: string }
  | { kind: 'import'; path: string };

/** Of a report that was saved to be shown in the app: one self-contained page. */
export const REPORT_EXTENSION = '.aibos-report';

const LONGEST_LINK = 2_000;

/**
 * The route of `aibos://event/…`, `migration/…`, `series/…`, `model/…`, `report/…` or `page/…`; undefined for anything else. A link
 * can only lead somewhere: none starts, changes or sends anything.
 */
export function routeOfLink(link: string): string | undefined {
  const url = link.length <= LONGEST_LINK ? URL.parse(link) : null;
  if (url?.protocol !== `${LINK_SCHEME}:` || url.username || url.port) return undefined;
  try {
    return routeTo(url.hostname, decodeURIComponent(url.pathname.slice(1)));
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
