/** The route as a signal. Links and pages go through here, because not every host follows a `#` link by itself. */
import { computed, signal } from '@preact/signals';
import type { Address } from './address.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';

/** Kept from page to page. */
const SHARED = ['workspace', 'range'] as const;

const current = signal<Route>({ path: [], query: {} });
let address: Address | undefined;

export const route = computed(() => current.value);
/** The first part of the path; `overview` where there is none. */
export const page = computed(() => current.value.path[0] ?? 'overview');

/** Begins to follow the address. */
export function startRouter(where: Address): void {
  address = where;
  const read = () => {
    current.value = parseRoute(where.read());
  };
  read();
  where.onChange(read);
}

/** The address of a page, with the workspace and time range that are chosen now. */
export function href(
  path: readonly string[],
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const kept = Object.fromEntries(SHARED.map((name) => [name, current.value.query[name]]));
  return formatRoute(path, { ...kept, ...query });
}

/** Goes to an address that {@link href} made. */
export function go(target: string, replace = false): void {
  current.value = parseRoute(target);
  address?.write(target, replace);
}

/** Changes some of the query of this page. Keystrokes and sorting replace; steps that one wants back do not. */
export function change(query: Readonly<Record<string, string | undefined>>, replace = false): void {
  const { path } = current.value;
  go(formatRoute(path.length > 0 ? path : [page.value], { ...current.value.query, ...query }), replace);
}
