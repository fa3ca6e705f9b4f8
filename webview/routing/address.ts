/** Where the route is kept, so that it survives a reload: behind the `#` of the address, or with the host. */

export interface Address {
  read(): string;
  /** `replace` leaves no step in the history. */
  write(route: string, replace: boolean): void;
  /** Calls back when the reader, or the host, goes somewhere else. */
  onChange(listener: () => void): void;
}

/** The address of the window. */
export function hashAddress(): Address {
  return {
    read: () => location.hash,
    write(route, replace) {
      if (route === location.hash) return;
      if (replace) history.replaceState(null, '', route);
      else history.pushState(null, '', route);
    },
    onChange(listener) {
      addEventListener('popstate', listener);
      addEventListener('hashchange', listener);
    },
  };
}
