/**
 * Documents that are shown or printed and that the app did not make: a saved report, the page of a PDF. Each gets an
 * address under `aibos-app://document/` that nobody can guess, and a policy under which nothing runs and nothing is
 * fetched. Its window has neither preload nor scripts.
 */
import { randomUUID } from 'node:crypto';
import { APP_SCHEME } from './app-pages.ts';

const HOST = 'document';
const ORIGIN = `${APP_SCHEME}://${HOST}`;
const MOST_BYTES = 64 * 1024 * 1024;

/** Styles and pictures that stand in the document itself, nothing else. */
export const DOCUMENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/** What a window for such a document may do, beside `WEB_PREFERENCES`. */
export const DOCUMENT_PREFERENCES = {
  javascript: false,
  images: true,
  webgl: false,
  devTools: false,
} as const;

export class ShownDocuments {
  readonly #texts = new Map<string, string>();

  /** The address of a document. Throws a RangeError for one that is too large. */
  add(html: string): string {
    if (html.length > MOST_BYTES) throw new RangeError('The document is larger than 64 MB.');
    const path = `/${randomUUID()}`;
    this.#texts.set(path, html);
    return ORIGIN + path;
  }

  remove(address: string): void {
    this.#texts.delete(address.slice(ORIGIN.length));
  }

  /** The answer to a request; undefined where it is for another host of the scheme. */
  answer({ url, method }: { url: string; method: string }): Response | undefined {
    const parsed = URL.parse(url);
    if (parsed?.protocol !== `${APP_SCHEME}:` || parsed.host !== HOST) return undefined;
    const text = method === 'GET' ? this.#texts.get(parsed.pathname) : undefined;
    return new Response(text ?? 'Not found', {
      status: text === undefined ? 404 : 200,
      headers: {
        'content-type': `${text === undefined ? 'text/plain' : 'text/html'}; charset=utf-8`,
        'content-security-policy': DOCUMENT_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      },
    });
  }
}
