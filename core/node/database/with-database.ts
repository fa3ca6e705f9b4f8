/** Opens a connector for one command. */
import { TelemetryError } from '../../contract/errors.ts';
import { type Badge, type EnvironmentPatterns, environmentOf } from '../../database/environment.ts';
import type { Forward } from '../../trace/instrument.ts';
import { instrument } from '../../trace/instrument.ts';
import { nodePlatform } from '../platform.ts';
import { type Address, readAddress } from './address.ts';
import { DatabaseConnector } from './connector.ts';

export interface OpenedDatabase {
  address: Address;
  badge: Badge;
  connector: DatabaseConnector;
}

/** Throws `invalid-request` where no address was given, or what was given is none. */
export async function withDatabase<T>(
  url: string | undefined,
  options: { patterns?: EnvironmentPatterns | undefined; forward?: Forward },
  work: (database: OpenedDatabase) => Promise<T>,
): Promise<T> {
  const address = readAddress(addressGiven(url));
  const connector = new DatabaseConnector(
    instrument('database-connector', options.forward ?? (() => undefined), nodePlatform),
    address.url,
  );
  try {
    return await work({ address, badge: environmentOf(address, options.patterns), connector });
  } finally {
    await connector.close();
  }
}

/** Throws `invalid-request` where none was given. */
export function addressGiven(url: string | undefined): string {
  if (url) return url;
  throw new TelemetryError(
    'invalid-request',
    'Which database? Give --url, or set AIBOS_DATABASE_URL, which keeps a password out of the list of processes.',
  );
}
