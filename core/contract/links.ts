/** Links to something of a data folder, for the desktop app (`aibos://kind/id`) and the editor. They only lead somewhere. */

/** Of the links that other programs open; the pages themselves have a scheme of their own. */
export const LINK_SCHEME = 'aibos';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What each kind of link leads to; undefined for an id that none has. */
const ROUTES = {
  event: (id) => (UUID.test(id) ? `#/events?event=${id.toLowerCase()}` : undefined),
  migration: (id) => `#/migrations/${encodeURIComponent(id)}`,
  series: (id) => `#/anomalies/${encodeURIComponent(id)}`,
  model: (id) => (/^[a-z-]{1,40}$/.test(id) ? `#/models/${id}` : undefined),
  report: reportRoute,
  page: (id) => (/^[a-z]{1,20}$/.test(id) ? `#/${id}` : undefined),
} satisfies Record<string, (id: string) => string | undefined>;

export type LinkKind = keyof typeof ROUTES;

/** The page's route of a link; undefined for a kind that there is not, or an id that such a thing cannot have. */
export function routeTo(kind: string, id: string): string | undefined {
  return Object.hasOwn(ROUTES, kind) && id !== '' && !hasControls(id)
    ? ROUTES[kind as LinkKind](id)
    : undefined;
}

/** The link by which the desktop app shows something. */
export function desktopLink(kind: LinkKind, id: string): string {
  return `${LINK_SCHEME}://${kind}/${encodeURIComponent(id)}`;
}

/** `2026-11-01..2026-11-07` is the report of these days, in UTC; of one workspace with `@WORKSPACE` behind it. */
function reportRoute(id: string): string | undefined {
  const [days = '', ...workspace] = id.split('@');
  const [from = '', to = '', ...more] = days.split('..');
  if (!DAY.test(from) || !DAY.test(to) || more.length > 0) return undefined;
  const where = workspace.length > 0 ? `&workspace=${encodeURIComponent(workspace.join('@'))}` : '';
  return `#/report?from=${from}&to=${to}${where}`;
}

function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\u0000-\u001f\u007f]/.test(text);
}
