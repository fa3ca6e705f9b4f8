/** Who may talk to the server: host and origin checks against DNS rebinding and foreign pages, token and session. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AccessKeys } from '../../access/access-keys.ts';
import { TelemetryError } from '../../contract/errors.ts';
import type { Role } from '../../contract/methods.ts';

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);
const COOKIE = 'aibos_session';
/** Sign-ins with a wrong code before the server stops listening to them. */
const MOST_WRONG_CODES = 20;

/** Throws `misdirected-request` for a Host, `forbidden` for an Origin, that is not this machine's. */
export function checkOrigin(request: FastifyRequest): void {
  const host = request.headers.host ?? '';
  if (!LOCAL_NAMES.has(host.replace(/:\d+$/, ''))) {
    throw new TelemetryError(
      'misdirected-request',
      `This server answers for localhost only, not for ${host || 'no host'}.`,
    );
  }
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new TelemetryError('forbidden', `Pages of ${origin} may not use this server.`);
  }
}

/** What somebody may do, and by which API key; none where it is the owner of the data folder. */
export interface Granted {
  role: Role;
  key?: string;
  secret?: string;
}

/**
 * The keys of one server: the API token, the API keys, and browser sessions. A browser gets its session by a code that stands behind
 * the `#` of the address that the terminal prints, so it reaches no log and no other server, and is not the token.
 */
export class Keys {
  readonly #token: Buffer;
  readonly #accessKeys: Pick<AccessKeys, 'check'> | undefined;
  readonly #code = randomBytes(16).toString('base64url');
  /** What each session may do: an API key signs in with its own role. */
  readonly #sessions = new Map<string, Granted>();
  #wrongCodes = 0;

  constructor(token: string, accessKeys?: Pick<AccessKeys, 'check'>) {
    this.#token = Buffer.from(token);
    this.#accessKeys = accessKeys;
  }

  /** For the address that a person opens; good while the server runs. */
  get code(): string {
    return this.#code;
  }

  /** What a request's token, key or session allows. Throws `unauthenticated` without a good one. */
  grantedTo(request: FastifyRequest): Granted {
    const [scheme, given = ''] = (request.headers.authorization ?? '').split(' ');
    const granted =
      (scheme?.toLowerCase() === 'bearer' ? this.#granted(given) : undefined) ??
      this.#ofSession(cookieOf(request));
    if (granted) return granted;
    throw new TelemetryError(
      'unauthenticated',
      'Send the token or a key as “Authorization: Bearer …”; npx aibos doctor says where the token is.',
    );
  }

  /** The cookie of a new session. Throws `unauthenticated` for a wrong code, `too-many-requests` after many. */
  signIn(codeOrToken: string): string {
    if (this.#wrongCodes >= MOST_WRONG_CODES) {
      throw new TelemetryError('too-many-requests', 'Too many wrong codes; start the server again.');
    }
    const isCode = same(Buffer.from(codeOrToken), Buffer.from(this.#code));
    const granted = isCode ? ADMIN : this.#granted(codeOrToken);
    if (!granted) {
      this.#wrongCodes++;
      throw new TelemetryError(
        'unauthenticated',
        'That code is not from this server. Open the address it printed last.',
      );
    }
    const session = randomBytes(24).toString('base64url');
    this.#sessions.set(session, { ...granted, ...(granted.key ? { secret: codeOrToken } : {}) });
    return `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  #granted(given: string): Granted | undefined {
    if (same(Buffer.from(given), this.#token)) return ADMIN;
    const access = this.#accessKeys?.check(given);
    return access && { role: access.role, key: access.id };
  }

  /** A session of a key ends with the key. */
  #ofSession(cookie: string | undefined): Granted | undefined {
    const session = cookie === undefined ? undefined : this.#sessions.get(cookie);
    return session?.secret === undefined ? session : this.#granted(session.secret);
  }
}

const ADMIN: Granted = { role: 'admin' };

/** Compares in constant time for equal lengths. */
function same(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function cookieOf(request: FastifyRequest): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1];
}
