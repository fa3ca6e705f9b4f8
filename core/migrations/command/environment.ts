/** Which environment a command runs in, from what it says of its database. */
import {
  type Badge,
  type DatabaseAddress,
  type EnvironmentPatterns,
  environmentOf,
} from '../../database/environment.ts';
import type { Connection } from './migration-command.ts';

const UNKNOWN: Badge = { environment: 'unknown', reason: 'the command names no database' };

/** What a command says of its database, without any password: fit to be handed on. */
export interface Whereabouts {
  address?: DatabaseAddress;
  /** Words that name an environment. */
  words: string[];
}

export function whereabouts(connection: Connection): Whereabouts {
  const address = addressOf(connection);
  return { words: connection.words, ...(address ? { address } : {}) };
}

/**
 * Words like `-e production` first, because they are meant so; then the address. A command that names neither says
 * nothing: what its shell exports is not known.
 */
export function commandEnvironment(
  { words, address }: Whereabouts,
  patterns: EnvironmentPatterns = {},
): Badge {
  for (const word of words) {
    const named = environmentOf({ host: 'named', database: word.replaceAll('.', ' '), user: '' });
    if (named.environment !== 'unknown') return { ...named, reason: `the command says ${word}` };
  }
  return address ? environmentOf(address, patterns) : UNKNOWN;
}

/** Several hosts, as PostgreSQL allows, count by the first. */
const CONNECTION =
  /^(?:jdbc:)?[a-z][\w+]*:\/\/(?:(?<name>[^:@/]*)(?::[^@]*)?@)?(?<at>\[[^\]]+\]|[^:/?,]+)[^/?]*(?:\/(?<path>[^?;]*))?/i;

function addressOf({ url, host, database, user = '' }: Connection): DatabaseAddress | undefined {
  if (url !== undefined) {
    const { name = '', at, path = '' } = CONNECTION.exec(url)?.groups ?? {};
    if (at) return { host: at, database: decode(path), user: decode(name) };
    if (/^(?:jdbc:)?(?:sqlite3?|file):/i.test(url)) return { host: '', database: url, user: '' };
    return undefined;
  }
  if (host === undefined && database === undefined) return undefined;
  // Without a host it is wherever the shell's own variables say; a name may still tell.
  return { host: host ?? 'unsaid', database: database ?? '', user };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
