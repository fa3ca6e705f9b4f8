/** Reads the address of a database. A password never leaves the driver's own options. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { TelemetryError } from '../../contract/errors.ts';
import type { DatabaseAddress } from '../../database/environment.ts';
import { redactText } from '../../privacy/redact.ts';
import type { ConnectedDialect } from './driver.ts';

export interface Address extends DatabaseAddress {
  dialect: ConnectedDialect;
  /** As given. Holds the password. */
  url: string;
  /** Absolute path of an SQLite file. */
  path?: string;
}

const SCHEMES: Record<string, ConnectedDialect> = {
  postgres: 'postgres',
  postgresql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'sqlite',
  sqlite3: 'sqlite',
  file: 'sqlite',
};

const HELP = 'Use postgres://…, mysql://…, mariadb://…, sqlite:PATH, or the path of an SQLite file.';

/** Throws `invalid-request`, without the password, where it is none. */
export function readAddress(url: string): Address {
  const scheme = /^([a-z][a-z0-9+]*):/i.exec(url)?.[1]?.toLowerCase();
  const dialect = scheme === undefined ? undefined : SCHEMES[scheme];
  if (dialect === 'sqlite')
    return sqlite(url, url.slice(url.indexOf(':') + 1).replace(/^\/\/(?=[^/]|\/)/, ''));
  if (dialect === undefined) {
    if (/\.(?:db|db3|sqlite|sqlite3|s3db)$/i.test(url) || (scheme === undefined && existsSync(url)))
      return sqlite(url, url);
    throw new TelemetryError('invalid-request', `${redactText(url)} is no address of a database. ${HELP}`);
  }
  try {
    const { hostname, pathname, username, searchParams } = new URL(url);
    return {
      dialect,
      url,
      host: searchParams.get('host') ?? searchParams.get('socket') ?? decodeURIComponent(hostname),
      database: decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username),
      user: decodeURIComponent(username),
    };
  } catch (cause) {
    throw new TelemetryError(
      'invalid-request',
      `${redactText(url)} cannot be read as an address. ${HELP} Write special characters of a password as %40 and so on.`,
      { cause },
    );
  }
}

function sqlite(url: string, given: string): Address {
  const path = resolve(decodeURI(given.replace(/\?.*$/, '')));
  return { dialect: 'sqlite', url, path, host: '', database: basename(path), user: '' };
}

/** How it is shown: `postgres://user@host/database`. */
export function shownAddress({ dialect, user, host, database, path }: Address): string {
  return dialect === 'sqlite'
    ? `sqlite:${path}`
    : `${dialect}://${user ? `${user}@` : ''}${host}/${database}`;
}
