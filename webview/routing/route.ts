/** The route: which page and what it shows, as the text behind the `#` of an address. */

export interface Route {
  /** `events`, or `models` and an id. */
  path: readonly string[];
  query: Readonly<Record<string, string>>;
}

/** Reads `#/events?status=error`. Total: anything that is no route is the empty one. */
export function parseRoute(text: string): Route {
  const match = /^#?\/?([^?#]*)(?:\?([^#]*))?$/.exec(text);
  const [, path = '', query = ''] = match ?? [];
  return {
    path: path.split('/').filter(Boolean).map(decode),
    query: Object.fromEntries([...new URLSearchParams(query)].filter(([, value]) => value !== '')),
  };
}

/** Writes a route as `#/events?status=error`; what is empty or undefined is left out. Signs that need no escape keep it readable. */
export function formatRoute(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = new URLSearchParams(given).toString().replace(/%(?:2C|3A|7E)/g, decodeURIComponent);
  return `#/${path.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
